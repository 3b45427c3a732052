"""The timeline of a record: the same story for both sides, without what is private to one."""

import pytest
from django.template.loader import render_to_string

from core import audit
from core.audit import Description, record, timeline_of
from tests.factories import OrganisationFactory, PartnershipFactory

VERB = "partnership.tested"


@pytest.fixture
def edge(db, monkeypatch):
    monkeypatch.setitem(audit.DESCRIPTIONS, VERB, Description("%(actor)s tested %(title)s", "good"))
    monkeypatch.setitem(audit.DESCRIPTIONS, "partnership.priced", Description("priced", "info", "members.manage"))
    return PartnershipFactory()


def texts(actor, *things):
    return [line.detail or line.text for line in timeline_of(actor, *things)]


def test_both_sides_read_the_same_newest_first(edge, act_for):
    vendor, partner = act_for(edge.vendor), act_for(edge.partner)
    record(actor=partner, verb=VERB, target=edge, note="asked")
    record(actor=vendor, verb=VERB, target=edge, reason="refused")
    assert texts(vendor, edge) == texts(partner, edge) == ["refused", "asked"]
    assert timeline_of(vendor, edge)[0].text == f"{vendor.user} tested {edge}"


def test_private_entries_and_other_records_stay_out(edge, act_for):
    vendor, partner = act_for(edge.vendor), act_for(edge.partner)
    other = PartnershipFactory(vendor=edge.vendor)
    record(actor=vendor, verb=VERB, target=edge, parties=(), note="between us")
    record(actor=vendor, verb=VERB, target=other, note="somebody else's")
    assert texts(partner, edge) == []
    assert texts(vendor, edge) == ["between us"]
    assert texts(vendor, edge, other) == ["somebody else's", "between us"]
    assert texts(act_for(OrganisationFactory()), edge, other) == []


def test_a_verb_that_asks_for_a_capability_is_told_to_its_holders(edge, act_for):
    vendor = act_for(edge.vendor)
    record(actor=vendor, verb="partnership.priced", target=edge)
    assert texts(vendor, edge) == []
    assert texts(act_for(edge.vendor, "members.manage"), edge) == ["priced"]


def test_it_takes_one_query(edge, act_for, django_assert_num_queries):
    vendor = act_for(edge.vendor)
    for _ in range(3):
        record(actor=vendor, verb=VERB, target=edge)
    with django_assert_num_queries(1):
        render_to_string("components/timeline.html", {"lines": timeline_of(vendor, edge)})


def test_words_of_a_note_are_shown_as_words(edge, act_for):
    vendor = act_for(edge.vendor)
    record(actor=vendor, verb=VERB, target=edge, note="<img src=x onerror=alert(1)>")
    html = render_to_string("components/timeline.html", {"lines": timeline_of(vendor, edge)})
    assert "<img" not in html and "&lt;img" in html
