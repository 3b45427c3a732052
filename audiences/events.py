"""How the verbs of contacts, segments and mailings read. All of it is known to one's own organisation alone."""

from collections.abc import Callable, Iterable

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from audiences.models import Mailing
from core.audit import describe
from core.models import TrailEntry
from inbox.rules import holders, kind, notify
from partners.models import Membership

SEE = "audiences.view"

describe("contact.added", _("%(actor)s added the contact"), capability=SEE)
describe("contact.changed", _("%(actor)s changed the contact"), capability=SEE)
describe("contact.merged", _("%(actor)s merged another contact into this one"), capability=SEE)
describe("contact.erased", _("%(actor)s erased a contact for ever"), tone="warn", capability=SEE)
describe("contact.consented", _("%(actor)s noted a consent"), tone="good", capability=SEE)
describe("contact.withdrew", _("%(actor)s noted that a consent was withdrawn"), tone="warn", capability=SEE)
describe("contact.unsubscribed", _("The contact unsubscribed"), tone="warn", capability=SEE)
describe("contact.suppressed", _("%(actor)s had the address left alone"), tone="warn", capability=SEE)
describe("contact.lifted", _("%(actor)s allowed to write to the address again"), capability=SEE)
describe("contact_import.started", _("%(actor)s imported %(title)s"), capability=SEE)
describe(
    "contact_import.finished", _("The import of %(title)s is done: %(taken)s contacts"), tone="good", capability=SEE
)
describe("segment.saved", _("%(actor)s wrote the segment %(title)s"), capability=SEE)
describe("segment.deleted", _("%(actor)s deleted the segment %(title)s"), capability=SEE)
describe("audience.settings", _("%(actor)s changed how mailings are sent"), capability=SEE)
describe("mailing.written", _("%(actor)s wrote the mailing"), capability=SEE)
describe("mailing.deleted", _("%(actor)s deleted the draft %(title)s"), capability=SEE)
describe("mailing.tested", _("%(actor)s sent a test to themselves"), capability=SEE)
describe("mailing.scheduled", _("%(actor)s scheduled the mailing"), tone="info", capability=SEE)
describe("mailing.unscheduled", _("%(actor)s took the mailing off the calendar"), capability=SEE)
describe("mailing.started", _("%(actor)s started the mailing"), tone="info", capability=SEE)
describe("mailing.frozen", _("%(total)s recipients were written down"), capability=SEE)
describe("mailing.paused", _("%(actor)s paused the mailing"), tone="warn", capability=SEE)
describe("mailing.resumed", _("%(actor)s let the mailing go on"), tone="info", capability=SEE)
describe("mailing.stopped", _("%(actor)s stopped the mailing for good"), tone="bad", capability=SEE)
describe("mailing.resent", _("%(actor)s sent %(total)s unsure letters once more"), tone="warn", capability=SEE)
describe("mailing.finished", _("The mailing is sent"), tone="good", capability=SEE)

kind("mailings", _("Mailings"), _("That a mailing of yours is sent or was stopped."))


def _senders(entry: TrailEntry) -> Iterable[Membership]:
    """Who sends mailings; nobody for one that something else asked for, which tells of it itself."""
    asked = Mailing.objects.filter(pk=entry.target_id).exclude(source="").exists()
    return () if asked else holders([entry.organisation_id], "mailings.send")


def _url(entry: TrailEntry) -> str:
    return reverse("audiences:mailing", args=[entry.target_id])


def _titled(text: str | Promise) -> Callable[[TrailEntry], str]:
    return lambda entry: str(text) % {"title": entry.title}


notify("mailing.finished", to=_senders, url=_url, kind="mailings", title=_titled(_("%(title)s is sent")))
notify("mailing.stopped", to=_senders, url=_url, kind="mailings", title=_titled(_("%(title)s was stopped")))
