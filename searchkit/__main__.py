"""`python -m searchkit` is `searchkit`."""

from searchkit.cli import main

main()
