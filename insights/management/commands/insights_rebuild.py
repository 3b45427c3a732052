"""python manage.py insights_rebuild: fold the trail of every deal, and trace every invoice line, anew."""

from typing import Any

from django.core.management.base import BaseCommand

from insights.attribution import keeping as attribution
from insights.keeping import keep_all
from insights.records import publish_all


class Command(BaseCommand):
    """Rebuild the facts behind the figures and the traces of invoice lines; says how many were not right."""

    help = "Rebuild the figures' facts from the trail of all deals."

    def handle(self, *args: Any, **options: Any) -> None:
        """Fold and trace everything, and publish the vendors' records that are due."""
        kept, traced = keep_all(), attribution.keep_all()
        published = publish_all()
        self.stdout.write(f"{kept.facts} facts, {len(kept.mended)} mended, {published} records published")
        self.stdout.write(f"{traced.facts} invoice lines, {len(traced.mended)} mended")
