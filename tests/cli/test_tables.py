"""Tables and help are as wide as a terminal, tables in a pipe as wide as they are."""

import re
from pathlib import Path

from tests.cli.terminals import run_on_terminal
from tests.cli.test_commands import run


def test_tables_are_not_folded_in_a_pipe(tmp_path: Path) -> None:
    word = "panjang" * 30
    _, output, _ = run("analyze", word, cwd=tmp_path)
    assert len(output.splitlines()) == 2
    assert word in output
    _, shown = run_on_terminal("analyze", word, cwd=tmp_path, columns=60)
    assert max(map(len, re.sub(r"\x1b\[\d*m", "", shown).splitlines())) <= 60


def test_commands_stand_beside_what_they_do_where_there_is_room(tmp_path: Path) -> None:
    _, shown = run_on_terminal("--help", cwd=tmp_path, columns=60)
    assert re.search(r"^  export-site  \w+", shown, re.MULTILINE)
    assert re.search(r"^  6 +the index is missing", shown, re.MULTILINE)
    assert max(map(len, shown.splitlines())) <= 60
    _, shown = run_on_terminal("--help", cwd=tmp_path, columns=30)
    assert re.search(r"^  export-site\r?\n +\w+", shown, re.MULTILINE)
