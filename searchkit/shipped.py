"""Files that come with packages."""

import pkgutil


def shipped_text(package: str, name: str) -> str:
    """Return the text of a file in the folder of `package`, UTF-8; OSError if there is none.

    `importlib.resources` would do it, too, but takes as long to import as a search takes.
    """
    data = pkgutil.get_data(package, name)
    if data is None:
        raise FileNotFoundError(f"{package} has no {name}")
    return data.decode("utf-8").replace("\r\n", "\n")


def shipped_lines(package: str, name: str) -> list[str]:
    """Return the lines of such a file without comments, which begin with #, and blank lines."""
    return [line for line in shipped_text(package, name).split("\n") if line and line[0] != "#"]
