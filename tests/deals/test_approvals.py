"""Approval chains: the plan, who answers, what follows; absences and delegates; what time does; what a partner sees."""

from datetime import datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import PermissionDenied
from django.utils.timezone import localdate

from core.errors import DomainError, InvalidTransition
from core.models import TrailEntry
from deals import actions
from deals.actions import AlreadyProtected
from deals.models import Absence, Approval, ApprovalPolicy, ApprovalStep, ApproverLimit, Deal, Protection
from deals.plans import asking, plan_for
from deals.tasks import sweep
from inbox.models import Notification
from tests.deals.factories import ApprovedFactory, DealFactory
from tests.factories import OrganisationFactory

pytestmark = pytest.mark.django_db
ROME = ZoneInfo("Europe/Rome")


class Desk:
    """A vendor with a reviewer and approvers, and a deal in review."""

    def __init__(self, act_for):
        self.act_for = act_for
        self.deal = DealFactory(state="in_review")
        self.vendor = self.deal.vendor
        self.reviewer = self.person("deals.decide", "deals.terms", "members.manage")
        self.seller = act_for(self.deal.partner, "deals.view", "deals.register")
        self.deal.owner = self.reviewer.user
        self.deal.save()

    def person(self, *more):
        return self.act_for(self.vendor, "deals.view", *more)

    def approver(self):
        return self.person("deals.approve")

    def policy(self, *people, **fields):
        values = {
            "name": "Director",
            **({"who": "persons", "persons": [each.user for each in people]} if people else {}),
        }
        return actions.set_policy(actor=self.reviewer, fields={**values, **fields})

    def send(self):
        actions.approve_deal(actor=self.reviewer, deal=self.deal, note="Well done.")
        return self.reread()

    def reread(self):
        self.deal = Deal.objects.get(pk=self.deal.pk)
        return self.deal

    def steps(self, **which):
        return list(ApprovalStep.objects.filter(approval__deal=self.deal, **which).order_by("position", "pk"))

    def open(self):
        return self.steps(state="open")

    def verbs(self, actor):
        rows = TrailEntry.objects.visible_to(actor).filter(target="deals.deal", target_id=self.deal.pk)
        return list(rows.order_by("pk").values_list("verb", flat=True))


@pytest.fixture
def desk(act_for, at_noon):
    return Desk(act_for)


# The way through ----------------------------------------------------------------------------------------------------


def test_in_sequence_the_next_is_asked_when_all_before_agreed(desk):
    first, second = desk.approver(), desk.approver()
    desk.policy(first, name="Pricing")
    desk.policy(second, name="Director", position=2)
    assert desk.send().state == "in_review"
    assert [(step.name, step.state) for step in desk.steps()] == [("Pricing", "open"), ("Director", "waiting")]
    with pytest.raises(InvalidTransition):
        actions.approve_step(actor=second, step=desk.steps()[1])
    actions.approve_step(actor=first, step=desk.open()[0], note="Fine.")
    assert not Protection.objects.exists()
    assert desk.open()[0].name == "Director"
    actions.approve_step(actor=second, step=desk.open()[0])
    deal = desk.reread()
    assert (deal.state, deal.decided_by, deal.decision_note) == ("approved", second.user, "Well done.")
    assert deal.protections.count() == 1 and deal.reminders.exists()
    assert Approval.objects.get().state == "approved"


def test_side_by_side_all_of_a_position_are_asked_at_once(desk):
    people = [desk.approver() for _ in range(3)]
    desk.policy(people[0], name="Pricing")
    desk.policy(*people[1:], name="Board", needed=0)
    desk.send()
    assert len(desk.open()) == 2
    board = desk.steps(name="Board")[0]
    assert board.needed == 2
    for person, step in ((people[1], board), (people[0], desk.steps(name="Pricing")[0])):
        actions.approve_step(actor=person, step=step)
        assert desk.reread().state == "in_review"
    actions.approve_step(actor=people[2], step=board)
    assert desk.reread().state == "approved"


def test_some_of_several_are_enough(desk):
    people = [desk.approver() for _ in range(3)]
    desk.policy(*people, needed=2)
    desk.send()
    step = desk.open()[0]
    actions.approve_step(actor=people[2], step=step)
    actions.approve_step(actor=people[0], step=step)
    assert desk.reread().state == "approved"
    with pytest.raises(InvalidTransition):
        actions.approve_step(actor=people[1], step=step)


@pytest.mark.parametrize(
    ("condition", "needed"),
    [
        ({"amount_from": Decimal(12000)}, True),
        ({"amount_from": Decimal("12000.01")}, False),
        ({"amount_from": Decimal(1), "currency": "USD"}, False),
        ({"currency": "EUR"}, True),
        ({"product_line": "PUMPS"}, True),
        ({"product_line": "valves"}, False),
        ({"country": "IT"}, True),
        ({"country": "DE"}, False),
        ({"discount_from": Decimal("7.7")}, True),
        ({"discount_from": Decimal("7.8")}, False),
        ({"country": "IT", "product_line": "valves"}, False),
        ({}, True),
    ],
)
def test_a_step_is_asked_where_every_condition_holds(desk, condition, needed):
    desk.deal.lines.update(product_line="Pumps")
    desk.approver()
    desk.policy(**condition)
    assert bool(plan_for(desk.deal)) is needed
    assert desk.send().state == ("in_review" if needed else "approved")


def test_a_type_may_ask_for_a_step_of_its_own(desk):
    desk.approver()
    desk.policy(type=desk.deal.type)
    assert plan_for(desk.deal)
    other = DealFactory(partnership__vendor=OrganisationFactory()).type
    with pytest.raises(DomainError):
        desk.policy(type=other)


# Who may answer -----------------------------------------------------------------------------------------------------


def test_never_the_submitter_the_reviewer_or_the_same_person_twice(desk):
    one, other = desk.approver(), desk.approver()
    desk.deal.submitter = other.user  # registered by the vendor on the partner's behalf
    desk.deal.save()
    both = desk.person("deals.decide", "deals.approve")
    desk.policy()
    desk.policy(name="Second", position=2)
    with pytest.raises(DomainError, match="Second"):
        actions.approve_deal(actor=both, deal=desk.deal)  # who sends it is asked no more: one person is left for two
    third = desk.approver()
    actions.approve_deal(actor=both, deal=desk.deal)
    for actor in (other, both):
        with pytest.raises(PermissionDenied):
            actions.approve_step(actor=actor, step=desk.open()[0])
    actions.approve_step(actor=one, step=desk.open()[0])
    with pytest.raises(PermissionDenied):
        actions.approve_step(actor=one, step=desk.open()[0])
    actions.approve_step(actor=third, step=desk.open()[0])
    assert desk.reread().state == "approved"


def test_who_answers_holds_the_capability_and_is_asked(desk):
    named = desk.approver()
    desk.policy(named)
    desk.send()
    step = desk.open()[0]
    for actor in (desk.person("deals.decide"), desk.approver(), desk.act_for(desk.vendor, "deals.decide")):
        for run in (
            lambda actor=actor: actions.approve_step(actor=actor, step=step),
            lambda actor=actor: actions.refuse_step(actor=actor, step=step, reason="terms", note="No."),
            lambda actor=actor: actions.hand_back(actor=actor, step=step, note="Why?"),
        ):
            with pytest.raises(PermissionDenied):
                run()
    for stranger in (desk.seller, desk.act_for(OrganisationFactory(), "deals.approve", "deals.view")):
        with pytest.raises(ApprovalStep.DoesNotExist):
            actions.approve_step(actor=stranger, step=step)
    assert desk.reread().state == "in_review"


def test_a_limit_keeps_out_who_may_not_go_so_far(desk):
    small, large = desk.approver(), desk.approver()
    desk.policy(small, large)
    actions.set_limit(actor=desk.reviewer, user=small.user, amount=Decimal(11999))
    actions.set_limit(actor=desk.reviewer, user=large.user, amount=Decimal(12000))
    assert [str(each) for each in plan_for(desk.deal).steps[0].approvers] == [str(large.user)]
    Deal.objects.update(currency="USD")
    assert plan_for(desk.reread()).lacking is not None
    actions.set_limit(actor=desk.reviewer, user=small.user, amount=None)
    assert [str(each) for each in plan_for(desk.deal).steps[0].approvers] == [str(small.user)]
    assert ApproverLimit.objects.count() == 1


def test_the_channel_manager_of_the_partnership(desk):
    manager = desk.approver()
    desk.policy(who="manager")
    assert plan_for(desk.deal).lacking is not None
    desk.deal.partnership.channel_manager = manager.user
    desk.deal.partnership.save()
    desk.reread()
    desk.send()
    actions.approve_step(actor=manager, step=desk.open()[0])
    assert desk.reread().state == "approved"


def test_a_plan_that_cannot_be_filled_does_not_begin(desk):
    desk.policy(needed=2)
    desk.approver()
    with pytest.raises(DomainError, match="too few people"):
        desk.send()
    assert not Approval.objects.exists()


# Away ---------------------------------------------------------------------------------------------------------------


def test_a_delegate_answers_for_who_is_away(desk):
    away, stand_in = desk.approver(), desk.approver()
    desk.policy(away)
    today = localdate()
    actions.set_absence(actor=away, user=away.user, start=today, end=today, delegate=stand_in.user)
    desk.send()
    with pytest.raises(PermissionDenied):
        actions.approve_step(actor=away, step=desk.open()[0])
    assert asking(stand_in)[0].stands_for == away.user
    assert asking(away) == []
    actions.approve_step(actor=stand_in, step=desk.open()[0])
    vote = desk.steps()[0].votes.get()
    assert (vote.user, vote.stands_for) == (stand_in.user, away.user)
    said = TrailEntry.objects.get(verb="deal.approval_given").data["who"]
    assert str(stand_in.user) in said and str(away.user) in said
    assert desk.reread().state == "approved"


def test_delegates_of_delegates_and_nobody_at_the_end(desk):
    first, second, third = (desk.approver() for _ in range(3))
    desk.policy(first)
    today = localdate()
    span = {"start": today, "end": today + timedelta(days=3)}
    actions.set_absence(actor=first, user=first.user, delegate=second.user, **span)
    last = actions.set_absence(actor=second, user=second.user, delegate=third.user, **span)
    assert plan_for(desk.deal).steps[0].approvers[0].user == third.user
    with pytest.raises(DomainError) as refused:
        actions.set_absence(actor=third, user=third.user, delegate=first.user, **span)
    assert refused.value.field == "delegate"
    Absence.objects.filter(pk=last.pk).update(delegate=None)
    step = plan_for(desk.deal).steps[0]
    assert (step.approvers, step.away) == ([], [first.user])
    Absence.objects.filter(pk=last.pk).update(delegate=first.user)  # a circle that no action would have made
    assert plan_for(desk.deal).steps[0].approvers == []


def test_a_delegate_counts_once(desk):
    away, stand_in = desk.approver(), desk.approver()
    desk.policy(away, stand_in, needed=0)
    actions.set_absence(actor=away, user=away.user, start=localdate(), end=localdate(), delegate=stand_in.user)
    desk.send()
    step = desk.open()[0]
    actions.approve_step(actor=stand_in, step=step)
    with pytest.raises(PermissionDenied):
        actions.approve_step(actor=stand_in, step=step)
    assert desk.reread().state == "in_review"


@pytest.mark.parametrize(
    ("start", "end", "field"), [(0, -1, "end"), (-5, -1, "end"), (0, 400, "end"), (400, 401, "end")]
)
def test_absences_that_make_no_sense(desk, start, end, field):
    today = localdate()
    with pytest.raises(DomainError) as refused:
        actions.set_absence(
            actor=desk.seller,
            user=desk.seller.user,
            start=today + timedelta(days=start),
            end=today + timedelta(days=end),
        )
    assert refused.value.field == field
    assert not Absence.objects.exists()


def test_who_may_note_and_end_an_absence(desk):
    me, colleague, stranger = desk.approver(), desk.approver(), desk.act_for(OrganisationFactory(), "members.manage")
    today = {"start": localdate(), "end": localdate()}
    with pytest.raises(PermissionDenied):
        actions.set_absence(actor=colleague, user=me.user, **today)
    with pytest.raises(DomainError):
        actions.set_absence(actor=stranger, user=me.user, **today)
    with pytest.raises(DomainError):
        actions.set_absence(actor=me, user=me.user, delegate=stranger.user, **today)
    row = actions.set_absence(actor=desk.reviewer, user=me.user, **today)
    with pytest.raises(DomainError):
        actions.set_absence(actor=me, user=me.user, **today)
    with pytest.raises(PermissionDenied):
        actions.end_absence(actor=colleague, absence=row)
    with pytest.raises(Absence.DoesNotExist):
        actions.end_absence(actor=stranger, absence=row)
    actions.end_absence(actor=me, absence=row)
    assert not Absence.objects.exists()


# Other ends ---------------------------------------------------------------------------------------------------------


def test_a_refusal_rejects_the_deal_for_the_partner_to_read(desk):
    people = [desk.approver(), desk.approver()]
    desk.policy(people[0])
    desk.policy(people[1], position=2)
    desk.send()
    with pytest.raises(DomainError):
        actions.refuse_step(actor=people[0], step=desk.open()[0], reason="terms", note=" ")
    assert desk.open()[0].votes.count() == 0
    actions.refuse_step(actor=people[0], step=desk.open()[0], reason="terms", note="The price is too low.")
    deal = desk.reread()
    assert (deal.state, deal.closure_code, deal.closure_note, deal.decided_by) == (
        "rejected",
        "terms",
        "The price is too low.",
        people[0].user,
    )
    assert [step.state for step in desk.steps()] == ["refused", "skipped"]


def test_given_back_it_can_be_sent_anew(desk):
    one = desk.approver()
    desk.policy(one)
    desk.send()
    with pytest.raises(DomainError):
        actions.hand_back(actor=one, step=desk.open()[0], note="")
    actions.hand_back(actor=one, step=desk.open()[0], note="Who signs for them?")
    assert Approval.objects.get().state == "handed_back"
    assert desk.reread().state == "in_review"
    desk.send()
    actions.approve_step(actor=one, step=desk.open()[0])
    assert desk.reread().state == "approved"


def test_while_it_waits_nothing_else_is_done_to_it(desk):
    desk.approver()
    desk.policy()
    deal = desk.send()
    for run in (
        lambda: actions.approve_deal(actor=desk.reviewer, deal=deal),
        lambda: actions.release_deal(actor=desk.reviewer, deal=deal),
        lambda: actions.return_deal(actor=desk.reviewer, deal=deal, fields=["title"], reason="Why?"),
        lambda: actions.reject_deal(actor=desk.reviewer, deal=deal, reason="terms", note="No."),
    ):
        with pytest.raises(InvalidTransition, match="waits for approval"):
            run()
    with pytest.raises(PermissionDenied):
        actions.recall(actor=desk.seller, deal=deal)
    actions.recall(actor=desk.reviewer, deal=deal)
    with pytest.raises(InvalidTransition):
        actions.recall(actor=desk.reviewer, deal=deal)
    assert actions.release_deal(actor=desk.reviewer, deal=deal).state == "submitted"


def test_a_withdrawal_ends_it_and_tells_the_partner_nothing(desk):
    desk.approver()
    desk.policy()
    deal = desk.send()
    step = desk.open()[0]
    actions.withdraw_deal(actor=desk.seller, deal=deal)
    assert Approval.objects.get().state == "cancelled"
    step.refresh_from_db()
    assert step.state == "skipped"
    assert desk.verbs(desk.seller) == ["deal.withdrawn"]
    assert "deal.approval_cancelled" in desk.verbs(desk.reviewer)


def test_a_protection_in_the_way_sends_it_to_the_queue(desk):
    one = desk.approver()
    desk.policy(one)
    desk.send()
    ApprovedFactory(
        partnership__vendor=desk.vendor,
        customer_name=desk.deal.customer_name,
        customer_name_key=desk.deal.customer_name_key,
        type=desk.deal.type,
    )
    with pytest.raises(AlreadyProtected):
        actions.approve_step(actor=one, step=desk.open()[0])
    deal = desk.reread()
    assert (deal.state, deal.conflict_check.queued, Approval.objects.get().state) == ("in_review", True, "handed_back")
    assert not deal.protections.exists()


def test_a_change_of_the_policies_leaves_what_runs(desk):
    one, other = desk.approver(), desk.approver()
    policy = desk.policy(one)
    desk.send()
    actions.set_policy(actor=desk.reviewer, fields={"persons": [other.user], "name": "Changed"}, policy=policy)
    actions.delete_policy(actor=desk.reviewer, policy=policy)
    assert (desk.open()[0].name, desk.open()[0].persons) == ("Director", [one.user.pk])
    actions.approve_step(actor=one, step=desk.open()[0])
    assert desk.reread().state == "approved"


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"name": ""}, "name"),
        ({"position": 0}, "position"),
        ({"position": 21}, "position"),
        ({"amount_from": Decimal(-1)}, "amount_from"),
        ({"discount_from": Decimal(101)}, "discount_from"),
        ({"who": "anybody"}, "who"),
        ({"who": "persons"}, "persons"),
        ({"needed": 99}, "needed"),
        ({"hours": 0}, "hours"),
    ],
)
def test_steps_that_make_no_sense(desk, fields, field):
    with pytest.raises(DomainError) as refused:
        desk.policy(**fields)
    assert refused.value.field == field
    assert not ApprovalPolicy.objects.exists()


def test_only_who_sets_the_terms_sets_policies_and_limits(desk):
    stranger = desk.act_for(OrganisationFactory(), "deals.terms")
    row = desk.policy()
    with pytest.raises(PermissionDenied):
        actions.set_policy(actor=desk.approver(), fields={"name": "Mine"})
    with pytest.raises(PermissionDenied):
        actions.set_limit(actor=desk.approver(), user=desk.reviewer.user, amount=Decimal(1))
    with pytest.raises(ApprovalPolicy.DoesNotExist):
        actions.set_policy(actor=stranger, fields={"name": "Theirs"}, policy=row)
    with pytest.raises(ApprovalPolicy.DoesNotExist):
        actions.delete_policy(actor=stranger, policy=row)
    with pytest.raises(DomainError):
        actions.set_policy(actor=stranger, fields={"name": "x", "who": "persons", "persons": [desk.reviewer.user]})
    with pytest.raises(DomainError):
        actions.set_limit(actor=stranger, user=desk.reviewer.user, amount=Decimal(1))


# Time ---------------------------------------------------------------------------------------------------------------


def test_half_the_time_reminds_and_the_whole_escalates_once_each(
    desk, time_machine, django_capture_on_commit_callbacks
):
    one, second = desk.approver(), desk.approver()
    boss = desk.act_for(desk.vendor, preset="administrator")
    desk.policy(one, hours=8, second=second.user)
    with django_capture_on_commit_callbacks(execute=True):
        desk.send()
    told = lambda actor: list(  # noqa: E731
        Notification.objects.filter(membership=actor.membership).order_by("pk").values_list("entry__verb", flat=True)
    )
    assert told(one) == ["deal.approval_asked"]
    steps = [(datetime(2026, 11, 18, 15, 59), []), (datetime(2026, 11, 18, 16, 1), ["deal.approval_reminded"])]
    for moment, more in steps:
        time_machine.move_to(moment.replace(tzinfo=ROME), tick=False)
        for _twice in range(2):
            with django_capture_on_commit_callbacks(execute=True):
                sweep.call()
        assert told(one) == ["deal.approval_asked", *more]
    with pytest.raises(PermissionDenied):
        actions.approve_step(actor=second, step=desk.open()[0])
    time_machine.move_to(datetime(2026, 11, 19, 11, 1, tzinfo=ROME), tick=False)
    for _twice in range(2):
        with django_capture_on_commit_callbacks(execute=True):
            sweep.call()
    assert told(one)[2:] == told(second) == told(boss) == ["deal.approval_escalated"]
    assert desk.verbs(desk.reviewer).count("deal.approval_escalated") == 1
    assert desk.verbs(desk.seller) == []
    actions.approve_step(actor=second, step=desk.open()[0])
    assert desk.reread().state == "approved"


def test_without_a_second_everybody_who_may_approve_is_asked(desk, time_machine):
    one, other = desk.approver(), desk.approver()
    desk.policy(one, hours=1)
    desk.send()
    assert asking(other) == []
    time_machine.move_to(datetime(2026, 11, 18, 13, 1, tzinfo=ROME), tick=False)
    sweep.call()
    assert [each.deal for each in asking(other)] == [desk.deal]


def test_who_is_deemed_approved_waits_for_nobody(desk, time_machine):
    desk.approver()
    desk.policy()
    desk.deal.type.deemed_approval = True
    desk.deal.type.save()
    from deals.actions.checking import check

    check(desk.deal)
    desk.send()
    time_machine.move_to(datetime(2026, 11, 30, 9, tzinfo=ROME), tick=False)
    sweep.call()
    assert desk.reread().state == "approved"
    assert Approval.objects.get().state == "cancelled"


# What is seen -------------------------------------------------------------------------------------------------------


def test_the_partner_reads_in_review_everywhere(desk, sign_in):
    one = desk.approver()
    desk.policy(one, name="Sales director")
    client = sign_in(desk.deal.partner, "deals.view", "deals.register")
    paths = (
        f"/deals/{desk.deal.pk}/",
        f"/api/v1/deals/{desk.deal.pk}/",
        "/deals/?state=in_review",
        "/api/v1/approvals/",
    )
    before = [client.get(path) for path in paths]
    desk.send()
    after = [client.get(path) for path in paths]
    for response in after:
        text = response.content.decode()
        assert "Sales director" not in text and "pproval" not in text.replace("/deals/approval", "")
    assert after[1].json()["state"] == before[1].json()["state"] == "in_review"
    assert after[3].json()["results"] == []
    assert client.post(f"/deals/{desk.deal.pk}/approval/recall/").status_code == 403
    assert client.post(f"/deals/{desk.deal.pk}/approval/agree/").status_code == 403


def test_the_plan_is_on_the_page_before_and_while_it_runs(desk, sign_in):
    one = desk.approver()
    desk.policy(one, name="Sales director")
    path = f"/deals/{desk.deal.pk}/"
    reviewer = sign_in(desk.vendor, "deals.view", "deals.decide")
    page = reviewer.get(path).content.decode()
    assert "Sales director" in page and str(one.user) in page and "Send for approval" in page
    assert reviewer.post(f"{path}approve/").status_code == 302
    mine = sign_in(desk.vendor, "deals.view", "deals.approve", "deals.decide", user=None)
    page = reviewer.get(path).content.decode()
    assert "Call back" in page and "Send for approval" not in page
    assert "step-agree" not in mine.get(path).content.decode()


@pytest.fixture
def approving(desk, client):
    """A browser of the approver whom the one step asks."""
    one = desk.person("deals.approve", "deals.decide")
    desk.policy(one, name="Sales director")
    desk.send()
    client.force_login(one.user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def test_an_approver_answers_on_the_page_and_finds_it_in_queue_and_home(desk, approving):
    assert b"Waits for your approval" in approving.get("/deals/queue/").content
    assert b"waits for your approval" in approving.get("/").content
    path = f"/deals/{desk.deal.pk}/approval/"
    assert b"step-agree" in approving.get(f"/deals/{desk.deal.pk}/").content
    assert approving.post(f"{path}hand-back/", {"step-hand-back-note": ""}).status_code == 422
    assert approving.post(f"{path}refuse/", {"step-refuse-note": "No."}).status_code == 422
    assert approving.post(f"{path}nonsense/").status_code == 404
    assert approving.post(f"{path}agree/", {"step-agree-note": "Fine"}).status_code == 302
    assert desk.reread().state == "approved"
    assert approving.post(f"{path}agree/").status_code == 422


def test_the_api_lists_and_answers(desk, approving, sign_in):
    step = desk.open()[0]
    found = approving.get("/api/v1/approvals/?mine=1").json()["results"]
    assert [(row["id"], row["deal"], row["state"]) for row in found] == [(step.pk, desk.deal.pk, "open")]
    assert approving.get(f"/api/v1/approvals/?deal={'9' * 30}").json()["results"] == []
    other = sign_in(desk.vendor, "deals.view", "deals.approve")
    assert other.get("/api/v1/approvals/?mine=1").json()["results"] == []
    assert other.post(f"/api/v1/approvals/{step.pk}/approve/").status_code == 403
    assert approving.post(f"/api/v1/approvals/{step.pk}/refuse/", {"reason": "x"}).status_code == 400
    assert approving.post(f"/api/v1/approvals/{step.pk}/approve/").json()["state"] == "approved"
    assert approving.post(f"/api/v1/approvals/{step.pk}/approve/").status_code == 409
    assert desk.reread().state == "approved"


def test_absences_over_page_and_api(desk, sign_in):
    me = sign_in(desk.vendor, "deals.view")
    today = localdate().isoformat()
    said = {"user": me.user.pk, "start": today, "end": today, "delegate": desk.reviewer.user.pk}
    assert me.post("/deals/absences/", said).status_code == 302
    assert me.post("/deals/absences/", said).status_code == 422
    assert me.post("/deals/absences/", {**said, "user": desk.reviewer.user.pk}).status_code == 422
    row = Absence.objects.get()
    assert str(desk.reviewer.user) in me.get("/deals/absences/").content.decode()
    assert me.post(f"/deals/absences/{row.pk}/end/").status_code == 302
    created = me.post("/api/v1/absences/", {"start": today, "end": today})
    assert (created.status_code, created.json()["user"]) == (201, me.user.pk)
    foreign = desk.seller.user.pk
    assert me.post("/api/v1/absences/", {"start": today, "end": today, "delegate": foreign}).status_code == 400
    assert me.delete(f"/api/v1/absences/{created.json()['id']}/").status_code == 204


def test_settings_pages(desk, sign_in):
    client = sign_in(desk.vendor, "deals.view", "deals.terms")
    one = desk.approver()
    said = {"name": "Board", "position": 2, "who": "persons", "persons": [one.user.pk], "needed": 1, "hours": 4}
    assert b"One person decides" in client.get("/deals/approvals/").content
    assert client.post("/deals/approvals/new/", {**said, "persons": [desk.seller.user.pk]}).status_code == 422
    assert client.post("/deals/approvals/new/", {**said, "amount_from": "250000"}).status_code == 302
    row = ApprovalPolicy.objects.get()
    assert (row.position, row.amount_from, list(row.persons.all())) == (2, Decimal(250000), [one.user])
    assert b"250" in client.get(f"/deals/approvals/{row.pk}/").content
    limit = {"limit-user": one.user.pk, "limit-amount": "5000", "limit-currency": "EUR"}
    assert client.post("/deals/approvals/", limit).status_code == 302
    assert client.post("/deals/approvals/", {**limit, "limit-amount": "-1"}).status_code == 422
    assert b"Board" in client.get("/deals/approvals/").content
    assert client.post(f"/deals/approvals/limits/{ApproverLimit.objects.get().pk}/remove/").status_code == 302
    assert client.post(f"/deals/approvals/{row.pk}/delete/").status_code == 302
    assert not ApprovalPolicy.objects.exists() and not ApproverLimit.objects.exists()
    assert sign_in(desk.vendor, "deals.view").get("/deals/approvals/").status_code == 403


def test_what_asks_me_costs_the_same_for_one_and_for_three(desk, django_assert_num_queries):
    one = desk.approver()
    desk.policy(one)
    desk.send()
    with django_assert_num_queries(8) as few:
        assert len(asking(one)) == 1
    for _ in range(2):
        deal = DealFactory(partnership__vendor=desk.vendor, state="in_review")
        actions.approve_deal(actor=desk.reviewer, deal=deal)
    with django_assert_num_queries(len(few)):
        assert len(asking(one)) == 3
