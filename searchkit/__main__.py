"""The command `searchkit`, which `python -m searchkit` is as well."""

from searchkit.starting import end_at_once


def main() -> None:
    """Run the command line, see `searchkit.cli.main`; Ctrl-C ends it at once until that begins."""
    end_at_once()
    from searchkit.cli import main as run

    run()


if __name__ == "__main__":
    main()
