"""The command `searchkit`, which `python -m searchkit` is as well."""

import signal


def main() -> None:
    """Run the command line, see `searchkit.cli.main`; Ctrl-C ends it at once until that begins."""
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        # What is interrupted while it is imported has nothing to put in order, or to say.
        signal.signal(signal.SIGINT, signal.SIG_DFL)
    from searchkit.cli import main as run

    run()


if __name__ == "__main__":
    main()
