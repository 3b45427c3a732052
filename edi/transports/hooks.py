"""When transports work: at once when a document is ready, and on the timetable for all that is due."""

from datetime import timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy as _
from django_tasks import task

from core.audit import describe, subscribe
from core.jobs import every
from core.models import TrailEntry
from edi.events import VIEW, _document, _integrators
from edi.transports import delivering, fetching
from inbox.rules import notify

describe("edi.undelivered", _("%(title)s could not be delivered to %(organisation)s"), tone="bad", capability=VIEW)
describe("transport.saved", _("%(actor)s set how documents travel: %(title)s"), capability="integration.manage")
describe("transport.removed", _("%(actor)s took away how documents travel: %(title)s"), capability="integration.manage")
describe("table.saved", _("%(actor)s set how tables are read: %(title)s"), capability="integration.manage")
notify("edi.undelivered", to=_integrators, url=_document, action=_("See what is wrong"), kind="edi", urgent=True)
every(timedelta(minutes=1), "edi.delivering", "edi.transports.hooks.deliver_due")
every(timedelta(minutes=1), "edi.fetching", "edi.transports.hooks.fetch_due")


@task()
def deliver_one(pk: int) -> None:
    """Send one document."""
    delivering.deliver(pk)


@task()
def deliver_due() -> None:
    """Send what is due."""
    delivering.deliver_waiting()
    give_receipts()


def give_receipts() -> None:
    """Send the AS2 receipts that are still owed, where there is AS2."""
    try:
        from edi.transports.as2.receiving import send_receipts_owed
    except ImportError:
        return
    send_receipts_owed()


@task()
def fetch_due() -> None:
    """Look into the watched folders."""
    fetching.fetch_all()


@subscribe("edi.sent", "edi.offered_again")
def deliver_at_once(entry: TrailEntry) -> None:
    """Send a document as soon as it is ready, where its connection has a transport."""
    pk = entry.target_id
    if delivering.waiting().filter(pk=pk).exists():
        transaction.on_commit(lambda: deliver_one.enqueue(pk), robust=True)
