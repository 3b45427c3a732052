"""What happens leads to what was said, once: whoever is killed, however often it is told, and never in a circle."""

from datetime import timedelta

import pytest
from django.core import mail
from django.utils.timezone import localdate, localtime, now

from audiences import actions as audiences
from audiences.models import Contact, Mailing, Recipient
from automation import actions, tasks
from automation.actions import acting, doing
from automation.models import Run, Trigger
from automation.occasions import Happening, of_entry
from core.audit import caused_by, record
from core.models import TrailEntry
from deals.models import Activity
from inbox.models import Notification
from partners.actors import system_actor
from promotions.models import PromotionCode
from tests.audiences.factories import ConsentFactory, ContactFactory
from tests.automation.conftest import outcomes
from tests.automation.test_triggers import rule
from tests.deals.factories import ApprovedFactory, DealFactory
from tests.factories import MembershipFactory, OrganisationFactory, PartnershipFactory, RoleFactory
from tests.leads.factories import LeadFactory
from tests.promotions.factories import PromotionFactory

pytestmark = pytest.mark.django_db


class Killed(BaseException):
    """The process dies here: no except clause of the code may catch it."""


@pytest.fixture
def asks(vendor):
    """A lead asks again: `asks(lead)`; the entry, which nobody has heard of yet."""

    def build(lead=None, **columns):
        lead = lead or LeadFactory(vendor=vendor, **columns)
        return record(actor=system_actor(lead.vendor), verb="lead.asked_again", target=lead)

    return build


def heard(entry, times=1):
    for _each in range(times):
        tasks.hear.call(entry.pk)


def test_a_letter_leaves_once_however_often_it_is_told(running, asks, agreed, django_capture_on_commit_callbacks):
    trigger, entry = running(), asks(email="anna@zirkonia.example")
    agreed("Anna@zirkonia.example", first_name="Anna")
    with django_capture_on_commit_callbacks(execute=True):
        heard(entry, times=3)
        tasks.sweep.call()
        heard(asks(entry_lead(entry)))
    assert outcomes(trigger) == ["done", "once"]
    [message] = mail.outbox
    assert message.subject == "You asked again"
    assert f"Hello Anna, about {entry.title}." in message.body
    assert "Unsubscribe" in message.body
    mailing = Mailing.objects.get()
    assert (mailing.standing, mailing.state, Recipient.objects.get().state) == (True, "sending", "sent")
    assert trigger.runs.get(state="done").letter.mailing == mailing


def entry_lead(entry):
    from leads.models import Lead

    return Lead.objects.get(pk=entry.target_id)


@pytest.mark.parametrize("where", ["before", "act", "after"])
def test_killed_anywhere_it_is_done_once(running, asks, agreed, monkeypatch, where):
    trigger, entry = running(), asks(email="anna@zirkonia.example")
    agreed("anna@zirkonia.example")
    actions.take_up(pk=trigger.pk, happenings=[of_entry(entry)])

    def die(*_args, **_more):
        raise Killed

    with monkeypatch.context() as patch:
        if where == "act":
            patch.setattr(doing, "add_letter", die)
        else:
            patch.setattr(acting, "judge" if where == "before" else "settle", die)
        with pytest.raises(Killed):
            tasks.act.call(trigger.pk)
    assert outcomes(trigger) == ["waiting"]
    assert not Recipient.objects.exists(), "all of it or none"
    heard(entry)
    tasks.act.call(trigger.pk)
    tasks.act.call(trigger.pk)
    assert outcomes(trigger) == ["done"]
    assert Recipient.objects.count() == 1


def test_killed_while_telling_nothing_is_lost(running, asks, agreed, monkeypatch):
    trigger, entry = running(), asks(email="anna@zirkonia.example")
    agreed("anna@zirkonia.example")
    with monkeypatch.context() as patch:
        patch.setattr(Run, "save", lambda *_args, **_more: (_ for _ in ()).throw(Killed()))
        with pytest.raises(Killed):
            heard(entry)
    Trigger.objects.update(looked_until=now() - timedelta(hours=2))
    tasks.sweep.call()
    assert outcomes(trigger) == ["done"], "the sweeper looks for what was lost"


def test_who_does_not_hear_of_it_or_may_not_see_it_fires_nothing(running, asks, agreed, rival, act_for, edge, vendor):
    trigger = running()
    theirs = {"name": "Theirs", "event": "lead_asked", "act": "notice", "subject": "x"}
    role = RoleFactory(organisation=rival.organisation, capabilities=["leads.view"])
    MembershipFactory(organisation=rival.organisation, roles=[role])
    spy = actions.save_trigger(actor=rival, fields={**theirs, "role": role})
    actions.activate_trigger(actor=rival, trigger=spy)
    entry = asks(email="anna@zirkonia.example")
    agreed("anna@zirkonia.example")
    heard(entry)
    assert (outcomes(trigger), outcomes(spy)) == (["done"], [])
    assert actions.take_up(pk=spy.pk, happenings=[of_entry(entry)]) == 0, "nor by telling it directly"
    # The other side of a deal hears of it, and reaches nobody but its own contacts.
    deal = DealFactory(partnership=edge, customer_email="boss@consorzio.example")
    ContactFactory(organisation=vendor, email="boss@consorzio.example")
    partner = act_for(edge.partner, "automation.view", "automation.manage", "mailings.send", "deals.view")
    said = {"name": "Ours", "event": "deal_submitted", "act": "letter", "to": "person", "subject": "x", "body": "y"}
    ours = actions.activate_trigger(actor=partner, trigger=actions.save_trigger(actor=partner, fields=said))
    heard(record(actor=partner, verb="deal.submitted", target=deal))
    assert outcomes(ours) == ["nobody"], "the vendor's contact is not theirs"
    draft = DealFactory(partnership=edge, state="draft", number="")
    mine = running(event="deal_submitted", to="person")
    heard(record(actor=partner, verb="deal.submitted", target=draft, parties={vendor.pk}))
    assert outcomes(mine) == [], "a draft is its partner's alone"


def test_consent_and_suppression_are_asked_when_it_acts(running, asks, agreed, keeper, vendor):
    trigger = running(delay_hours=1)
    [anna, bob, cyd] = [agreed(f"{name}@zirkonia.example") for name in ("anna", "bob", "cyd")]
    ContactFactory(organisation=vendor, email="dan@zirkonia.example")
    for name in ("anna", "bob", "cyd", "dan", "nobody"):
        heard(asks(email=f"{name}@zirkonia.example"))
    assert outcomes(trigger) == ["waiting"] * 4 + ["nobody"]
    tasks.sweep.call()
    assert not Recipient.objects.exists(), "an hour has not passed"
    audiences.withdraw_consent(actor=_keeper_of(keeper), contact=bob, purpose="news")
    audiences.suppress_contact(actor=_keeper_of(keeper), contact=cyd)
    Run.objects.update(due_at=now())
    tasks.sweep.call()
    assert outcomes(trigger) == ["done", "no_consent", "suppressed", "no_consent", "nobody"]
    audiences.erase_contact(actor=_keeper_of(keeper), contact=anna)
    assert "anna" not in str(list(Run.objects.values())), "of an erased person the log keeps only the count"


def _keeper_of(actor):
    return system_actor(actor.organisation)


def test_conditions_are_asked_twice_and_what_is_over_is_left_out(running, edge, keeper):
    big = rule("amount", "ge", {"amount": "10000", "currency": "EUR"})
    task = {"act": "task", "event": "deal_expiring", "days": 14, "rule": big, "delay_hours": 2}
    trigger = running(**task)
    ends = localdate() + timedelta(days=14)
    small, kept, over = (
        ApprovedFactory(partnership=edge, protected_until=ends, amount=amount) for amount in (10, 20_000, 30_000)
    )
    ApprovedFactory(partnership=edge, protected_until=ends + timedelta(days=1), amount=20_000)
    actions.look(pk=trigger.pk, until=localtime().replace(hour=23))
    actions.look(pk=trigger.pk, until=localtime().replace(hour=23))
    assert sorted(outcomes(trigger)) == ["conditions", "waiting", "waiting"]
    type(over).objects.filter(pk=over.pk).update(state="won")
    Run.objects.filter(state="waiting").update(due_at=now())
    tasks.sweep.call()
    assert {run.target_id: run.why or run.state for run in trigger.runs.all()} == {
        small.pk: "conditions", kept.pk: "done", over.pk: "over",
    }  # fmt: skip
    [planned] = Activity.objects.all()
    assert (planned.deal, planned.organisation, planned.shared) == (kept, keeper.organisation, False)


def test_limits_hold_over_all_triggers_of_the_organisation(running, asks, agreed):
    agreed("anna@zirkonia.example")
    first, second = running(per_week=2, once="each"), running(per_week=2, once="each")
    for _each in range(2):
        heard(asks(email="anna@zirkonia.example"))
    assert sorted(outcomes(first) + outcomes(second)) == ["done", "done", "week", "week"]
    Run.objects.update(settled_at=now() - timedelta(days=8))
    heard(asks(email="anna@zirkonia.example"))
    assert Recipient.objects.count() == 4
    everybody = running(once="addressee", per_week=100)
    for _each in range(2):
        heard(asks(email="anna@zirkonia.example"))
    assert outcomes(everybody) == ["done", "once"]


def test_quiet_hours_and_a_full_day_put_it_off(running, asks, agreed):
    moment = localtime()
    quiet = running(quiet_begins=moment.time(), quiet_ends=(moment + timedelta(hours=2)).time(), once="each")
    full = running(daily_max=1, once="each", per_week=100)
    for name in ("anna", "bob"):
        agreed(f"{name}@zirkonia.example")
        heard(asks(email=f"{name}@zirkonia.example"))
    assert (outcomes(quiet), outcomes(full)) == (["waiting"] * 2, ["done", "waiting"])
    due = quiet.runs.first().due_at
    assert timedelta(hours=1, minutes=58) < due - moment <= timedelta(hours=2)
    assert localtime(full.runs.get(state="waiting").due_at).date() == localdate() + timedelta(days=1)
    tasks.sweep.call()
    assert outcomes(quiet) == ["waiting"] * 2
    Run.objects.update(due_at=now(), happened_at=now() - timedelta(days=9))
    tasks.sweep.call()
    assert set(outcomes(quiet)) == {"late"}, "a week later nobody wants it any more"


def test_paused_it_does_nothing_and_what_happened_meanwhile_is_left_alone(running, asks, agreed, keeper):
    agreed("anna@zirkonia.example")
    before = asks(email="anna@zirkonia.example")
    trigger = running(delay_hours=1, once="each")
    heard(before)
    assert outcomes(trigger) == [], "it happened before the start"
    heard(asks(email="anna@zirkonia.example"))
    Run.objects.update(due_at=now())
    actions.pause_trigger(actor=keeper, trigger=trigger)
    between = asks(email="anna@zirkonia.example")
    heard(between)
    tasks.sweep.call()
    assert outcomes(trigger) == ["waiting"]
    actions.activate_trigger(actor=keeper, trigger=trigger)
    tasks.sweep.call()
    assert outcomes(trigger) == ["done"]


def test_a_trigger_never_fires_itself_and_a_chain_ends(running, asks, agreed, vendor):
    anna = agreed("anna@zirkonia.example")
    trigger, other = running(once="each", per_week=100), running(once="each", per_week=100)
    lead = LeadFactory(vendor=vendor, email=anna.email)
    with caused_by((trigger.pk,)):
        entry = asks(lead)
    heard(entry)
    assert (outcomes(trigger), outcomes(other)) == (["chain"], ["done"])
    with caused_by((71, 72, 73)):
        heard(asks(lead))
    assert outcomes(other) == ["done", "chain"], "three triggers that bring each other about are enough"
    # A click in its own letter does not make it write again; another's does, and carries the chain on.
    clicks = {"event": "letter_clicked", "once": "each", "per_week": 100}
    circle, follows = running(**clicks), running(**clicks)
    for each in (circle, follows):
        Trigger.objects.filter(pk=each.pk).update(looked_until=now() - timedelta(minutes=5))
    Trigger.objects.update(active_since=now() - timedelta(hours=1))
    actions.look(pk=circle.pk, until=now() - timedelta(minutes=1))
    mailing = Mailing.objects.create(organisation=vendor, subject="News", body="x", sender_name="A", state="sent")
    Recipient.objects.create(
        mailing=mailing, organisation=vendor, contact=anna, email=anna.email, state="sent", clicked_at=now()
    )
    tasks.sweep.call()
    tasks.act.call(circle.pk)
    assert (outcomes(circle), outcomes(follows)) == (["done"], ["done"])
    own = circle.runs.get().letter
    Recipient.objects.filter(pk=own.pk).update(state="sent", clicked_at=now())
    tasks.sweep.call()
    assert outcomes(circle) == ["done", "chain"]
    assert outcomes(follows)[:2] == ["done", "done"]
    assert follows.runs.order_by("pk")[1].chain == [circle.pk]


def test_colleagues_are_told_who_may_see_such_records(running, asks, vendor):
    role = RoleFactory(organisation=vendor, capabilities=["leads.view"])
    sees, blind = MembershipFactory(organisation=vendor, roles=[role]), MembershipFactory(organisation=vendor)
    both = RoleFactory(organisation=vendor, capabilities=[])
    for member in (sees, blind):
        member.roles.add(both)
    trigger = running(act="notice", role=both, subject="Call them", once="each")
    entry = asks()
    heard(entry)
    assert outcomes(trigger) == ["done"]
    told = TrailEntry.objects.get(verb="automation.told")
    deliver(told)
    [item] = Notification.objects.filter(entry=told)
    assert (item.membership, item.title, item.url) == (sees, "Call them", entry_lead(entry).get_absolute_url())
    assert list(told.readers.values_list("organisation", flat=True)) == [vendor.pk]
    sees.roles.clear()
    heard(asks())
    assert outcomes(trigger) == ["done", "nobody"]


def deliver(entry):
    from core.audit import fan_out

    fan_out.call(entry.pk)


def test_a_partner_gets_a_code_of_its_own_that_no_rival_reads(running, edge, vendor):
    for_brenta = PromotionFactory(vendor=vendor, codes_kind="many", linked__partnerships=[edge])
    seller = RoleFactory(organisation=edge.partner, capabilities=["promotions.view"])
    member = MembershipFactory(organisation=edge.partner, roles=[seller])
    rival = PartnershipFactory(vendor=vendor, partner=OrganisationFactory(name="Rival"))
    trigger = running(event="deal_approved", act="code", promotion=for_brenta, once="addressee")
    for partnership in (edge, edge, rival):
        heard(record(actor=system_actor(vendor), verb="deal.approved", target=ApprovedFactory(partnership=partnership)))
    assert outcomes(trigger) == ["done", "once", "not_theirs"]
    code = PromotionCode.objects.get()
    told = TrailEntry.objects.get(verb="automation.code_given")
    assert set(told.readers.values_list("organisation", flat=True)) == {vendor.pk, edge.partner_id}
    deliver(told)
    assert code.text in Notification.objects.get(membership=member).title
    for_brenta.state = "ended"
    for_brenta.save()
    again = running(event="deal_approved", act="code", promotion=for_brenta)
    heard(record(actor=system_actor(vendor), verb="deal.approved", target=ApprovedFactory(partnership=edge)))
    assert outcomes(again) == ["stopped"]


def test_a_new_version_writes_its_own_letters(running, asks, agreed, keeper):
    trigger = running(once="each", per_week=100)
    agreed("anna@zirkonia.example")
    heard(asks(email="anna@zirkonia.example"))
    actions.save_trigger(actor=keeper, fields={"subject": "Second"}, trigger=trigger)
    heard(asks(email="anna@zirkonia.example"))
    assert sorted(Mailing.objects.values_list("subject", "standing")) == [("Second", True), ("You asked again", False)]
    assert list(trigger.runs.order_by("pk").values_list("version", flat=True)) == [1, 2]
    mailing = Mailing.objects.get(subject="Second")
    audiences.stop_mailing(actor=_keeper_of(keeper), mailing=mailing)
    heard(asks(email="anna@zirkonia.example"))
    assert outcomes(trigger) == ["done", "done", "stopped"]


def test_one_that_fails_holds_up_no_other(running, asks, agreed, monkeypatch):
    trigger = running(once="each")
    for name in ("anna", "bob"):
        agreed(f"{name}@zirkonia.example")
    entries = [asks(email=f"{name}@zirkonia.example") for name in ("anna", "bob")]
    for entry in entries:
        actions.take_up(pk=trigger.pk, happenings=[of_entry(entry)])
    once = iter([True])
    real = acting.judge

    def judge(*args):
        if next(once, False):
            raise RuntimeError("bad row")
        return real(*args)

    monkeypatch.setattr(acting, "judge", judge)
    tasks.act.call(trigger.pk)
    assert outcomes(trigger) == ["waiting", "done"]
    tasks.sweep.call()
    assert outcomes(trigger) == ["done", "done"]


def test_a_forged_occasion_of_another_organisation_is_no_occasion(running):
    trigger = running()
    theirs = LeadFactory()
    assert actions.take_up(pk=trigger.pk, happenings=[Happening(theirs.pk, now(), "entry:1")]) == 0
    assert actions.take_up(pk=trigger.pk, happenings=[Happening(99_999_999, now(), "entry:2")]) == 0


def test_the_people_of_a_partner_are_reached_where_they_are_ones_own_contacts(running, edge, agreed, vendor):
    people = [MembershipFactory(organisation=edge.partner).user for _each in range(3)]
    first, second = (agreed(user.email) for user in people[:2])
    agreed("elsewhere@zirkonia.example")
    trigger = running(event="deal_approved", to="partner")
    heard(record(actor=system_actor(vendor), verb="deal.approved", target=ApprovedFactory(partnership=edge)))
    assert set(trigger.runs.filter(state="done").values_list("contact", flat=True)) == {first.pk, second.pk}
    assert trigger.runs.count() == 2
    assert Contact.objects.count() == 3
    ConsentFactory(contact=ContactFactory(organisation=vendor, email=people[2].email))
    heard(record(actor=system_actor(vendor), verb="deal.approved", target=ApprovedFactory(partnership=edge)))
    assert trigger.runs.filter(state="done").count() == 5
