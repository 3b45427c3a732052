"""Nobody gets in: strangers, rivals and the other side knock everywhere in a demo world full of data to leak."""

import re
from copy import deepcopy
from http.cookies import SimpleCookie

import pytest
from django.db import connection
from django.test import Client
from django.urls import URLPattern, get_resolver, reverse

from partners.capabilities import REGISTRY
from tests.factories import MembershipFactory, OrganisationFactory, RoleFactory
from tests.isolation import PRIVATE, ROUTES, WITHOUT_RECORD, records

MISSING = 99_999_999
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
VISITORS = ("stranger", "dolomiti", "aurora", "brenta", "nordic", "baltic")
EVERYTHING = [code for code, capability in REGISTRY.items() if not capability.excludes]
OURS = (
    "home",
    "partners",
    "logos",
    "inbox",
    "webhooks",
    "chat",
    "calls",
    "deals",
    "orders",
    "forums",
    "forums_public",
    "promotions",
    "funds",
    "leads",
    "leads_public",
    "rebates",
    "programmes",
    "audiences",
    "audiences_public",
    "automation",
    "campaigns",
    "campaigns_public",
    "edi",
    "insights",
    "api",
    "demo",
)


@pytest.fixture(scope="module")
def world(demo_world):
    """The whole demo, with one record of each kind and a company that knows nobody."""
    demo_world.records = records(demo_world)
    demo_world.orgs["stranger"] = OrganisationFactory(name="Stranger")
    demo_world.sessions = {org: signed_in(demo_world.orgs[org]) for org in VISITORS}
    connection.check_constraints()  # now, and not after each test
    return demo_world


def signed_in(organisation) -> SimpleCookie:
    """The cookies of somebody of this company whose only role holds everything."""
    role = RoleFactory(organisation=organisation, capabilities=EVERYTHING)
    client = Client()
    client.force_login(MembershipFactory(organisation=organisation, roles=[role]).user, backend=BACKEND)
    return client.cookies


@pytest.fixture(autouse=True)
def no_badges(monkeypatch):
    """The badges around a page are most of what it costs to show nothing; they have a test of their own below."""
    monkeypatch.setattr("portal.home.shell.counts_for", lambda actor: {})


@pytest.fixture
def visitor(world, db):
    """A client of one of the demo's companies whose only role holds everything, signed in once for all tests."""

    def build(org: str) -> Client:
        client = Client(headers={"Accept": "text/html,application/json"})
        client.cookies = deepcopy(world.sessions[org])
        return client

    return build


def routes(patterns, space="", prefix=""):
    for entry in patterns:
        if isinstance(entry, URLPattern):
            yield f"{space}{entry.name}", f"{prefix}{entry.pattern}"
        else:
            name = f"{space}{entry.namespace}:" if entry.namespace else space
            yield from routes(entry.url_patterns, name, f"{prefix}{entry.pattern}")


def our_routes() -> dict[str, str]:
    return {name: path for name, path in routes(get_resolver().url_patterns) if name.split(":")[0] in OURS}


def with_argument() -> set[str]:
    return {name for name, path in our_routes().items() if "<" in path}


def test_the_table_is_complete():
    assert with_argument() == set(ROUTES) | set(WITHOUT_RECORD)


def test_there_is_a_record_of_every_kind(world):
    assert {kind for kind, record in world.records.items() if record is None} == set()


def ask(client: Client, route: str, pk: int):
    method, _kind, arguments = ROUTES[route]
    # the argument that names the record is called pk, whatever else the route takes
    return getattr(client, method)(reverse(route, kwargs={"pk": pk, **arguments}))


def plain(response) -> tuple:
    """Status, type, headers and body of an answer without the token, which differs on every request."""
    body = re.sub(r'(csrfmiddlewaretoken" value|content)="[A-Za-z0-9]{64}"', "", response.content.decode())
    headers = {name for name in response.headers if name != "Content-Length"}
    return response.status_code, response.get("Content-Type"), body, headers


def knocks() -> list[tuple[str, str]]:
    found = []
    for route, (_method, kind, _arguments) in ROUTES.items():
        found += [(route, "stranger"), (route, "dolomiti")]
        if kind in PRIVATE:
            found.append((route, "aurora"))
    return found


@pytest.mark.parametrize(("route", "org"), knocks())
def test_nobody_else_can_tell_that_the_record_exists(world, visitor, route, org):
    record = world.records[ROUTES[route][1]]
    client = visitor(org)
    theirs, missing = ask(client, route, record.pk), ask(client, route, MISSING)
    assert theirs.status_code == 404
    assert plain(theirs) == plain(missing)


@pytest.mark.parametrize(
    "route",
    [
        "deals:detail",
        "deals:edit",
        "deals:autosave",
        "deals:delete",
        "deals:withdraw",
        "api:deal-detail",
        "api:deal-submit",
    ],
)
@pytest.mark.parametrize("org", ["stranger", "dolomiti", "aurora"])
def test_a_draft_is_its_authors_alone(world, visitor, route, org):
    client = visitor(org)
    theirs, missing = ask(client, route, world.records["draft"].pk), ask(client, route, MISSING)
    assert plain(theirs) == plain(missing)
    assert theirs.status_code == 404


@pytest.mark.parametrize("route", ROUTES)
def test_without_signing_in_nothing_is_shown(world, db, route):
    record = world.records[ROUTES[route][1]]
    response = ask(Client(), route, record.pk)
    assert response.status_code in {302, 401, 403}
    if response.status_code == 302:
        assert response["Location"].startswith("/accounts/login/")


# The owner's own company is let in at the reading routes, or the table would prove nothing.
@pytest.mark.parametrize("route", [route for route, (method, *_rest) in ROUTES.items() if method == "get"])
def test_the_owner_is_let_in(world, visitor, route):
    if route in {
        "deals:edit",
        "orders:edit",
        "orders:answer",
        "orders:product_edit",
        "deals:evidence",
        "api:deal-evidence-file",
        "api:room-file",
        "deals:evidence_view",
        "funds:proof",
        "campaigns:asset",
        "campaigns:asset_print",
        "campaigns:asset_pdf",
        "campaigns:expense_file",
    }:
        pytest.skip("asks for a state or for the other side")
    kind = ROUTES[route][1]
    owner = {
        "policy": "aurora",
        "limit": "aurora",
        "step": "aurora",
        "agreement": "nordic",
        "product": "nordic",
        "organisation": "baltic",
        "case": "aurora",
        "cluster": "aurora",
    }.get(kind, "brenta")
    if kind in {"notification", "subject", "view"}:
        pytest.skip("belongs to one person, not to the company")
    response = ask(visitor(owner), route, world.records[kind].pk)
    assert response.status_code in {200, 302, 404 if route.startswith("api:edi-outbound") else 200}


NAMES = re.compile(r"Brenta|Consorzio|Aurora|Marta Riva|Luca Conti|Nordic Valves|AP-[A-Z0-9]")


@pytest.mark.parametrize(
    "route",
    sorted(set(our_routes()) - with_argument() - {"api:schema", "api:docs", "home:design", "home:health", "demo:mail"}),
)
@pytest.mark.parametrize("query", ["", "?q=Brenta", "?q=Consorzio", "?format=csv"])
def test_lists_searches_and_exports_show_a_stranger_nothing(world, visitor, route, query):
    response = visitor("stranger").get(f"{reverse(route)}{query}")
    body = b"".join(response.streaming_content).decode() if response.streaming else response.content.decode()
    found = set(NAMES.findall(body)) - set(NAMES.findall(query))
    assert found == set()
    assert response.status_code in {200, 204, 302, 400, 403, 404, 405, 415}


def test_badges_count_nothing_of_others(visitor):
    counts = visitor("stranger").get(reverse("home:counts")).json()
    assert len(counts) > 10
    assert set(counts.values()) == {0}


def test_the_rollback_leaves_nothing(world):
    assert connection.in_atomic_block
