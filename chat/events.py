"""How what happens to rooms reads, and who is told of it."""

from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.audit import describe
from core.models import TrailEntry
from inbox.rules import notify
from partners.models import Membership

describe("room.opened", _("%(actor)s opened the room %(title)s"), tone="info")
describe("room.renamed", _("%(actor)s renamed the room from “%(before)s” to “%(title)s”"))
describe("room.seat_added", _("%(actor)s added %(who)s to the room"), tone="info")
describe("room.seat_removed", _("%(actor)s took %(who)s out of the room"), tone="warn")
describe("message.deleted", _("%(actor)s deleted a message in %(title)s"))
describe("message.mentioned", _("%(actor)s mentioned you in %(title)s"), tone="info")


def _mentioned(entry: TrailEntry) -> Iterable[Membership]:
    live = Membership.objects.filter(pk__in=entry.data["members"], active=True, user__is_active=True)
    return live.select_related("user", "organisation").prefetch_related("roles")


def _place(entry: TrailEntry) -> str:
    return f"{reverse('chat:room', args=[entry.target_id])}?at={entry.data['seq']}#m-{entry.data['seq']}"


notify("message.mentioned", to=_mentioned, url=_place, kind="chat", action=_("Answer"))
