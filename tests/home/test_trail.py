"""The trail: filters, search, CSV, one entry, and never another organisation's private entries."""

import csv
import io
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from core import audit
from core.audit import DESCRIPTIONS, Description, record
from core.models import TrailEntry
from partners import capabilities
from partners.capabilities import Capability
from portal.home.trail_filters import NOUNS, nouns
from tests.factories import OrganisationFactory, PartnershipFactory, RoleFactory

HTMX = {"HTTP_HX_REQUEST": "true"}
TRAIL = "/trail/"


@pytest.fixture
def edge(db, monkeypatch):
    monkeypatch.setitem(audit.DESCRIPTIONS, "partnership.tested", Description("%(actor)s tested it: %(note)s"))
    monkeypatch.setitem(audit.DESCRIPTIONS, "role.tested", Description("%(actor)s tested the role %(title)s"))
    return PartnershipFactory()


def note(actor, target, text, **options):
    return record(actor=actor, verb="partnership.tested", target=target, note=text, **options)


def body(response):
    return b"".join(response).decode() if response.streaming else response.content.decode()


def without_token(response):
    """The page without the key against forged requests, which differs each time."""
    return re.sub(rb'name="csrf-token" content="\w+"', b"", response.content)


def test_each_side_reads_what_is_shared_and_its_own(edge, act_for, sign_in):
    vendor, partner = act_for(edge.vendor), act_for(edge.partner)
    note(vendor, edge, "for both")
    note(vendor, edge, "only vendor", parties=())
    note(partner, edge, "only partner", parties=())
    for organisation, own, foreign in (
        (edge.vendor, "only vendor", "only partner"),
        (edge.partner, "only partner", "only vendor"),
    ):
        client = sign_in(organisation, "trail.view")
        for address in (TRAIL, f"{TRAIL}?format=csv", f"{TRAIL}?q={edge.partner.name}"):
            text = body(client.get(address))
            assert "for both" in text and own in text and foreign not in text


def test_a_stranger_reads_nothing_and_finds_nothing(edge, act_for, sign_in):
    entry = note(act_for(edge.vendor), edge, "secret")
    client = sign_in(OrganisationFactory(), "trail.view")
    assert "secret" not in body(client.get(TRAIL)) and "secret" not in body(client.get(f"{TRAIL}?format=csv"))
    there = client.get(reverse("home:entry", args=[entry.pk]))
    missing = client.get(reverse("home:entry", args=[entry.pk + 999]))
    assert there.status_code == missing.status_code == 404
    assert without_token(there) == without_token(missing)


def test_without_the_capability_the_answer_says_what_is_missing(edge, sign_in):
    answer = sign_in(edge.vendor, "partnerships.view").get(TRAIL)
    assert answer.status_code == 403 and "Read the trail" in answer.content.decode()


def test_a_visitor_is_asked_to_sign_in(client, db):
    assert client.get(TRAIL).status_code == 302


def test_filters_narrow(edge, act_for, sign_in):
    vendor, partner = act_for(edge.vendor), act_for(edge.partner, via="api")
    role = RoleFactory(organisation=edge.vendor, name="Testers")
    note(vendor, edge, "in the portal")
    note(partner, edge, "by a machine")
    record(actor=vendor, verb="role.tested", target=role)
    TrailEntry.objects.filter(verb="role.tested").update(created="2020-02-03T12:00:00Z")
    client = sign_in(edge.vendor, "trail.view")

    def shown(query):
        text = body(client.get(f"{TRAIL}{query}", **HTMX))
        words = {"in the portal": "tested it: in the portal", "machine": "by a machine", "role": "the role Testers"}
        return {name for name, word in words.items() if word in text}

    assert shown("") == {"in the portal", "machine", "role"}
    assert shown("?about=role") == {"role"}
    assert shown("?about=role&about=partnership") == {"in the portal", "machine", "role"}
    assert shown(f"?person={partner.user.pk}") == {"machine"}
    assert shown("?door=api") == {"machine"}
    assert shown("?created_to=2020-12-31") == {"role"}
    assert shown(f"?record=partners.role.{role.pk}") == {"role"}
    assert shown("?record=partners.role.x") == set()
    assert shown("?record=1") == set()
    assert shown("?q=testers") == {"role"}


def test_people_offered_as_a_filter_are_those_who_wrote_readable_entries(edge, act_for, sign_in):
    private = act_for(edge.partner)
    note(private, edge, "between us", parties=())
    assert str(private.user) not in body(sign_in(edge.vendor, "trail.view").get(TRAIL))


def test_csv_carries_everything_and_no_formula(edge, act_for, sign_in):
    vendor = act_for(edge.vendor)
    vendor.user.name = "=HYPERLINK(1)"
    vendor.user.save()
    note(vendor, edge, "x")
    response = sign_in(edge.vendor, "trail.view").get(f"{TRAIL}?format=csv")
    assert response["Content-Type"].startswith("text/csv")
    rows = list(csv.reader(io.StringIO(body(response).lstrip("\ufeff"))))
    cells = [cell for row in rows[1:] for cell in row]
    assert any(cell.startswith("'=HYPERLINK") for cell in cells)
    assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@"))]


def test_an_entry_shows_before_and_after_and_what_was_noted(edge, act_for, sign_in):
    entry = record(
        actor=act_for(edge.vendor),
        verb="partnership.tested",
        target=edge,
        before={"tier": "Silver"},
        after={"tier": "Gold", "territory": "<Veneto>"},
        changes={"since": [None, "2026-01-01"]},
        note="promoted",
    )
    client = sign_in(edge.partner, "trail.view")
    page = body(client.get(reverse("home:entry", args=[entry.pk])))
    for word in ("Silver", "Gold", "&lt;Veneto&gt;", "2026-01-01", "promoted", "partnership.tested"):
        assert word in page
    panel = body(client.get(reverse("home:entry", args=[entry.pk]), **HTMX))
    assert "Silver" in panel and "<html" not in panel


def test_the_channel_firewall_holds_in_the_trail_too(edge, act_for, sign_in, monkeypatch):
    monkeypatch.setitem(
        audit.DESCRIPTIONS, "partnership.registered", Description("registered by a partner", capability="reg.view")
    )
    known = capabilities.REGISTRY
    monkeypatch.setitem(known, "reg.view", Capability("reg.view", "x", "x", "x", frozenset()))
    monkeypatch.setitem(known, "direct", Capability("direct", "x", "x", "x", frozenset(), frozenset({"reg.view"})))
    record(actor=act_for(edge.partner), verb="partnership.registered", target=edge)
    assert "registered by a partner" in body(sign_in(edge.vendor, "trail.view", "reg.view").get(TRAIL))
    assert "registered by a partner" not in body(sign_in(edge.vendor, "trail.view", "direct").get(TRAIL))


def test_queries_do_not_grow_with_rows(edge, act_for, sign_in, django_assert_num_queries):
    vendor = act_for(edge.vendor)
    client = sign_in(edge.vendor, "trail.view")
    note(vendor, edge, "1")
    client.get(TRAIL)
    with CaptureQueriesContext(connection) as one:
        client.get(TRAIL)
    for number in (2, 3):
        note(vendor, edge, str(number))
    with django_assert_num_queries(len(one)):
        client.get(TRAIL)


def test_every_verb_is_found_under_a_heading():
    under = {noun for nouns in NOUNS.values() for noun in nouns}
    assert {verb.split(".")[0] for verb in DESCRIPTIONS} - under == set()


def test_a_heading_is_offered_to_who_may_know_of_it(act_for):
    offered = dict(nouns(act_for(OrganisationFactory(), "deals.view")))
    assert "deal" in offered
    assert "case" not in offered
