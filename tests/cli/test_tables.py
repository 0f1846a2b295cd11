"""Tables are as wide as a terminal, and in a pipe as wide as they are."""

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
