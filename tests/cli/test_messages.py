import re
import string
from pathlib import Path

import pytest

import searchkit
from searchkit.cli.messages import CATALOGUE, language
from searchkit.wording import LANGUAGES


@pytest.mark.parametrize(
    ("environment", "expected"),
    [
        ({}, "en"),
        ({"LANG": "id_ID.UTF-8"}, "id"),
        ({"LANG": "id_ID.UTF-8", "LC_ALL": "C.UTF-8"}, "en"),
        ({"LANG": "en_US.UTF-8", "SEARCHKIT_LANG": "id"}, "id"),
        ({"LC_MESSAGES": "id_ID", "LC_ALL": ""}, "id"),
    ],
)
def test_language_of_the_environment(environment: dict[str, str], expected: str) -> None:
    assert language(environment) == expected


def test_every_message_is_there_in_both_languages_with_the_same_values() -> None:
    for key, texts in CATALOGUE.texts.items():
        assert set(LANGUAGES) <= set(texts) <= {*LANGUAGES, "en_one"}, key
        fields = {
            into: {field for _, field, _, _ in string.Formatter().parse(text) if field}
            for into, text in texts.items()
        }
        assert fields["id"] == fields["en"], key
        assert fields.get("en_one", set()) <= fields["en"], key


PACKAGE = Path(searchkit.__file__).parent
SOURCES = [path.read_text("utf-8") for path in PACKAGE.rglob("*.py")]
CLI = [path.read_text("utf-8") for path in (PACKAGE / "cli").rglob("*.py")]


def test_every_message_said_exists() -> None:
    said = {key for text in CLI for key in re.findall(r"say\(\s*[\"'](\w+)[\"']", text)}
    assert said
    assert said <= set(CATALOGUE.texts)


def test_every_message_is_said() -> None:
    text = "".join(SOURCES)
    whole = set(re.findall(r"[\"'](\w+)[\"']", text))
    # Those put together: f"kind_{kind}" is any key that begins and ends so.
    made = re.findall(r"say\(f[\"'](\w*)\{[^}]*\}(\w*)[\"']", text)
    made += [(f"{kind}_", "") for kind in re.findall(r"say_name\(\"(\w+)\"", text)]
    commands = {name.replace("-", "_") for name in re.findall(r"command\(\s*\"([\w-]+)\"", text)}
    for key in set(CATALOGUE.texts) - whole:
        fits = [
            key[len(first) : len(key) - len(last)]
            for first, last in made
            if key.startswith(first) and key.endswith(last) and len(key) > len(first + last)
        ]
        # The texts of a command have its name, not any name, before them; the rest is a word.
        assert any(fit in whole | commands for fit in fits), f"{key} is never said"
