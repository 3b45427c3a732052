"""Requests: written by the partner, decided line by line, confirmed by a second pair of eyes, ended by the calendar."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.utils.timezone import localdate

from chat.models import Room
from core.errors import DomainError, InvalidTransition, StaleObject
from core.models import TrailEntry
from funds import actions
from funds.ledger.booking import InsufficientFunds
from funds.models import FundRequest
from funds.purses import reserved_for
from funds.tasks import sweep
from partners.models import Organisation
from tests.funds.factories import Scene, somebody

pytestmark = pytest.mark.django_db


def told(request, *decisions):
    return [
        actions.LineDecision(at, decision, Decimal(amount) if amount else None, "Why not")
        for at, (decision, amount) in enumerate(decisions, 1)
    ]


def test_a_draft_is_the_partners_alone(scene):
    request = scene.draft()
    assert request.number.startswith("MDF-")
    assert not FundRequest.objects.visible_to(scene.reviewer).exists()
    assert set(TrailEntry.objects.get(verb="fund_request.drafted").readers.values_list("organisation", flat=True)) == {
        scene.partner.pk
    }


def test_submitting_opens_the_room_of_both(scene):
    request = scene.submitted()
    room = Room.objects.for_record(request).get()
    assert {seat.organisation for seat in room.seats.all()} == {scene.vendor, scene.partner}
    with pytest.raises(InvalidTransition):
        actions.submit_request(actor=scene.asker, request=request)


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"starts": localdate() + timedelta(days=9), "ends": localdate()}, "ends before"),
        ({"ends": localdate() + timedelta(days=300)}, "The fund is for"),
        ({"own_share": Decimal(1500)}, "more than it costs"),
        ({"activity": "party"}, "activity"),
        ({"title": ""}, "what"),
        ({"asked": Decimal(0), "cost": Decimal(5), "own_share": Decimal(0)}, "asked"),
        ({"expected_leads": -1}, "leads"),
    ],
)
def test_a_line_that_cannot_be_is_named_by_its_position(scene, fields, says):
    with pytest.raises(DomainError, match=says) as refused:
        scene.draft(scene.line(), scene.line(**fields))
    assert refused.value.field == "2"
    assert not FundRequest.objects.exists()


def test_a_request_has_lines(scene):
    with pytest.raises(DomainError):
        actions.draft_request(actor=scene.asker, fund=scene.fund, partnership=scene.edge, title="None", lines=[])


def test_who_may_not_ask(scene):
    stranger = Scene()
    with pytest.raises(PermissionDenied):
        actions.draft_request(
            actor=somebody(scene.partner), fund=scene.fund, partnership=scene.edge, title="x", lines=[scene.line()]
        )
    with pytest.raises(Exception, match="does not exist"):
        actions.draft_request(
            actor=stranger.asker, fund=scene.fund, partnership=stranger.edge, title="x", lines=[scene.line()]
        )
    other = scene.open(reach="country", country="SE")
    assert scene.partner.country != "SE"
    with pytest.raises(Exception, match="does not exist"):
        scene.draft(fund=other)


def test_every_line_accepted_goes_to_finance_and_then_is_reserved(scene, held):
    request = scene.reviewed(scene.line(1000), scene.line(500))
    assert request.state == "pending_finance" and held() == {"source": -10_000, "available": 10_000}
    request = actions.release_request(actor=scene.finance, request=request)
    assert request.state == "approved"
    assert held() == {"source": -10_000, "available": 8_500, "reserved": 1_500}
    assert request.claim_until == request.last_day + timedelta(days=30)
    assert reserved_for(request) == 1_500


def test_who_reviewed_does_not_release(scene):
    both = somebody(scene.vendor, "funds.decide", "funds.finance")
    request = scene.submitted()
    request = actions.review_request(actor=both, request=request, decisions=told(request, ("accepted", None)))
    with pytest.raises(PermissionDenied, match="yourself"):
        actions.release_request(actor=both, request=request)
    with pytest.raises(PermissionDenied):
        actions.release_request(actor=scene.reviewer, request=request)
    with pytest.raises(PermissionDenied):
        actions.release_request(actor=scene.asker, request=request)


def test_changed_and_denied_lines_are_partly_approved(scene, held):
    request = scene.submitted(scene.line(1000), scene.line(500))
    decisions = told(request, ("changed", "600"), ("denied", None))
    request = actions.review_request(actor=scene.reviewer, request=request, decisions=decisions)
    request = actions.release_request(actor=scene.finance, request=request)
    assert request.state == "partly_approved" and held()["reserved"] == 600


def test_a_returned_line_returns_the_request(scene):
    request = scene.submitted(scene.line(), scene.line())
    decisions = told(request, ("accepted", None), ("returned", None))
    request = actions.review_request(actor=scene.reviewer, request=request, decisions=decisions)
    assert request.state == "returned"
    request = actions.change_request(actor=scene.asker, request=request, title="Smaller", lines=[scene.line(10)])
    request = actions.submit_request(actor=scene.asker, request=request)
    assert request.state == "submitted" and request.lines.get().decision == ""


def test_all_lines_denied_reject_it(scene):
    request = scene.submitted()
    request = actions.review_request(actor=scene.reviewer, request=request, decisions=told(request, ("denied", None)))
    assert request.state == "rejected"
    with pytest.raises(InvalidTransition):
        actions.review_request(actor=scene.reviewer, request=request, decisions=told(request, ("accepted", None)))


@pytest.mark.parametrize(
    "decision",
    [
        actions.LineDecision(1, "maybe"),
        actions.LineDecision(1, ""),
        actions.LineDecision(2, "accepted"),
        actions.LineDecision(1, "denied", reason=" "),
        actions.LineDecision(1, "changed", Decimal(1000), "more"),
        actions.LineDecision(1, "changed", Decimal(0), "less"),
        actions.LineDecision(1, "changed", None, "less"),
    ],
)
def test_a_decision_says_what_and_why(scene, decision):
    request = scene.submitted()
    with pytest.raises(DomainError) as refused:
        actions.review_request(actor=scene.reviewer, request=request, decisions=[decision])
    assert refused.value.field == "1"
    assert FundRequest.objects.get().state == "submitted"


def test_no_more_is_reserved_than_there_is(scene):
    request = scene.reviewed(scene.line(10_001))
    with pytest.raises(InsufficientFunds):
        actions.release_request(actor=scene.finance, request=request)
    request.refresh_from_db()
    assert request.state == "pending_finance"
    request = actions.hand_back_request(actor=scene.finance, request=request, reason="There is less")
    assert request.state == "in_review"


def test_finance_may_reject_and_says_why(scene):
    request = scene.reviewed()
    with pytest.raises(DomainError):
        actions.reject_request(actor=scene.finance, request=request, reason=" ")
    with pytest.raises(PermissionDenied):
        actions.reject_request(actor=scene.reviewer, request=request, reason="No")
    assert actions.reject_request(actor=scene.finance, request=request, reason="No").state == "rejected"


def test_a_stale_page_decides_nothing(scene):
    request = scene.submitted()
    actions.take_request(actor=scene.reviewer, request=request, version=request.version)
    with pytest.raises(StaleObject):
        actions.review_request(
            actor=scene.reviewer, request=request, decisions=told(request, ("accepted", None)), version=request.version
        )


def test_cancelling_gives_back_what_is_not_claimed(scene, held):
    request = scene.granted()
    scene.earned(request, 400)
    request = actions.cancel_request(actor=scene.asker, request=request, reason="The hall burnt down")
    assert request.state == "cancelled"
    assert held() == {"source": -10_000, "available": 9_600, "reserved": 0, "claimed": 400}
    with pytest.raises(InvalidTransition):
        actions.cancel_request(actor=scene.asker, request=request, reason="Twice")


def test_a_claim_that_waits_is_decided_first(scene):
    request = scene.granted()
    scene.claimed(request)
    with pytest.raises(DomainError, match="waits"):
        actions.cancel_request(actor=scene.reviewer, request=request, reason="No")


def test_a_draft_is_thrown_away_and_what_was_submitted_is_not(scene):
    actions.delete_request(actor=scene.asker, request=scene.draft())
    with pytest.raises(InvalidTransition):
        actions.delete_request(actor=scene.asker, request=scene.submitted())
    assert FundRequest.objects.count() == 1


def test_the_calendar_starts_completes_and_lapses(scene, held, pass_days):
    request = scene.granted()
    sweep.call()
    request.refresh_from_db()
    assert request.state == "completed"  # its days are over; it can be claimed for thirty more
    pass_days(40)
    for _time in range(2):
        sweep.call()
    request.refresh_from_db()
    assert request.state == "lapsed" and reserved_for(request) == 0
    assert held() == {"source": -10_000, "available": 10_000, "reserved": 0}


def test_what_was_claimed_in_part_is_completed_and_the_rest_goes_back(scene, held, pass_days):
    request = scene.granted()
    scene.earned(request, 400)
    pass_days(40)
    sweep.call()
    request.refresh_from_db()
    assert request.state == "completed" and request.released_on
    assert held() == {"source": -10_000, "available": 9_600, "reserved": 0, "claimed": 400}


def test_a_claim_in_review_holds_the_clock(scene, pass_days):
    request = scene.granted()
    scene.claimed(request)
    pass_days(40)
    sweep.call()
    assert reserved_for(request) == 1_000


def test_a_fund_that_ends_takes_what_is_released_later(scene, held, pass_days):
    fund = scene.fund
    late = scene.line(1000, starts=fund.ends - timedelta(days=1), ends=fund.ends)
    scene.granted(late)
    pass_days(62)
    sweep.call()
    assert held() == {"source": -10_000, "available": 0, "reserved": 1_000, "expired": 9_000}
    pass_days(40)
    sweep.call()
    sweep.call()
    assert held() == {"source": -10_000, "available": 0, "reserved": 0, "expired": 10_000}


def test_a_partnership_that_ended_asks_for_nothing(scene):
    request = scene.draft()
    scene.edge.state = "suspended"
    scene.edge.save()
    with pytest.raises(PermissionDenied, match="not for you"):
        actions.submit_request(actor=scene.asker, request=request)
    assert Organisation.objects.filter(pk=scene.partner.pk).exists()
