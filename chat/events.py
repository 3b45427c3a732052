"""How what happens to rooms reads, and who is told of it."""

from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core.audit import describe
from core.models import TrailEntry
from inbox.rules import notify
from inbox.webhooks.catalogue import offer
from partners.models import Membership

offer("message.posted", "message.edited")
describe("room.opened", _("%(actor)s opened the room %(title)s"), tone="info")
describe("room.renamed", _("%(actor)s renamed the room from “%(before)s” to “%(title)s”"))
describe("room.seat_added", _("%(actor)s added %(who)s to the room"), tone="info")
describe("room.seat_removed", _("%(actor)s took %(who)s out of the room"), tone="warn")
describe("room.settled", _("%(actor)s changed the settings of the room %(title)s"))
describe("room.joined", _("%(actor)s joined the room"), tone="info")
describe("room.left", _("%(actor)s left the room"))
describe("room.archived", _("%(actor)s archived the room %(title)s"), tone="warn")
describe("room.reopened", _("%(actor)s opened the room %(title)s again"), tone="info")
describe("talk.policy_changed", _("%(actor)s changed the rules for talk"), capability="organisation.manage")
describe(
    "talk.held", _("%(actor)s put talk under a legal hold: %(title)s"), tone="warn", capability="organisation.manage"
)
describe("talk.released", _("%(actor)s lifted a legal hold: %(title)s"), capability="organisation.manage")
describe("talk.export_asked", _("%(actor)s asked for an export of the talk"), capability="organisation.manage")
describe("talk.export_downloaded", _("%(actor)s downloaded an export of the talk"), capability="organisation.manage")
describe("message.deleted", _("%(actor)s deleted a message in %(title)s"))
describe("message.mentioned", _("%(actor)s mentioned you in %(title)s"), tone="info")
describe("call.started", _("%(actor)s started a call"), tone="info")
describe("call.rang", _("%(actor)s rang %(who)s"))
describe("call.joined", _("%(actor)s joined the call"))
describe("call.declined", _("%(actor)s declined the call"))
describe("call.missed", _("%(who)s did not answer the call of %(actor)s"), tone="warn")
describe("call.left", _("%(actor)s left the call after %(length)s"))
describe("call.ended", _("The call ended after %(length)s: %(who)s"))


def _listed(entry: TrailEntry) -> Iterable[Membership]:
    """The live members whom the entry lists."""
    live = Membership.objects.filter(pk__in=entry.data["members"], active=True, user__is_active=True)
    return live.select_related("user", "organisation").prefetch_related("roles")


def _rang_you(entry: TrailEntry) -> str:
    return gettext("You missed a call from %(who)s") % {"who": entry.user or entry.organisation}


def _room(entry: TrailEntry) -> str:
    return reverse("chat:room", args=[entry.target_id])


def _place(entry: TrailEntry) -> str:
    return f"{reverse('chat:room', args=[entry.target_id])}?at={entry.data['seq']}#m-{entry.data['seq']}"


notify("message.mentioned", to=_listed, url=_place, kind="chat", action=_("Answer"))
notify("call.missed", to=_listed, url=_room, title=_rang_you, kind="chat", action=_("Open the room"))
