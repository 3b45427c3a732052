"""python manage.py insights_rebuild: fold the trail of every deal anew."""

from typing import Any

from django.core.management.base import BaseCommand

from insights.keeping import keep_all
from insights.records import publish_all


class Command(BaseCommand):
    """Rebuild the facts behind the figures from the trail; says how many were not what the trail says."""

    help = "Rebuild the figures' facts from the trail of all deals."

    def handle(self, *args: Any, **options: Any) -> None:
        """Fold everything, and publish the vendors' records that are due."""
        kept = keep_all()
        published = publish_all()
        self.stdout.write(f"{kept.facts} facts, {len(kept.mended)} mended, {published} records published")
