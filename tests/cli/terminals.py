"""Runs the command on a terminal, as a person does."""

import os
import struct
import subprocess
import sys
from pathlib import Path

import pytest


def run_on_terminal(
    *arguments: str | Path, cwd: Path, stdin: bytes = b"", columns: int = 80
) -> tuple[int, str]:
    """Run the command with its output on a terminal; return (exit status, what it shows)."""
    pty = pytest.importorskip("pty", reason="there are no pseudo-terminals")
    from fcntl import ioctl
    from termios import TIOCSWINSZ

    ours, theirs = pty.openpty()
    ioctl(theirs, TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
    with subprocess.Popen(
        [sys.executable, "-m", "searchkit", *map(str, arguments)],
        cwd=cwd,
        stdin=subprocess.PIPE,
        stdout=theirs,
        stderr=theirs,
        env={**os.environ, "TERM": "xterm", "COLUMNS": str(columns)},
    ) as process:
        os.close(theirs)
        assert process.stdin is not None
        process.stdin.write(stdin)
        process.stdin.close()
        shown = b"".join(iter(lambda: _read(ours), b""))
    os.close(ours)
    return process.returncode, shown.decode()


def _read(terminal: int) -> bytes:
    try:
        return os.read(terminal, 65536)
    except OSError:  # Linux says so at its end
        return b""
