"""What surrounds the exchange: who is told, what waits, what search finds, the order's documents, reports."""

import pytest
from django.urls import reverse

from core.waiting import Waiting
from edi.exchange import receive
from edi.models import Interchange
from edi.reports import Report, reports_in
from edi.search import search
from edi.waiting import waiting
from inbox.models import Notification
from orders.hooks import documents_of
from orders.models import Order
from tests.edi.traffic import edifact, orders_message, pair
from tests.factories import MembershipFactory, OrganisationFactory, PartnershipFactory, RoleFactory

pytestmark = pytest.mark.django_db
SEES = ("edi.view", "integration.manage", "orders.view")


def integrator(organisation):
    role = RoleFactory(organisation=organisation, capabilities=list(SEES))
    return MembershipFactory(organisation=organisation, roles=[role])


def arrive(couple, text) -> Interchange:
    return receive(actor=couple.actor, data=text.encode()).interchanges[0]


def told() -> set:
    return set(Notification.objects.filter(kind="edi").values_list("membership", flat=True))


def test_a_refusal_is_told_to_the_integration_people_of_both(django_capture_on_commit_callbacks):
    couple = pair()
    third = OrganisationFactory()
    PartnershipFactory(vendor=couple.seller, partner=third)
    ours, theirs, _others = (integrator(each) for each in (couple.buyer, couple.seller, third))
    with django_capture_on_commit_callbacks(execute=True):
        arrive(couple, edifact(orders_message(quantity="none")))
    assert told() == {ours.pk, theirs.pk}


def test_a_document_for_nobody_is_told_to_its_sender_alone(django_capture_on_commit_callbacks):
    couple = pair()
    ours, _theirs = integrator(couple.buyer), integrator(couple.seller)
    with django_capture_on_commit_callbacks(execute=True):
        arrive(couple, edifact(receiver="999"))
    assert told() == {ours.pk}


def test_exceptions_wait_for_those_who_look_after_the_integration(act_for):
    couple = pair()
    rows = [arrive(couple, edifact(control=str(number), count=9)) for number in range(5)]
    items = waiting(act_for(couple.buyer, *SEES))
    assert all(isinstance(item, Waiting) for item in items) and len(items) == 4
    assert items[0].url == rows[-1].get_absolute_url() and items[-1].count == 5
    assert waiting(act_for(couple.buyer, "edi.view")) == []
    assert waiting(act_for(couple.seller, *SEES)) == [], "the sender has to correct it"


def test_search_finds_documents_for_those_who_may_see_them(act_for):
    couple = pair()
    row = arrive(couple, edifact())
    for text in ("4711", "PO-1", "Aurora"):
        [hit] = search(act_for(couple.buyer, "edi.view"), text, 5)
        assert hit.url == row.get_absolute_url() and "Brenta Impianti → Aurora Pumps" in hit.sub
    assert search(act_for(couple.buyer, "orders.view"), "4711", 5) == []
    assert search(act_for(OrganisationFactory(), "edi.view"), "4711", 5) == []


def test_an_orders_page_names_its_files(act_for):
    couple = pair()
    row = arrive(couple, edifact())
    order = Order.objects.get()
    assert [each.url for each in documents_of(act_for(couple.seller, *SEES), order)] == [row.get_absolute_url()]
    assert documents_of(act_for(couple.seller, "orders.view"), order) == []


def test_the_trail_leads_to_the_document():
    assert reverse("edi:interchange", args=[1]) == "/exchange/1/"


@pytest.mark.parametrize(
    ("standard", "text", "found"),
    [
        ("edifact", "UNB+UNOC:3+A+B+261114:1200+1'UNH+1+CONTRL:D:3:UN'UCI+17+A+B+7'UNT+3+1'UNZ+1+1'", "accepted"),
        (
            "edifact",
            "UNB+UNOC:3+A+B+261114:1200+1'UNH+1+CONTRL:D:3:UN'UCI+17+A+B+7'UCM+1+ORDRSP:D:96A:UN+4'UNT+4+1'UNZ+1+1'",
            "accepted_with_errors",
        ),
        ("edifact", "UNB+UNOC:3+A+B+261114:1200+1'UNH+1+CONTRL:D:3:UN'UCI+17+A+B+8'UNT+3+1'UNZ+1+1'", None),
        ("edifact", "UCI+17", None),
        ("ubl", "<not xml", None),
        ("unknown", "", None),
    ],
)
def test_reports_are_read_from_acknowledgements(standard, text, found):
    assert reports_in(standard, text.encode()) == ([Report("17", found)] if found else [])


def test_an_application_response_is_a_report():
    names = "urn:oasis:names:specification:ubl:schema:xsd:"
    text = (
        f'<ApplicationResponse xmlns="{names}ApplicationResponse-2" xmlns:cac="{names}CommonAggregateComponents-2" '
        f'xmlns:cbc="{names}CommonBasicComponents-2"><cac:DocumentResponse><cac:Response><cbc:ResponseCode>RE'
        "</cbc:ResponseCode></cac:Response><cac:DocumentReference><cbc:ID>17</cbc:ID></cac:DocumentReference>"
        "</cac:DocumentResponse></ApplicationResponse>"
    )
    assert reports_in("ubl", text.encode()) == [Report("17", "rejected")]
