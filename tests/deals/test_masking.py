"""Whatever the vendor's check found, the partner who registered sees one and the same: byte for byte, door by door.

Each reason is played in a world of its own, rolled back after; what the second partner saw there is compared with what
it sees where nothing stands in its way. Only its own numbers and moments are evened out first.
"""

import json
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.core import mail
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.timezone import localdate, now

from core import realtime
from core.models import TrailEntry
from core.numbers import with_check_digit
from deals import actions
from deals.actions import Answer
from deals.models import ConflictCase, ConflictCheck, Deal, RegistrationType
from inbox.models import EmailDelivery, Notification
from inbox.webhooks.catalogue import groups_for
from inbox.webhooks.models import WebhookDelivery, WebhookEndpoint
from partners.actors import Actor, actor_for
from partners.capabilities import REGISTRY
from partners.models import Membership, Organisation, Partnership, ServiceAccount
from tests.caches import forget
from tests.deals.factories import ApprovedFactory, DealFactory, DraftFactory, EndCustomerFactory
from tests.factories import MembershipFactory, OrganisationFactory, RoleFactory, UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_noon")]

CUSTOMER = {"customer_name": "Acquedotto Sele S.p.A.", "customer_name_key": "acquedotto sele", "customer_postcode": ""}
NOTE = "We cannot protect this registration."
MINE, FIRST = 770_001, 770_000  # ids of one's own deal, and of the other partner's
EVERYTHING = sorted(code for code, each in REGISTRY.items() if not each.excludes and each.code != "direct_sales")


class Rollback(Exception):
    """Ends a world."""


def build() -> SimpleNamespace:
    """Vera sells for the vendor and decides; Bea registers for the second partner; Ada did for the first."""
    names = {"vendor": (880_001, "Aurora"), "first": (880_002, "Brenta"), "second": (880_003, "Cadore")}
    orgs = {key: OrganisationFactory(pk=pk, name=name) for key, (pk, name) in names.items()}
    world = SimpleNamespace(**orgs, people={})
    for number, (key, organisation) in enumerate(orgs.items()):
        role = RoleFactory(pk=870_000 + number, organisation=organisation, name="Everything", capabilities=EVERYTHING)
        user = UserFactory(pk=860_000 + number, email=f"{key}@example.test", name=f"Person of {key}")
        world.people[key] = MembershipFactory(pk=850_000 + number, user=user, organisation=organisation, roles=[role])
    world.type = RegistrationType.objects.create(pk=840_000, vendor=orgs["vendor"], name="Standard", is_default=True)
    edge = {"vendor": orgs["vendor"], "state": Partnership.State.ACTIVE}
    world.edges = {
        key: Partnership.objects.create(pk=830_000 + number, partner=orgs[key], **edge)
        for number, key in enumerate(("first", "second"))
    }
    customer = EndCustomerFactory(pk=820_000, organisation=orgs["second"], name=CUSTOMER["customer_name"])
    world.draft = DraftFactory(
        pk=MINE,
        partnership=world.edges["second"],
        type=world.type,
        title="Well field",
        submitter=world.people["second"].user,
        customer=customer,
        created=now(),
        **CUSTOMER,
    )
    world.hook = _listener(orgs["second"])
    return world


def _listener(organisation: Organisation) -> WebhookEndpoint:
    """An endpoint that hears of everything its company may know. It rests: what it is owed is kept and never sent."""
    role = RoleFactory(pk=870_009, organisation=organisation, name="CRM", capabilities=EVERYTHING)
    account = ServiceAccount.objects.create(pk=815_000, organisation=organisation, name="CRM", role=role)
    eyes = Actor(organisation, account.capabilities(), "system", service_account=account)
    return WebhookEndpoint.objects.create(
        pk=810_000,
        organisation=organisation,
        account=account,
        description="Our CRM",
        url="https://crm.example.com/x",
        events=[f"{group.code}.*" for group in groups_for(eyes)],
        rests_until=now() + timedelta(days=30),
        created=now(),
    )


def actor(world: SimpleNamespace, key: str, via: str = "web") -> Any:
    member: Membership = world.people[key]
    found = actor_for(member.user, member.organisation_id, via)
    assert found is not None
    return found


def client(world: SimpleNamespace, key: str, **headers: str) -> Client:
    made = Client(headers=headers)
    made.force_login(world.people[key].user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return made


# -- what stands in the way, before the registration is sent


def nothing(world: SimpleNamespace) -> None:
    """The registration that is merely reviewed slowly."""


def _first(world: SimpleNamespace, factory: Any = DealFactory, **extra: Any) -> Deal:
    seller = world.people["first"].user
    number = "" if factory is DraftFactory else with_check_digit("D-", 900_000)
    values = {**CUSTOMER, "title": "Bonifica", "number": number, "submitter": seller, **extra}
    return factory(pk=FIRST, partnership=world.edges["first"], type=world.type, **values)


def possible(world: SimpleNamespace) -> None:
    """Another partner's open registration."""
    _first(world)


def drafted(world: SimpleNamespace) -> None:
    """Another partner's draft."""
    _first(world, DraftFactory)


def blocking(world: SimpleNamespace) -> None:
    """Another partner's exclusive protection."""
    _first(world, ApprovedFactory)


def cooling_off(world: SimpleNamespace) -> None:
    """Another partner's protection that ended a moment ago."""
    days = {"protected_from": localdate() - timedelta(days=60), "protected_until": localdate() - timedelta(days=1)}
    _first(world, state=Deal.State.EXPIRED, sla_due_at=None, **days)


def lost_lately(world: SimpleNamespace) -> None:
    """Another partner's recent loss."""
    _first(world, state=Deal.State.LOST, sla_due_at=None, closure_code="price", decided_at=now())


def kept(kind: str) -> Callable[[SimpleNamespace], None]:
    """A company that the vendor keeps to itself, is at already, or is after itself."""

    def run(world: SimpleNamespace) -> None:
        values = {"name": CUSTOMER["customer_name"], "country": "IT", "kind": kind, "note": "Bonifica sells there."}
        actions.save_account(actor=actor(world, "vendor"), values=values)
        world.verdict = "named_account" if kind == "named_account" else "incumbent"

    return run


BEFORE: dict[str, Callable[[SimpleNamespace], None]] = {
    "named account": kept("named_account"),
    "incumbent": kept("incumbent"),
    "vendor's own pipeline": kept("pipeline"),
    "possible": possible,
    "drafted": drafted,
    "blocking": blocking,
    "cooling off": cooling_off,
    "lost lately": lost_lately,
}


# -- what the vendor does after


def no_act(world: SimpleNamespace, deal: Deal) -> None:
    """The vendor has not looked yet."""


def case_opened(world: SimpleNamespace, deal: Deal) -> None:
    """A reviewer opened a case by hand, gave it to somebody and wrote a note."""
    judge = actor(world, "vendor")
    case = ConflictCase.objects.filter(sides__deal=deal).first()
    if case is None:
        case = actions.open_case(actor=judge, deals=[deal, Deal.objects.get(pk=FIRST)], reason="Same customer.")
    actions.note_on_case(actor=judge, case=case, note="Bonifica of Brenta was first.")
    actions.assign_case(actor=judge, case=case, member=world.people["vendor"].pk)


def talk_with_the_other(world: SimpleNamespace, deal: Deal) -> None:
    """The vendor asks the first partner alone."""
    case = ConflictCase.objects.get(sides__deal=deal)
    other = Deal.objects.get(pk=FIRST)
    actions.say_to_side(actor=actor(world, "vendor"), case=case, deal=other, message="Who is your contact?")


def told_to_wait(world: SimpleNamespace, deal: Deal) -> None:
    """Decided: it waits behind the other."""
    case = ConflictCase.objects.get(sides__deal=deal)
    actions.decide_case(
        actor=actor(world, "vendor"),
        case=case,
        outcome="keeps",
        keeper=Deal.objects.get(pk=FIRST),
        answers={deal.pk: Answer("behind")},
        reason="Brenta was first.",
    )


def told_apart(world: SimpleNamespace, deal: Deal) -> None:
    """Decided: not the same customer."""
    case = ConflictCase.objects.get(sides__deal=deal)
    actions.decide_case(actor=actor(world, "vendor"), case=case, outcome="different", reason="Another town.")


def dismissed(world: SimpleNamespace, deal: Deal) -> None:
    """Closed without a decision."""
    case = ConflictCase.objects.get(sides__deal=deal)
    actions.dismiss_case(actor=actor(world, "vendor"), case=case, reason="A slip.")


def the_first_ends(world: SimpleNamespace, deal: Deal) -> None:
    """What stood in the way ended; the check woke it."""
    actions.withdraw_deal(actor=actor(world, "first"), deal=Deal.objects.get(pk=FIRST))


def merged(world: SimpleNamespace, deal: Deal) -> None:
    """The vendor merged what it knows of the customer."""
    from deals.models import CustomerCluster

    keep = CustomerCluster.objects.get()
    gone = CustomerCluster.objects.create(vendor=world.vendor, name="Acquedotto del Sele")
    actions.merge_known(actor=actor(world, "vendor"), keep=keep, gone=gone)


AFTER: dict[str, tuple[Callable[[SimpleNamespace], None], Callable[[SimpleNamespace, Deal], None]]] = {
    "case opened": (possible, case_opened),
    "talk with the other": (possible, talk_with_the_other),
    "waits behind": (possible, told_to_wait),
    "told apart": (possible, told_apart),
    "dismissed": (possible, dismissed),
    "the first ended": (blocking, the_first_ends),
    "merged": (blocking, merged),
}


# -- what the second partner sees


@contextmanager
def heard() -> Iterator[list[tuple[str, str]]]:
    """Everything sent to groups of sockets: (group, event as text)."""
    frames: list[tuple[str, str]] = []
    usual = realtime._send
    realtime._send = lambda group, event: frames.append((group, json.dumps(event, sort_keys=True, default=str)))
    try:
        yield frames
    finally:
        realtime._send = usual


PAGES = (
    ("detail", "/deals/{deal}/"),
    ("list", "/deals/?view=all"),
    ("csv", "/deals/?view=all&format=csv"),
    ("board", "/deals/board/?side=partner"),
    ("as a vendor", "/deals/board/?side=vendor"),
    ("queue", "/deals/queue/"),
    ("cases", "/deals/cases/?view=all"),
    ("known customers", "/deals/known/"),
    ("customers", "/deals/customers/"),
    ("customer", "/deals/customers/820000/"),
    ("home", "/"),
    ("counts", reverse("home:counts")),
    ("search", reverse("home:search") + "?q=Sele"),
    ("search for the other", reverse("home:search") + "?q=Bonifica"),
    ("trail", reverse("home:trail")),
    ("inbox", reverse("inbox:list")),
    ("rooms", reverse("chat:rooms")),
    ("new", "/deals/new/"),
    ("options", "/deals/options/customers/?q=Sele"),
    ("api deals", "/api/v1/deals/"),
    ("api deal", "/api/v1/deals/{deal}/"),
    ("api requests", "/api/v1/requests/"),
    ("api rooms", "/api/v1/rooms/"),
    ("api notifications", "/api/v1/notifications/"),
    ("api customers", "/api/v1/customers/"),
    ("named accounts", "/deals/accounts/"),
    ("api cases", "/api/v1/conflict-cases/"),
    ("api named accounts", "/api/v1/named-accounts/"),
    ("api webhooks", "/api/v1/webhook-deliveries/"),
    ("webhook", "/organisation/webhooks/810000/"),
    ("webhook's deliveries", "/organisation/webhooks/810000/deliveries/"),
    ("the other's deal", f"/deals/{FIRST}/"),
    ("the other's deal by api", f"/api/v1/deals/{FIRST}/"),
)
EVENED = (
    (r'(csrfmiddlewaretoken" value|csrf-token" content|"X-CSRFToken": ?)="?[A-Za-z0-9]{64}', r"\1#"),
    (r"csrftoken=[^;]+|sessionid=[^;]+", "cookie"),
    (r"msg_[0-9a-f]{32}", "msg"),
    (r"/deliveries/\d+", "/deliveries/#"),
    (r"\b(room|entry|notice|m|n|s|find|call|thread|message|notification|trail)([-./_])\d+", r"\1\2#"),
    (r"/(rooms|inbox/about|inbox|trail|notifications|files)/\d+", r"/\1/#"),
    (r"[?&](at|beside|after|before|cursor)=[^\"&]*", r""),
    (r'"(id|seq|record_id|parent|room|entry|last|message)": ?(?!770001|820000)\d+', r'"\1": #'),
    (r'id="row-\d+"|\\"id\\":\d+', "row"),
    (r'id="t-[0-9a-z]+"', 'id="t-#"'),
    (r"why-[0-9a-f]+|id_[0-9a-f]{8,}", "why"),
    (r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", "uuid"),
)


def even(text: str) -> str:
    """Without what is random or numbered across all companies."""
    for pattern, replacement in EVENED:
        text = re.sub(pattern, replacement, text)
    return text


def answer(response: Any) -> str:
    """Status, headers and body."""
    body = b"".join(response.streaming_content) if response.streaming else response.content
    headers = sorted(f"{name}: {value}" for name, value in response.headers.items() if name != "Content-Length")
    return even("\n".join([str(response.status_code), *headers, *map(str, response.cookies), body.decode()]))


def seen(world: SimpleNamespace, frames: list[tuple[str, str]], door: str = "page") -> dict[str, str]:
    """Everything that the second partner can look at, by the name of the place: whole pages, or what htmx is given."""
    browser = client(world, "second", **({"HX-Request": "true"} if door == "fragment" else {}))
    found = {name: answer(browser.get(path.format(deal=MINE))) for name, path in PAGES}
    mine = world.second.pk
    rows = Notification.objects.filter(membership__organisation=mine).order_by("pk")
    found["notifications"] = str([(row.entry.verb, row.kind, even(row.url)) for row in rows])
    owed = EmailDelivery.objects.filter(membership__organisation=mine).order_by("pk")
    found["letters owed"] = str([(row.entry.verb, row.due_at) for row in owed])
    letters = [letter for letter in mail.outbox if world.people["second"].user.email in letter.to]
    found["letters"] = even(str([(letter.subject, letter.body) for letter in letters]))
    told = TrailEntry.objects.filter(readers__organisation=mine).order_by("pk")
    found["trail entries"] = even(str([(row.verb, row.target, row.title, row.data, row.via) for row in told]))
    hooks = WebhookDelivery.objects.filter(organisation=mine).order_by("pk")
    found["webhooks"] = even("\n".join(f"{row.verb} {row.state} {row.title} {row.payload}" for row in hooks))
    ours = {f"organisation.{mine}", f"member.{world.people['second'].pk}"}
    ours |= {f"room.{pk}" for pk in _rooms(mine)}
    found["frames"] = "\n".join(sorted(even(f"{group} {event}") for group, event in frames if group in ours))
    return found


def _rooms(organisation_id: int) -> list[int]:
    from chat.models import Seat

    return list(Seat.objects.filter(organisation=organisation_id).values_list("room", flat=True))


def by_page(world: SimpleNamespace) -> Any:
    """The form, sent as it stands."""
    browser = client(world, "second")
    return browser.post(f"/deals/{MINE}/edit/", _typed(world))


def by_fragment(world: SimpleNamespace) -> Any:
    """The form, sent by htmx."""
    return client(world, "second", **{"HX-Request": "true"}).post(f"/deals/{MINE}/edit/", _typed(world))


def by_api(world: SimpleNamespace) -> Any:
    """The API."""
    browser = client(world, "second")
    return browser.post(f"/api/v1/deals/{MINE}/submit/", {"terms": True}, content_type="application/json")


def _typed(world: SimpleNamespace) -> dict[str, str]:
    return {
        "partnership": str(world.edges["second"].pk),
        "customer": "820000",
        "customer_name": CUSTOMER["customer_name"],
        "customer_country": "IT",
        "title": "Well field",
        "amount": "12000",
        "currency": "EUR",
        "decision_date": (localdate() + timedelta(days=40)).isoformat(),
        "stage": "proposal",
        "terms": "on",
        "tender_published_on": (localdate() - timedelta(days=3)).isoformat(),
        "lines-TOTAL_FORMS": "1",
        "lines-INITIAL_FORMS": "0",
        "lines-0-product_text": "Vertical pump",
        "lines-0-quantity": "2",
        "lines-0-asked_price": "6000",
    }


DOORS = {"page": by_page, "fragment": by_fragment, "api": by_api}


def play(
    capture: Any,
    before: Callable[[SimpleNamespace], None],
    door: str = "page",
    after: Callable[[SimpleNamespace, Deal], None] = no_act,
) -> tuple[dict[str, str], int]:
    """What the second partner sees in one world, and how many queries the answer to its registration took."""
    kept: list[Any] = []
    try:
        with transaction.atomic():
            forget()
            mail.outbox.clear()
            world = build()
            before(world)
            with heard() as frames:
                with CaptureQueriesContext(connection) as queries, capture(execute=True):
                    response = DOORS[door](world)
                found = {"the answer": answer(response)}
                deal = Deal.objects.get(pk=MINE)
                assert deal.state == Deal.State.SUBMITTED, response.content.decode()[:2000]
                verdict = ConflictCheck.objects.get(deal=deal).verdict
                assert verdict == getattr(world, "verdict", verdict)
                with capture(execute=True):
                    after(world, deal)
                found |= seen(world, frames, door)
            kept = [found, len(queries)]
            raise Rollback
    except Rollback:
        return kept[0], kept[1]


_usual: dict[Any, tuple[dict[str, str], int]] = {}


def usually(capture: Any, door: str = "page", after: Any = no_act) -> tuple[dict[str, str], int]:
    """The world in which nothing stands in the way, played once."""
    if (door, after) not in _usual:
        _usual[door, after] = play(capture, nothing, door, after)
    return _usual[door, after]


def differing(one: dict[str, str], other: dict[str, str]) -> dict[str, tuple[str, str]]:
    """The places that are not the same, each with the first line that differs."""
    found = {}
    for name, mine in one.items():
        theirs = other[name]
        if mine != theirs:
            pairs = zip(mine.split("\n"), theirs.split("\n"), strict=False)
            found[name] = next(((a, b) for a, b in pairs if a != b), (mine[-300:], theirs[-300:]))
    return found


THROUGH = [
    *((reason, "page") for reason in BEFORE),
    *((reason, door) for reason in ("possible", "blocking", "named account") for door in ("fragment", "api")),
]


@pytest.mark.parametrize(("reason", "door"), THROUGH)
def test_whatever_stands_in_the_way_the_registration_looks_the_same(reason, door, django_capture_on_commit_callbacks):
    usual, usual_queries = usually(django_capture_on_commit_callbacks, door)
    found, queries = play(django_capture_on_commit_callbacks, BEFORE[reason], door)
    assert differing(usual, found) == {}
    assert queries <= usual_queries * 1.2


@pytest.mark.parametrize("event", AFTER)
def test_whatever_the_vendor_does_with_the_conflict_the_partner_sees_the_same(
    event, django_capture_on_commit_callbacks
):
    before, after = AFTER[event]
    usual, _queries = usually(django_capture_on_commit_callbacks)
    found, _queries = play(django_capture_on_commit_callbacks, before, after=after)
    assert differing(usual, found) == {}


def test_the_comparison_would_notice(django_capture_on_commit_callbacks):
    """A word more in the trail of the partner is found: else the tests above would prove nothing."""
    from core.audit import record

    def leak(world: SimpleNamespace, deal: Deal) -> None:
        record(actor=actor(world, "vendor"), verb="deal.matched", target=deal)

    usual, _queries = usually(django_capture_on_commit_callbacks)
    found, _queries = play(django_capture_on_commit_callbacks, nothing, after=leak)
    assert {"trail entries", "frames", "trail", "webhooks", "api webhooks"} <= set(differing(usual, found))


def tender(world: SimpleNamespace) -> None:
    """A tender that everybody could read of before the registration."""
    RegistrationType.objects.filter(pk=world.type.pk).update(tender=True)
    world.draft.is_tender, world.draft.tender_published_on = True, localdate() - timedelta(days=3)
    world.draft.save(update_fields=["is_tender", "tender_published_on"])
    world.type.refresh_from_db()


@pytest.mark.parametrize("door", DOORS)
def test_a_tender_that_is_closed_looks_like_one_that_waits(door, django_capture_on_commit_callbacks, monkeypatch):
    """The same words sent in both worlds; in the first, the check does not look at tenders."""

    def closed(world: SimpleNamespace) -> None:
        tender(world)
        world.verdict = "tender_closed"

    def unheeded(world: SimpleNamespace) -> None:
        tender(world)
        world.verdict = "clear"

    with monkeypatch.context() as patched:
        patched.setattr("deals.actions.candidates._tender", lambda _deal, _lines: [])
        usual, usual_queries = play(django_capture_on_commit_callbacks, unheeded, door)
    found, queries = play(django_capture_on_commit_callbacks, closed, door)
    assert differing(usual, found) == {}
    assert queries <= usual_queries * 1.2


# -- rejected: one text for every reason


def rejected_as(fate: str) -> Callable[[SimpleNamespace, Deal], None]:
    """Rejected in a case, as a duplicate or refused."""

    def run(world: SimpleNamespace, deal: Deal) -> None:
        case = ConflictCase.objects.get(sides__deal=deal)
        actions.decide_case(
            actor=actor(world, "vendor"),
            case=case,
            outcome="keeps",
            keeper=Deal.objects.get(pk=FIRST),
            answers={deal.pk: Answer(fate, NOTE)},
            reason="Brenta was first.",
        )

    return run


def rejected_plainly(world: SimpleNamespace, deal: Deal) -> None:
    """Rejected on its own page, for the same reason."""
    actions.reject_deal(actor=actor(world, "vendor"), deal=deal, reason="not_protected", note=NOTE)


@pytest.mark.parametrize("fate", ["duplicate", "refused"])
def test_a_rejection_reads_the_same_whatever_it_was_for(fate, django_capture_on_commit_callbacks):
    usual, _queries = play(django_capture_on_commit_callbacks, nothing, after=rejected_plainly)
    found, _queries = play(django_capture_on_commit_callbacks, possible, after=rejected_as(fate))
    assert differing(usual, found) == {}


# -- the holder of the protection sees nothing either


@pytest.mark.parametrize("act", [no_act, case_opened, told_to_wait], ids=lambda each: each.__name__)
def test_the_first_partner_sees_nothing_of_the_second(act, django_capture_on_commit_callbacks):
    capture = django_capture_on_commit_callbacks

    def look(second_comes: bool) -> dict[str, str]:
        kept: dict[str, str] = {}
        try:
            with transaction.atomic():
                world = build()
                possible(world)
                with heard() as frames, capture(execute=True):
                    if second_comes:
                        deal = actions.submit_deal(actor=actor(world, "second"), deal=world.draft, terms=True)
                        act(world, deal)
                world.second, world.people["second"] = world.first, world.people["first"]
                kept = seen(world, frames)
                raise Rollback
        except Rollback:
            return kept

    assert differing(look(False), look(True)) == {}


# -- a second try tells nothing more


def test_approving_what_is_blocked_changes_nothing_for_the_partner(django_capture_on_commit_callbacks):
    def taken(world: SimpleNamespace, deal: Deal) -> None:
        actions.take_deal(actor=actor(world, "vendor"), deal=deal)

    def refused(world: SimpleNamespace, deal: Deal) -> None:
        taken(world, deal)
        with pytest.raises(actions.AlreadyProtected):
            actions.approve_deal(actor=actor(world, "vendor"), deal=deal)
        deal.refresh_from_db()
        assert ConflictCheck.objects.get(deal=deal).queued

    usual, _queries = play(django_capture_on_commit_callbacks, nothing, after=taken)
    found, _queries = play(django_capture_on_commit_callbacks, blocking, after=refused)
    assert differing(usual, found) == {}


def test_numbers_of_registrations_do_not_count_what_is_hidden(django_capture_on_commit_callbacks):
    """A deal's number follows the submissions of the portal: a case, a queue or a check takes none."""
    usual, _queries = usually(django_capture_on_commit_callbacks)
    found, _queries = play(django_capture_on_commit_callbacks, blocking)
    number = re.compile(r'"number":"(D-[^"]+)"')
    assert number.findall(usual["api deal"]) == number.findall(found["api deal"]) != []


def test_the_moment_of_the_world_is_fixed(at_noon):
    assert localdate() == date(2026, 11, 18)
