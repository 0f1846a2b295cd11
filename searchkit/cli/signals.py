"""Signals that ask a command to end: like Ctrl-C, they let it put everything in order first."""

import signal
import threading
from typing import Any

_NAMES = ("SIGTERM", "SIGHUP", "SIGBREAK")


class Terminated(KeyboardInterrupt):
    """A signal that ends the process has come; `number` is that of the signal."""

    def __init__(self, number: int) -> None:
        super().__init__()
        self.number = number


def raise_on_signals() -> None:
    """From now on raise Terminated in the main thread on SIGTERM and its like.

    On SIGINT raise KeyboardInterrupt, as Python does from the start. A signal that is ignored, as
    by `nohup`, stays so. Nothing is done in another thread.
    """
    if threading.current_thread() is not threading.main_thread():
        return
    if signal.getsignal(signal.SIGINT) is signal.SIG_DFL:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    for name in _NAMES:
        number = getattr(signal, name, None)
        if number is not None and signal.getsignal(number) is signal.SIG_DFL:
            signal.signal(number, _end)


def end_on_signals() -> None:
    """From now on let SIGINT, SIGTERM and their like end the process at once.

    For a command that has nothing left to put in order, or nothing at all and waits where no
    exception wakes it: a thread that reads standard input. A signal that is ignored stays so.
    Nothing is done in another thread.
    """
    if threading.current_thread() is not threading.main_thread():
        return
    for name in ("SIGINT", *_NAMES):
        number = getattr(signal, name, None)
        if number is not None and signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, signal.SIG_DFL)


def _end(number: int, _frame: Any) -> None:
    # Asked again, it would only be kept from putting things in order.
    signal.signal(number, signal.SIG_IGN)
    raise Terminated(number)
