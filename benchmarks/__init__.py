"""Programs that measure searchkit; run from the root of the project."""
