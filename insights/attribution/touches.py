"""What came before an invoice line, as each of its two sides knows it. The seam to all that can bring a sale about.

A source of touches is a function over some hundred lines at once (`SOURCES`), with a constant number of queries. It
hands out a touch once for each side that may know of it: the books of the two sides are kept apart from here on.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from django.db.models import Min, Q

from audiences.models import Recipient
from campaigns.actions.landing import ORIGIN
from core.numbers import find_numbers
from deals.models import Deal
from funds.actions.asking import PREFIX as REQUEST_PREFIX
from funds.models import FundRequest, RequestLine
from insights.attribution.links import Around, Line
from insights.attribution.models import CONFIDENCE, Basis, Confidence, Credit
from insights.scopes import midnight
from leads.keys import email_key
from leads.models import Lead
from promotions.models import Redemption

LEAD_DAYS = timedelta(days=365)  # a lead this old at the deal's submission is guessed no more
MAIL_DAYS = timedelta(days=180)  # what was opened or followed longer before the order counts no more
ACTIVITY_DAYS = timedelta(days=90)  # from the last day of an activity to a deal that says it comes from a campaign
MOST = 40  # touches of one line on one side: the first, and the latest of the others
MOST_TEXT = 4000
Kind, Did = Credit.Kind, Credit.Touch


class Source(NamedTuple):
    """What the money goes back to: a key, or a name where there is only a text."""

    kind: str
    pk: int = 0
    name: str = ""


@dataclass(frozen=True, slots=True)
class Touch:
    """One thing that came before a line, in the book of one side. `confidence` is that of the whole chain."""

    owner_id: int
    source: Source
    did: str
    touched_id: int
    at: datetime
    basis: str
    confidence: Confidence

    @property
    def order(self) -> tuple[Any, ...]:
        """By time; what is as old stands as it was written."""
        return self.at, self.source, self.did, self.touched_id


Found = Iterator[tuple[int, Touch]]


def touches_of(around: Around) -> dict[tuple[int, int], list[Touch]]:
    """By key of the line and key of the side: its touches in the order of their time, each once."""
    found: defaultdict[tuple[int, int], dict[Any, Touch]] = defaultdict(dict)
    leads = _leads_of(around)
    for source in SOURCES:
        for line, touch in source(around, leads):
            # Found in two ways it is the surer one, and of those the first.
            known = found[line, touch.owner_id].setdefault((touch.source, touch.did, touch.touched_id), touch)
            if (touch.confidence, known.at) > (known.confidence, touch.at):
                found[line, touch.owner_id][touch.source, touch.did, touch.touched_id] = touch
    return {key: _limited(sorted(each.values(), key=lambda touch: touch.order)) for key, each in found.items()}


def _limited(touches: list[Touch]) -> list[Touch]:
    return touches if len(touches) <= MOST else [touches[0], *touches[1 - MOST :]]


class LinkedLead(NamedTuple):
    """A lead that a deal came from, and what that rests on."""

    lead: Lead
    basis: str


Leads = dict[int, list[LinkedLead]]


def _leads_of(around: Around) -> Leads:
    """By deal: the leads that became it; else those that look like it, of nobody else's."""
    found: defaultdict[int, list[LinkedLead]] = defaultdict(list)
    for lead in Lead.objects.filter(deal__in=around.deals).exclude(state=Lead.State.SPAM).order_by("pk"):
        found[lead.deal_id].append(LinkedLead(lead, Basis.KEY))  # type: ignore[index]
    without = [deal for pk, deal in around.deals.items() if pk not in found and (deal.submitted_at or deal.created)]
    same = Q(pk__in=())
    for deal in without:
        same |= _alike(deal)
    if not without:
        return found
    alike = list(Lead.objects.filter(same, deal=None).exclude(state=Lead.State.SPAM).order_by("pk"))
    for deal in without:
        found[deal.pk] += [LinkedLead(lead, basis) for lead in alike if (basis := _likeness(deal, lead))]
    return found


def _alike(deal: Deal) -> Q:
    """Leads of either side that nobody else holds, with the customer's address or name, not long before the deal."""
    same = Q(pk__in=())
    if deal.customer_email:
        same |= Q(email_key=email_key(deal.customer_email))
    if deal.customer_name_key:
        same |= Q(name_key=deal.customer_name_key, country=deal.customer_country)
    start = deal.submitted_at or deal.created
    held = Q(holder=None) | Q(holder=deal.partner_id)
    own = Q(vendor__in=(deal.vendor_id, deal.partner_id))
    return same & held & own & Q(created__lte=start, created__gt=start - LEAD_DAYS)


def _likeness(deal: Deal, lead: Lead) -> str:
    start = deal.submitted_at or deal.created
    near = start - LEAD_DAYS < lead.created <= start
    sides = (deal.vendor_id, deal.partner_id)
    if lead.vendor_id not in sides or lead.holder_id not in (None, deal.partner_id) or not near:
        return ""
    if deal.customer_email and lead.email_key == email_key(deal.customer_email):
        return Basis.ADDRESS
    named = deal.customer_name_key and lead.name_key == deal.customer_name_key
    return Basis.CUSTOMER if named and lead.country == deal.customer_country else ""


PASSED_ON = "passed"  # as a partner knows a lead of its vendor: it is told what is needed, not what it cost to find


def origin_of(lead: Lead, owner_id: int) -> Source:
    """What a lead goes back to: its campaign where it names one, else the way in which it came. Where it came from is
    its vendor's to know; its holder knows that it was passed on."""
    if owner_id != lead.vendor_id:
        return Source(Kind.LEAD, 0, PASSED_ON)
    if lead.origin == ORIGIN and lead.origin_id:
        return Source(Kind.CAMPAIGN, lead.origin_id)
    if lead.campaign:
        return Source(Kind.CAMPAIGN, 0, lead.campaign[:120])
    return Source(Kind.LEAD, 0, lead.source)


def _knows(owner_id: int, lead: Lead) -> bool:
    """A lead is its vendor's, and its holder's."""
    return owner_id in (lead.vendor_id, lead.holder_id)


def _sides(line: Line) -> tuple[int, int]:
    return line.vendor_id, line.partner_id


def leads(around: Around, known: Leads) -> Found:
    """Leads that became the deal, or look like it."""
    for line in around.lines:
        ordered = around.ordered_at(line)
        for lead, basis in known.get(line.deal_id or 0, ()):
            if ordered and lead.created > ordered:
                continue
            sure = min(line.confidence, CONFIDENCE[basis])
            for owner in _sides(line):
                if _knows(owner, lead):
                    yield line.pk, Touch(owner, origin_of(lead, owner), Did.LEAD, lead.pk, lead.created, basis, sure)


def mailings(around: Around, known: Leads) -> Found:
    """Letters of either side that somebody at the customer opened or followed before the order."""
    wanted = {line.pk: _reach(around, line, known) for line in around.lines if line.deal_id}
    addresses = {text for sides in wanted.values() for keys in sides.values() for text in keys.addresses}
    domains = {text for sides in wanted.values() for keys in sides.values() for text in keys.domains}
    owners = {owner for sides in wanted.values() for owner in sides}
    if not (addresses or domains):
        return
    rows = Recipient.objects.filter(
        Q(contact__email_key__in=addresses) | Q(contact__domain__in=domains),
        organisation__in=owners,
        opened_at__isnull=False,
    )
    columns = ("organisation", "mailing", "mailing__source", "mailing__source_id", "contact__email_key")
    read: defaultdict[tuple[int, str], list[dict[str, Any]]] = defaultdict(list)
    grouped = (
        rows.order_by().values(*columns, "contact__domain").annotate(open=Min("opened_at"), click=Min("clicked_at"))
    )
    for row in grouped.iterator():
        read[row["organisation"], row["contact__email_key"]].append(row)
        if row["contact__domain"]:
            read[row["organisation"], row["contact__domain"]].append(row)
    for line in around.lines:
        for owner, keys in wanted.get(line.pk, {}).items():
            yield from ((line.pk, touch) for touch in _read_by(around, line, owner, keys, read))


class Reach(NamedTuple):
    """By what a customer's people are recognised."""

    addresses: frozenset[str]
    domains: frozenset[str]


def _reach(around: Around, line: Line, known: Leads) -> dict[int, Reach]:
    """For each side: the addresses and domains of the customer that it knows of."""
    deal = around.deals[line.deal_id]  # type: ignore[index]
    found = {}
    for owner in _sides(line):
        own = [each.lead for each in known.get(deal.pk, ()) if _knows(owner, each.lead)]
        addresses = {email_key(deal.customer_email), *(lead.email_key for lead in own)}
        domains = {deal.customer_domain, *(lead.domain_key for lead in own)}
        found[owner] = Reach(frozenset(addresses - {""}), frozenset(domains - {""}))
    return found


def _read_by(
    around: Around, line: Line, owner: int, keys: Reach, read: dict[tuple[int, str], list[dict[str, Any]]]
) -> Iterator[Touch]:
    ordered = around.ordered_at(line)
    for texts, basis in ((keys.addresses, Basis.ADDRESS), (keys.domains, Basis.CUSTOMER)):
        for row in (row for text in texts for row in read.get((owner, text), ())):
            did, at = (Did.CLICK, row["click"]) if row["click"] else (Did.OPEN, row["open"])
            if ordered is None or not ordered - MAIL_DAYS < at <= ordered:
                continue
            sure = min(line.confidence, CONFIDENCE[basis])
            # Programs open letters too, so that somebody read it is never more than possible.
            sure = sure if did == Did.CLICK else min(sure, Confidence.POSSIBLE)
            yield Touch(owner, _of_mailing(row), did, row["mailing"], at, basis, sure)


def _of_mailing(row: dict[str, Any]) -> Source:
    if row["mailing__source"] == ORIGIN and row["mailing__source_id"]:
        return Source(Kind.CAMPAIGN, row["mailing__source_id"])
    return Source(Kind.MAILING, row["mailing"])


def promotions(around: Around, _known: Leads) -> Found:
    """Promotions used by the order line itself; both sides know of them."""
    rows = Redemption.objects.live().filter(order__in=around.orders).order_by("pk")
    used: defaultdict[tuple[int, int], list[Any]] = defaultdict(list)
    for row in rows.values_list("order", "position", "pk", "promotion", "created"):
        used[row[:2]].append(row[2:])
    for line in around.lines:
        for pk, promotion, created in used.get((line.order_id or 0, line.position or 0), ()):
            sure = CONFIDENCE[line.order_basis]
            for owner in _sides(line):
                source = Source(Kind.PROMOTION, promotion)
                yield line.pk, Touch(owner, source, Did.REDEMPTION, pk, created, Basis.KEY, sure)


class Activity(NamedTuple):
    """A granted activity of a request for a fund's money."""

    partnership: int
    request: int
    fund: int
    number: str
    titles: tuple[str, str]
    starts: date
    ends: date


def funds(around: Around, known: Leads) -> Found:
    """Activities paid from a fund of the partnership: named by number, by the campaign of a lead, or by their time."""
    edges = {deal.partnership_id for deal in around.deals.values()}
    rows = RequestLine.objects.filter(
        request__partnership__in=edges, request__state__in=FundRequest.GRANTED, decision__in=("accepted", "changed")
    ).order_by("pk")
    columns = ("request__partnership", "request", "request__fund", "request__number")
    granted: defaultdict[int, list[Activity]] = defaultdict(list)
    for edge, request, fund, number, title, request_title, starts, ends in rows.values_list(
        *columns, "title", "request__title", "starts", "ends"
    ):
        each = Activity(edge, request, fund, number, (_plain(title), _plain(request_title)), starts, ends)
        granted[each.partnership].append(each)
    for line in around.lines:
        deal = around.deals.get(line.deal_id or 0)
        if deal is None or not granted[deal.partnership_id]:
            continue
        for owner in _sides(line):
            own = [each.lead for each in known.get(deal.pk, ()) if each.lead.vendor_id == owner]
            named = _named(around, line, deal, own)
            for each, basis in _supported(around, line, deal, granted[deal.partnership_id], named):
                sure, source = min(line.confidence, CONFIDENCE[basis]), Source(Kind.FUND, each.fund)
                yield line.pk, Touch(owner, source, Did.ACTIVITY, each.request, midnight(each.starts), basis, sure)


class Named(NamedTuple):
    """What the records of a sale name: numbers of requests, and the campaigns of leads."""

    numbers: frozenset[str]
    campaigns: frozenset[str]


def _named(around: Around, line: Line, deal: Deal, own: list[Lead]) -> Named:
    """As one side may read it: deal and order are both sides', the campaign of a lead is its vendor's alone."""
    order = around.orders.get(line.order_id or 0, {})
    texts = [deal.title, deal.note, *(lead.campaign for lead in own), *_texts(order.get("references", ()))]
    texts += [each for each in order.get("notes", ()) if isinstance(each, str)]
    numbers = (number for text in texts for number in find_numbers(text[:MOST_TEXT], REQUEST_PREFIX))
    return Named(frozenset(numbers), frozenset(_plain(lead.campaign) for lead in own if lead.campaign))


def _texts(references: Iterable[Any]) -> list[str]:
    return [str(each[1]) for each in references if isinstance(each, list | tuple) and len(each) == 2]


def _supported(
    around: Around, line: Line, deal: Deal, activities: list[Activity], named: Named
) -> Iterator[tuple[Activity, str]]:
    """The activities behind a line, and what that rests on; by time alone only the latest, where none is named."""
    begun, ordered = deal.submitted_at or deal.created, around.ordered_at(line)
    by_time: list[Activity] = []
    for each in activities:
        at = midnight(each.starts)
        if ordered is None or at > ordered:
            continue
        if each.number in named.numbers:
            yield each, Basis.NUMBER
        elif named.campaigns.intersection(each.titles):
            yield each, Basis.PERSON
        elif deal.source == Deal.Source.CAMPAIGN and at <= begun < midnight(each.ends) + ACTIVITY_DAYS:
            by_time.append(each)
    if by_time and not named.numbers:
        yield max(by_time, key=lambda each: (each.starts, each.request)), Basis.TIME


def _plain(text: str) -> str:
    return " ".join(text.casefold().split())


SOURCES: list[Callable[[Around, Leads], Found]] = [leads, mailings, promotions, funds]
