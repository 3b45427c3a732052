"""python manage.py deals_index: file every registration and named account anew under the keys of the conflict check."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.db import transaction

from deals.actions.filing import FILED, file_accounts, file_deals
from deals.models import Deal, NamedAccount


class Command(BaseCommand):
    """Only needed when the normal form of names changed, or rows were written past the portal."""

    help = "File every registration and named account anew under the keys by which the conflict check finds them."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """--chunk: how many rows are filed in one transaction."""
        parser.add_argument("--chunk", type=int, default=1000)

    def handle(self, *args: Any, chunk: int = 1000, **options: Any) -> None:
        """File in chunks, so that registering goes on meanwhile."""
        deals = self._each(
            Deal.objects.filter(state__in=FILED).select_related("type", "type_version"), file_deals, chunk
        )
        accounts = self._each(NamedAccount.objects.all(), file_accounts, chunk)
        self.stdout.write(f"{deals} keys of registrations and {accounts} of named accounts written.")

    def _each(self, rows: Any, write: Any, chunk: int) -> int:
        written, last = 0, 0
        while True:
            with transaction.atomic():
                some = list(rows.filter(pk__gt=last).order_by("pk")[:chunk])
                written += write(some)
            if not some:
                return written
            last = some[-1].pk
