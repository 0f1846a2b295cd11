import string

import pytest

from searchkit.cli.messages import LANGUAGES, _catalogue, language


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
    for key, texts in _catalogue().items():
        assert set(LANGUAGES) <= set(texts) <= {*LANGUAGES, "en_one"}, key
        fields = {
            into: {field for _, field, _, _ in string.Formatter().parse(text) if field}
            for into, text in texts.items()
        }
        assert fields["id"] == fields["en"], key
        assert fields.get("en_one", set()) <= fields["en"], key
