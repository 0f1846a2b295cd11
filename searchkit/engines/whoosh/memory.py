"""How much memory this process takes, as the operating system sees it."""

import ctypes
import os
from contextlib import suppress
from pathlib import Path


def own_bytes() -> int:
    """Return how much memory it has of its own, 0 where that cannot be told: on Linux alone it can.

    Of its own are the pages that no file is behind: code and mapped files are the system's, which
    takes them back when it needs room.
    """
    with suppress(OSError, ValueError):
        resident, of_files = map(int, Path("/proc/self/statm").read_bytes().split()[1:3])
        return (resident - of_files) * os.sysconf("SC_PAGE_SIZE")
    return 0


def give_back() -> None:
    """Give memory that was freed back to the operating system, where the C library keeps it.

    That of GNU keeps what several threads have freed: half of what a writer takes.
    """
    with suppress(OSError, AttributeError, TypeError):
        ctypes.CDLL(None).malloc_trim(0)
