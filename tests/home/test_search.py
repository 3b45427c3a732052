"""Global search: grouped, ordered, and only over what the actor may see, in every app that answers."""

import pytest
from django.urls import reverse

from core.search import Hit
from portal.home import search as module
from portal.home.asking import answers
from portal.home.search import search
from tests.factories import MembershipFactory, OrganisationFactory, PartnershipFactory, UserFactory

HTMX = {"HTTP_HX_REQUEST": "true"}


def offer(monkeypatch, *hits):
    monkeypatch.setattr(module, "answers", lambda *_names: (lambda actor, text, limit: list(hits),))


def test_hits_are_grouped_and_what_was_named_exactly_comes_first(monkeypatch, act_for):
    offer(
        monkeypatch,
        Hit("Companies", "Brenta Impianti", "", "/1"),
        Hit("Deals", "Pumps for Brenta", "", "/2"),
        Hit("Deals", "Brenta", "", "/3"),
        Hit("Companies", "Alto Brenta", "", "/4"),
    )
    groups = search(act_for(OrganisationFactory()), "brenta", 5)
    assert [(group.kind, [hit.url for hit in group.hits]) for group in groups] == [
        ("Deals", ["/3", "/2"]),
        ("Companies", ["/1", "/4"]),
    ]


def test_a_record_comes_before_the_talk_about_it(monkeypatch, act_for):
    def rooms(actor, text, limit):
        return [Hit("Rooms", "D-0041419 Well field", "", "/rooms/1")]

    def deals(actor, text, limit):
        return [Hit("Deals", "D-0041419 Well field", "", "/deals/1")]

    rooms.__module__ = "chat.search"
    monkeypatch.setattr(module, "answers", lambda *_names: (rooms, deals))
    groups = search(act_for(OrganisationFactory()), "d-0041419", 5)
    assert [group.kind for group in groups] == ["Deals", "Rooms"]


def test_no_kind_drowns_the_others(monkeypatch, act_for):
    offer(monkeypatch, *[Hit("Messages", f"pump {n}", "", "/") for n in range(50)], Hit("Deals", "pump", "", "/d"))
    groups = search(act_for(OrganisationFactory()), "pump", 5)
    assert [len(group.hits) for group in groups] == [1, 5]


def test_an_empty_text_asks_nobody(monkeypatch, act_for):
    monkeypatch.setattr(module, "answers", lambda *_names: pytest.fail("asked"))
    assert search(act_for(OrganisationFactory()), " ,; ", 5) == []


def test_the_palette_gets_options_and_the_browser_a_page(monkeypatch, sign_in):
    offer(monkeypatch, Hit("Deals", "<Pumps>", "D-1", "/deals/1/", "handshake"))
    client = sign_in(OrganisationFactory())
    fragment = client.get(reverse("home:search"), {"q": "pumps"}, **HTMX).content.decode()
    assert 'role="option" href="/deals/1/"' in fragment and "&lt;Pumps&gt;" in fragment and "<html" not in fragment
    page = client.get(reverse("home:search"), {"q": "pumps"}).content.decode()
    assert "<html" in page and 'value="pumps"' in page and "/deals/1/" in page


@pytest.mark.parametrize("text", ["<script>alert(1)</script>", "x" * 5000, "%' OR 1=1", "\u202e", "🚰"])
def test_hostile_text_finds_nothing_and_breaks_nothing(sign_in, text):
    answer = sign_in(OrganisationFactory(), preset="administrator").get(reverse("home:search"), {"q": text})
    assert answer.status_code == 200
    assert "<script>alert" not in answer.content.decode()


def test_a_nul_in_the_address_is_refused_before_any_search(sign_in):
    """No column of PostgreSQL holds U+0000: the whole portal answers 400 (portal/middleware.py)."""
    client = sign_in(OrganisationFactory(), preset="administrator")
    assert client.get(reverse("home:search"), {"q": "\x00"}).status_code == 400


def test_a_visitor_searches_nothing(client, db):
    assert client.get(reverse("home:search"), {"q": "a"}).status_code == 302


def test_no_app_finds_what_belongs_to_strangers(sign_in):
    """Every app is asked: companies and people of a network that the actor has no part in stay unknown."""
    assert answers("search", "search"), "no app answers"
    edge = PartnershipFactory(
        vendor=OrganisationFactory(name="Zephyrine Pumps"), partner=OrganisationFactory(name="Zephyrine Partner")
    )
    MembershipFactory(organisation=edge.partner, user=UserFactory(name="Zephyrine Smith"))
    stranger = sign_in(OrganisationFactory(name="Stranger"), preset="administrator")
    for headers in ({}, HTMX):
        text = stranger.get(reverse("home:search"), {"q": "zephyrine"}, **headers).content.decode()
        assert "Zephyrine" not in text
    member = sign_in(edge.vendor, preset="administrator")
    assert "Zephyrine Partner" in member.get(reverse("home:search"), {"q": "zephyrine"}).content.decode()
