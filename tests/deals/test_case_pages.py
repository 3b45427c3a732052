"""The pages of conflict cases: the list, the sides beside each other, every act with its refusals."""

import pytest
from django.core.files.base import ContentFile
from django.urls import reverse

from chat.models import Message, Room
from deals import actions
from deals.models import CaseSide, ConflictCase, ConflictCheck, Deal, Evidence, ReviewTalk
from tests.deals.factories import ApprovedFactory, DealFactory

REASON = "The customer said so."
SHARED = "Similar name and same postcode: 75"


def make_case(deals: list[Deal], actor) -> ConflictCase:
    for deal in deals[1:]:
        finding = {"kind": "deal", "deal": deals[0].pk, "score": 75, "matched": ["name_postcode"]}
        ConflictCheck.objects.create(vendor=deal.vendor, deal=deal, verdict="possible", findings=[finding])
    return actions.open_case(actor=actor, deals=deals, reason=REASON)


@pytest.fixture
def case(reviewer):
    first = DealFactory(customer_name="Acquedotto Sele S.p.A.", title="Wells")
    second = DealFactory(partnership__vendor=first.vendor, type=first.type, customer_name="Acquedotto Sele")
    return make_case([first, second], reviewer(first)), first, second


@pytest.fixture
def judge(case, sign_in):
    return sign_in(case[0].vendor, "deals.view", "deals.decide", "chat.post")


def url(name, *args):
    return reverse(f"deals:{name}", args=args)


def test_the_page_shows_both_sides_what_differs_and_what_matches(case, judge):
    opened, first, second = case
    page = judge.get(opened.get_absolute_url()).content.decode()
    for text in (
        first.number,
        second.number,
        first.partner.name,
        second.partner.name,
        "Similar name and same postcode: 75",
        "differs",
    ):
        assert text in page
    assert page.count('name="keeper"') == 2


def test_the_list_has_saved_views_search_and_csv(case, judge):
    opened, _first, _second = case
    assert opened.number in judge.get(url("cases")).content.decode()
    assert opened.number not in judge.get(url("cases") + "?view=decided&state=decided").content.decode()
    assert opened.number in judge.get(url("cases") + "?q=Sele&view=all").content.decode()
    rows = b"".join(judge.get(url("cases") + "?format=csv&view=all").streaming_content).decode()
    assert opened.number in rows


def test_the_list_costs_the_same_for_one_row_and_for_three(case, judge, reviewer, django_assert_max_num_queries):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    _opened, first, _second = case
    judge.get(url("cases"))
    with CaptureQueriesContext(
        connection,
    ) as one:
        judge.get(url("cases"))
    for _ in range(2):
        pair = [DealFactory(partnership__vendor=first.vendor, type=first.type) for _ in range(2)]
        make_case(pair, reviewer(first))
    with CaptureQueriesContext(connection) as three:
        judge.get(url("cases"))
    assert len(three) == len(one)


def test_the_page_costs_the_same_for_two_sides_and_for_four(case, judge, reviewer):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    opened, first, _second = case
    four = [DealFactory(partnership__vendor=first.vendor, type=first.type) for _ in range(4)]
    larger = make_case(four, reviewer(first))
    judge.get(opened.get_absolute_url())
    with CaptureQueriesContext(connection) as two_sides:
        judge.get(opened.get_absolute_url())
    with CaptureQueriesContext(connection) as four_sides:
        judge.get(larger.get_absolute_url())
    assert len(four_sides) == len(two_sides)


def decision(first, second, **changes):
    said = {"outcome": "keeps", "keeper": first.pk, "reason": REASON}
    said |= {f"fate_{second.pk}": "duplicate", f"note_{second.pk}": "We cannot protect it."}
    return {**said, **changes}


def test_a_decision_from_the_page_opens_the_next_case(case, judge, reviewer):
    opened, first, second = case
    other = make_case([DealFactory(partnership__vendor=first.vendor, type=first.type) for _ in "ab"], reviewer(first))
    response = judge.post(url("case_decide", opened.pk), decision(first, second))
    second.refresh_from_db()
    assert (response.status_code, response["Location"]) == (302, other.get_absolute_url())
    assert second.state == "rejected"


@pytest.mark.parametrize(
    "changes", [{"keeper": ""}, {"keeper": "x"}, {"keeper": "9" * 30}, {"reason": ""}, {"outcome": "guess"}], ids=str
)
def test_an_incomplete_decision_comes_back_with_its_error_and_what_was_typed(case, judge, changes):
    opened, first, second = case
    said = decision(first, second, **changes) | {f"note_{second.pk}": "Kept words"}
    response = judge.post(url("case_decide", opened.pk), said)
    assert response.status_code == 422
    assert "Kept words" in response.content.decode()
    opened.refresh_from_db()
    assert opened.state == "open"


def test_every_other_side_is_answered_and_told_why(case, judge):
    opened, first, second = case
    page = judge.get(opened.get_absolute_url()).text
    fates = page[page.index('class="in fates"') : page.index("Decide <kbd")]
    assert fates.count("optional") == 0  # each is asked; the keeper alone is not
    untold = judge.post(url("case_decide", opened.pk), decision(first, second, **{f"note_{second.pk}": " "}))
    assert untold.status_code == 422
    assert "Write a sentence to the partner." in untold.text
    nowhere = judge.post(url("case_decide", opened.pk), decision(first, second, **{f"fate_{second.pk}": ""}))
    assert nowhere.status_code == 422
    waits = {f"fate_{second.pk}": "behind", f"note_{second.pk}": ""}
    assert judge.post(url("case_decide", opened.pk), decision(first, second, **waits)).status_code == 302


def test_a_sentence_that_names_the_other_side_is_refused(case, judge):
    opened, first, second = case
    said = decision(first, second) | {f"note_{second.pk}": f"{first.partner.name} was quicker."}
    response = judge.post(url("case_decide", opened.pk), said)
    assert response.status_code == 422
    assert "must not learn" in response.content.decode()


def test_the_dialogs_dismiss_reopen_add_and_ask(case, judge):
    opened, first, _second = case
    third = DealFactory(partnership__vendor=first.vendor, type=first.type)
    assert judge.post(url("case_add", opened.pk), {"add-number": third.number.lower()}).status_code == 302
    assert opened.sides.count() == 3
    assert judge.post(url("case_add", opened.pk), {"add-number": "D-nothing"}).status_code == 422
    assert judge.post(url("case_remove", opened.pk, third.pk)).status_code == 302
    assert judge.post(url("case_remove", opened.pk, third.pk)).status_code == 404
    assert judge.post(url("case_dismiss", opened.pk), {"dismiss-reason": ""}).status_code == 422
    assert judge.post(url("case_dismiss", opened.pk), {"dismiss-reason": "A slip."}).status_code == 302
    assert judge.post(url("case_reopen", opened.pk), {"reopen-reason": "After all."}).status_code == 302
    opened.refresh_from_db()
    assert opened.state == "open"


def test_the_note_and_who_decides_are_kept(case, judge):
    opened, _first, _second = case
    judge.post(url("case_note", opened.pk), {"note": "Called Mr Rossi."})
    assert "Called Mr Rossi." in judge.get(opened.get_absolute_url()).content.decode()
    mine = judge.user.memberships.get()
    judge.post(url("case_assign", opened.pk), {"member": mine.pk})
    opened.refresh_from_db()
    assert opened.owner == judge.user
    assert judge.post(url("case_assign", opened.pk), {"member": "99999"}).status_code == 422
    judge.post(url("case_assign", opened.pk), {"member": ""})
    opened.refresh_from_db()
    assert opened.owner is None


def test_a_case_is_opened_from_the_page_of_a_deal(judge, case):
    _opened, first, _second = case
    one = ApprovedFactory(partnership__vendor=first.vendor, type=first.type)
    other = DealFactory(partnership__vendor=first.vendor, type=first.type)
    ConflictCheck.objects.create(vendor=one.vendor, deal=one)
    assert 'data-dialog="#same"' in judge.get(one.get_absolute_url()).content.decode()
    said = {"same-number": other.number, "same-reason": REASON}
    response = judge.post(url("case_open", one.pk), said)
    made = CaseSide.objects.get(deal=other).case
    assert (response.status_code, response["Location"]) == (302, made.get_absolute_url())
    assert judge.post(url("case_open", one.pk), said).status_code == 422
    assert judge.post(url("case_open", one.pk), {**said, "same-number": "D-1"}).status_code == 422


# -- the neutral room


def test_each_partner_is_asked_in_a_talk_of_its_own(case, judge, sign_in):
    opened, first, second = case
    response = judge.post(url("case_talk", opened.pk), {"talk-message": "Who is your contact there?"})
    assert response.status_code == 302
    opened.refresh_from_db()
    talks = ReviewTalk.objects.all()
    assert (opened.state, {talk.deal for talk in talks}) == ("room", {first, second})
    for deal in (first, second):
        room = Room.objects.for_record(deal.review_talk).get()
        assert set(room.seats.values_list("organisation", flat=True)) == {deal.vendor_id, deal.partner_id}
        assert room.title == f"Review of {deal.number}"


def test_a_partner_finds_its_talk_and_answers_in_it(case, judge, sign_in):
    opened, first, second = case
    judge.post(url("case_say", opened.pk, second.pk), {f"say-{second.pk}-message": "Who is your contact?"})
    partner = sign_in(second.partner, "deals.view", "deals.register", "chat.post")
    assert "would like to talk about the review" in partner.get(second.get_absolute_url()).content.decode()
    room = Room.objects.for_record(second.review_talk).get()
    assert "Who is your contact?" in partner.get(room.get_absolute_url()).content.decode()
    assert partner.get(url("talk", second.review_talk.pk))["Location"] == second.get_absolute_url()
    assert judge.get(url("talk", second.review_talk.pk))["Location"] == opened.get_absolute_url()
    other = sign_in(first.partner, "deals.view", "deals.register", "chat.post")
    assert other.get(room.get_absolute_url()).status_code == 404
    assert "would like to talk" not in other.get(first.get_absolute_url()).content.decode()
    assert not ReviewTalk.objects.filter(deal=first).exists()


def test_no_message_of_the_room_names_another_side(case, judge):
    opened, first, second = case
    for route, said in (
        (url("case_talk", opened.pk), {"talk-message": f"Do you know {first.partner.name}?"}),
        (url("case_say", opened.pk, second.pk), {f"say-{second.pk}-message": f"What of {first.number}?"}),
        (url("case_say", opened.pk, second.pk), {f"say-{second.pk}-message": " "}),
    ):
        assert judge.post(route, said).status_code == 422
    assert not Message.objects.exists()


# -- who gets in


@pytest.mark.parametrize("route", ["case", "cases", "clusters"])
def test_a_colleague_without_the_capability_is_told_what_is_missing(case, sign_in, route):
    opened, _first, _second = case
    reader = sign_in(opened.vendor, "deals.view")
    response = reader.get(url(route, *([opened.pk] if route == "case" else [])))
    assert response.status_code == 403


@pytest.mark.parametrize("side", [0, 1])
def test_a_party_of_the_case_finds_nothing(case, sign_in, side):
    opened, *deals = case
    client = sign_in(deals[side].partner, "deals.view", "deals.register", "deals.decide", "chat.post")
    assert client.get(opened.get_absolute_url()).status_code == 404
    assert client.post(url("case_decide", opened.pk), {"outcome": "different", "reason": "x"}).status_code == 404
    listed = client.get(url("cases") + "?view=all").content.decode()
    assert opened.number not in listed


def test_only_the_vendor_opens_a_case_from_a_deal(case, sign_in):
    _opened, first, second = case
    client = sign_in(second.partner, "deals.view", "deals.register", "deals.decide")
    response = client.post(url("case_open", second.pk), {"same-number": first.number, "same-reason": "x"})
    assert response.status_code == 422
    assert first.partner.name not in response.content.decode()


# -- evidence in place


@pytest.mark.parametrize(
    ("name", "kind", "content", "shown"),
    [
        ("plan.png", "image/png", b"\x89PNG", "<img"),
        ("offer.pdf", "application/pdf", b"%PDF-1.4", "<iframe"),
        ("mail.txt", "text/plain", b"<b>Dear</b>", "&lt;b&gt;Dear"),
        ("list.ods", "application/vnd.oasis.opendocument.spreadsheet", b"PK", "Download it"),
    ],
)
def test_evidence_opens_in_place(case, judge, sign_in, name, kind, content, shown):
    opened, first, second = case
    row = Evidence(deal=first, name=name, content_type=kind, size=len(content), sha256="a" * 64)
    row.file.save(name, ContentFile(content))
    assert name in judge.get(opened.get_absolute_url()).content.decode()
    assert shown in judge.get(url("evidence_view", first.pk, row.pk)).content.decode()
    other = sign_in(second.partner, "deals.view")
    assert other.get(url("evidence_view", first.pk, row.pk)).status_code == 404
    assert judge.get(url("evidence_view", second.pk, row.pk)).status_code == 404


def test_only_a_pdf_is_ever_shown_inline_and_only_in_our_own_frame(case, judge):
    _opened, first, _second = case
    answers = {}
    for name, kind in (("offer.pdf", "application/pdf"), ("page.txt", "text/plain")):
        row = Evidence(deal=first, name=name, content_type=kind, size=4, sha256=name.ljust(64, "0"))
        row.file.save(name, ContentFile(b"<scr"))
        answers[name] = judge.get(url("evidence", first.pk, row.pk) + "?inline")
    pdf, text = answers["offer.pdf"], answers["page.txt"]
    assert pdf["Content-Disposition"].startswith("inline")
    assert "frame-ancestors 'self'" in pdf["Content-Security-Policy"]
    assert (pdf["X-Frame-Options"], pdf["X-Content-Type-Options"]) == ("SAMEORIGIN", "nosniff")
    assert text["Content-Disposition"].startswith("attachment")
    assert "sandbox" in text["Content-Security-Policy"]


# -- known customers


def test_known_customers_merge_and_split_from_their_page(judge, case):
    _opened, first, _second = case
    names = ("Bonifica Est S.p.A.", "Bonifica dell'Est S.p.A.")
    one, other = (
        ApprovedFactory(
            partnership__vendor=first.vendor, type=first.type, customer_name=name, lines=[{"product_line": line}]
        )
        for name, line in zip(names, ("Pumps", "Valves"), strict=True)
    )
    keep, gone = (deal.protections.get().cluster for deal in (one, other))
    page = judge.get(url("cluster", keep.pk)).content.decode()
    assert "Merge into this" in page
    assert judge.post(url("cluster_merge", keep.pk), {"gone": gone.pk}).status_code == 302
    assert judge.get(url("cluster", gone.pk)).status_code == 404
    response = judge.post(url("cluster_split", keep.pk), {"pk": [other.pk]})
    assert response.status_code == 302
    assert other.protections.get().cluster != keep
    assert judge.post(url("cluster_split", keep.pk), {"pk": ["x"]}).status_code == 422
    assert judge.post(url("cluster_merge", keep.pk), {"gone": "9" * 30}).status_code == 404


def test_a_merge_that_would_protect_twice_says_whom(judge, case):
    _opened, first, _second = case
    one, other = (ApprovedFactory(partnership__vendor=first.vendor, type=first.type) for _ in "ab")
    keep, gone = (deal.protections.get().cluster for deal in (one, other))
    response = judge.post(url("cluster_merge", keep.pk), {"gone": gone.pk})
    assert response.status_code == 422
    assert other.number in response.content.decode()
