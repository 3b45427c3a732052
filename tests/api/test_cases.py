"""Conflict cases through the API: the vendor's, and as good as missing for everybody else."""

import pytest
from django.urls import reverse

from deals import actions
from deals.models import ConflictCase, KnownPair
from tests.deals.factories import DealFactory
from tests.factories import OrganisationFactory

pytestmark = pytest.mark.django_db
JSON = {"content_type": "application/json"}
SAME = {"customer_name": "Acquedotto Sele S.p.A.", "customer_name_key": "acquedotto sele"}
NOTE = "We cannot protect this registration."
STEPS = ("decide", "dismiss", "reopen", "assign", "note")


def url(name, *args):
    return reverse(f"api:case-{name}", args=args)


@pytest.fixture
def sides():
    """Two partners' registrations for one customer."""
    first = DealFactory(**SAME)
    return first, DealFactory(partnership__vendor=first.vendor, type=first.type, **SAME)


@pytest.fixture
def case(sides, act_for):
    judge = act_for(sides[0].vendor, "deals.view", "deals.decide")
    return actions.open_case(actor=judge, deals=sides, reason="One address.")


@pytest.fixture
def vendor(sides, sign_in):
    return sign_in(sides[0].vendor, "deals.view", "deals.decide")


def keeps(first, second, **changes):
    answers = [{"deal": second.pk, "fate": "duplicate", "note": NOTE}]
    return {"outcome": "keeps", "keeper": first.pk, "answers": answers, "reason": "The first.", **changes}


def test_a_case_is_read_and_found_by_its_deal(case, sides, vendor):
    first, second = sides
    shown = vendor.get(url("detail", case.pk))
    assert shown.json()["number"] == case.number and shown["ETag"]
    assert {(each["deal"], each["partner"]) for each in shown.json()["sides"]} == {
        (first.pk, first.partner_id),
        (second.pk, second.partner_id),
    }
    assert [each["id"] for each in vendor.get(url("list"), {"deal": second.pk}).json()["results"]] == [case.pk]
    for nothing in ({"deal": "0"}, {"deal": "x"}, {"deal": "9" * 40}, {"state": "decided"}):
        assert vendor.get(url("list"), nothing).json()["results"] == []


def test_one_keeps_the_customer_and_the_other_is_rejected(case, sides, vendor):
    first, second = sides
    said = vendor.post(url("decide", case.pk), keeps(first, second), **JSON)
    assert (said.status_code, said.json()["state"], said.json()["outcome"]) == (200, "decided", "keeps"), said.text
    assert {each["deal"]: each["fate"] for each in said.json()["sides"]} == {first.pk: "keeps", second.pk: "duplicate"}
    second.refresh_from_db()
    assert second.state == "rejected"
    again = vendor.post(url("decide", case.pk), keeps(first, second), **JSON)
    assert (again.status_code, again.json()["code"]) == (409, "invalid_transition")


def test_different_customers_are_remembered_and_judged_anew(case, vendor):
    body = {"outcome": "different", "reason": "Another town."}
    assert vendor.post(url("decide", case.pk), body, **JSON).json()["outcome"] == "different"
    assert KnownPair.objects.count() == 1
    opened = vendor.post(url("reopen", case.pk), {"reason": "A slip."}, **JSON).json()
    assert (opened["state"], opened["outcome"]) == ("open", "")
    closed = vendor.post(url("dismiss", case.pk), {"reason": "Nothing in it."}, **JSON).json()
    assert closed["state"] == "dismissed"
    assert vendor.post(url("dismiss", case.pk), {"reason": "Again."}, **JSON).status_code == 409


def test_a_case_is_given_to_a_colleague_and_noted(case, sides, vendor, sign_in):
    assert vendor.post(url("assign", case.pk), {"owner": vendor.user.pk}, **JSON).json()["owner"] == vendor.user.pk
    reader = sign_in(sides[0].vendor, "deals.view")
    assert vendor.post(url("assign", case.pk), {"owner": reader.user.pk}, **JSON).status_code == 409
    foreign, missing = (
        vendor.post(url("assign", case.pk), {"owner": pk}, **JSON) for pk in (sides[0].submitter_id, 99_999_999)
    )
    assert foreign.status_code == missing.status_code == 400
    assert foreign.text.replace(str(sides[0].submitter_id), "#") == missing.text.replace("99999999", "#")
    assert vendor.post(url("assign", case.pk), {"owner": None}, **JSON).json()["owner"] is None
    assert vendor.post(url("note", case.pk), {"note": "Ask the buyer."}, **JSON).json()["note"] == "Ask the buyer."


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"outcome": "nonsense"}, 400),
        ({"reason": " "}, 400),
        ({"reason": "x" * 2001}, 400),
        ({"keeper": None}, 409),
        ({"keeper": 99_999_999}, 400),
        ({"answers": []}, 409),
        ({"answers": [{"deal": 99_999_999, "fate": "behind"}]}, 400),
        ({"answers": "all"}, 400),
    ],
)
def test_what_is_refused_changes_nothing(case, sides, vendor, changes, status):
    said = vendor.post(url("decide", case.pk), keeps(*sides, **changes), **JSON)
    assert (said.status_code, said["Content-Type"]) == (status, "application/problem+json"), said.text
    case.refresh_from_db()
    assert (case.state, case.version) == ("open", 1)


def test_a_sentence_that_names_the_other_is_refused(case, sides, vendor):
    first, second = sides
    answers = [{"deal": second.pk, "fate": "refused", "note": f"{first.partner.name} was first."}]
    said = vendor.post(url("decide", case.pk), keeps(first, second, answers=answers), **JSON)
    assert (said.status_code, said.json()["field"]) == (409, f"note_{second.pk}")


def test_who_read_an_older_version_is_told(case, vendor):
    tag = vendor.get(url("detail", case.pk))["ETag"]
    assert vendor.post(url("note", case.pk), {"note": "One."}, headers={"If-Match": tag}, **JSON).status_code == 200
    said = vendor.post(url("dismiss", case.pk), {"reason": "Two."}, headers={"If-Match": tag}, **JSON)
    assert said.status_code == 412


def test_parties_and_strangers_find_nothing(case, sides, sign_in):
    everything = ("deals.view", "deals.register", "deals.decide")
    others = [*(sign_in(deal.partner, *everything) for deal in sides), sign_in(OrganisationFactory(), *everything)]
    for client in others:
        assert client.get(url("list")).json()["results"] == []
        assert client.get(url("list"), {"deal": sides[0].pk}).json()["results"] == []
        here, nowhere = (client.get(url("detail", pk)) for pk in (case.pk, 99_999_999))
        assert (here.status_code, here.text) == (404, nowhere.text)
        for step in STEPS:
            assert client.post(url(step, case.pk), {"reason": "x"}, **JSON).status_code == 404
    case.refresh_from_db()
    assert ConflictCase.objects.get().version == case.version == 1


def test_a_colleague_who_does_not_decide_may_not_read_cases(case, sides, sign_in):
    reader = sign_in(sides[0].vendor, "deals.view")
    assert reader.get(url("list")).status_code == 403
    assert reader.get(url("detail", case.pk)).status_code == 403


def test_many_cases_take_as_many_queries_as_one(case, sides, vendor, act_for, django_assert_max_num_queries):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as one:
        vendor.get(url("list"))
    judge = act_for(sides[0].vendor, "deals.view", "deals.decide")
    for _case in range(4):
        rows = [DealFactory(partnership__vendor=sides[0].vendor, type=sides[0].type) for _side in range(2)]
        actions.open_case(actor=judge, deals=rows, reason="One address.")
    with django_assert_max_num_queries(len(one)):
        assert len(vendor.get(url("list")).json()["results"]) == 5
