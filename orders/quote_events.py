"""How the verbs of quotes read, and who is told of them."""

from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.audit import describe
from core.models import TrailEntry
from inbox.rules import holders, kind, notify
from orders.models import Quote
from partners.models import Membership

QUOTES, VIEW = "quotes", "orders.view"
describe("quote.drafted", _("%(actor)s kept a draft of quote %(number)s"), capability=VIEW)
describe("quote.deleted", _("%(actor)s threw the draft of quote %(number)s away"), capability=VIEW)
describe("quote.submitted", _("Quote %(number)s waits for its discount to be approved"), tone="warn", capability=VIEW)
describe("quote.approved", _("%(actor)s approved the discount of quote %(number)s"), tone="good", capability=VIEW)
describe("quote.handed_back", _("%(actor)s handed quote %(number)s back"), tone="warn", capability=VIEW)
describe("quote.asked", _("%(organisation)s asks for quote %(number)s"), tone="info", capability=VIEW)
describe("quote.sent", _("%(organisation)s sent quote %(number)s"), tone="info", capability=VIEW)
describe("quote.accepted", _("%(organisation)s accepted quote %(number)s"), tone="good", capability=VIEW)
describe("quote.declined", _("%(organisation)s declined quote %(number)s"), tone="bad", capability=VIEW)
describe("quote.withdrawn", _("%(organisation)s withdrew quote %(number)s"), tone="warn", capability=VIEW)
describe("quote.expired", _("Quote %(number)s expired"), capability=VIEW)
describe("quote.limits_set", _("%(actor)s set how much discount each role gives alone"), capability=VIEW)

kind(QUOTES, _("Quotes"), _("Quotes that you are sent, and what became of yours."))


def _quote(entry: TrailEntry) -> Quote | None:
    return Quote.objects.filter(pk=entry.target_id).first()


def _readers(entry: TrailEntry) -> Iterable[Membership]:
    quote = _quote(entry)
    return holders([quote.reader_side_id], "quotes.write") if quote else []


def _authors(entry: TrailEntry) -> Iterable[Membership]:
    quote = _quote(entry)
    return holders([quote.author_side_id], "quotes.write") if quote else []


def _approvers(entry: TrailEntry) -> Iterable[Membership]:
    quote = _quote(entry)
    return holders([quote.author_side_id], "quotes.approve") if quote else []


def _url(entry: TrailEntry) -> str:
    return reverse("orders:quote", args=[entry.target_id])


notify("quote.submitted", to=_approvers, url=_url, action=_("Decide"), kind=QUOTES)
for verb in ("quote.asked", "quote.sent", "quote.withdrawn"):
    notify(verb, to=_readers, url=_url, kind=QUOTES)
for verb in ("quote.handed_back", "quote.accepted", "quote.declined", "quote.expired"):
    notify(verb, to=_authors, url=_url, kind=QUOTES)
