"""`manage.py load_samples`."""

import json
from pathlib import Path

from django.core.management import call_command
from django.core.management.base import BaseCommand

from shop.models import Product

SAMPLES = Path(__file__).parents[2] / "data" / "products.json"


class Command(BaseCommand):
    """Fill an empty database with the products of the example."""

    help = "Fill an empty database with the products of the example."

    def handle(self, **_: object) -> None:
        """Do it."""
        if Product.objects.exists():
            self.stdout.write("There are products already; nothing was loaded.")
            return
        samples = json.loads(SAMPLES.read_text(encoding="utf-8"))
        Product.objects.bulk_create(Product(**sample) for sample in samples)
        # bulk_create sends no signals.
        call_command("rebuild_index", interactive=False, verbosity=0)
        self.stdout.write(f"{len(samples)} products are loaded and indexed.")
