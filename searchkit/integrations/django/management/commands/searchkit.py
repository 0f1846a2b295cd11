"""`manage.py searchkit sync` and `rebuild`."""

from argparse import ArgumentParser

from django.core.management.base import BaseCommand, CommandError

from searchkit.errors import SearchkitError
from searchkit.integrations.django import search


class Command(BaseCommand):
    """Keep the index in step with the database."""

    help = "Keep the index in step with the database."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take what is to be done."""
        parser.add_argument(
            "action",
            choices=["sync", "rebuild"],
            help="sync: index what has changed and delete what is gone; "
            "rebuild: begin the index anew, what is there is searched until it is done",
        )

    def handle(self, *, action: str, **_: object) -> None:
        """Do it."""
        try:
            if action == "sync":
                self.stdout.write(f"{search.sync():,} articles were not in step, and are now.")
            else:
                self.stdout.write(f"{search.rebuild():,} articles are indexed.")
        except SearchkitError as error:
            raise CommandError(str(error)) from error
