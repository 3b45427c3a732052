"""Who may do what with a campaign, in which state, and what each side sees of it."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.utils.timezone import localdate

from campaigns import actions
from campaigns.models import Campaign, Participant
from campaigns.page import page_of
from campaigns.presenting import seats_shown
from campaigns.tasks import sweep
from chat.models import Room
from core.audit import fan_out
from core.errors import DomainError, InvalidTransition, StaleObject
from core.models import TrailEntry
from partners.actions.partnerships import move_partnership
from tests.campaigns.factories import somebody
from tests.factories import OrganisationFactory


def test_a_draft_is_its_owners_alone_and_invitations_go_out_once_it_is_planned(scene):
    campaign = scene.draft()
    actions.invite(actor=scene.manager, campaign=campaign, organisation=scene.first)
    assert not Campaign.objects.visible_to(scene.joiner).exists()
    assert not TrailEntry.objects.visible_to(scene.joiner).filter(verb__startswith="campaign").exists()
    with pytest.raises(DomainError):
        actions.invite(actor=scene.manager, campaign=campaign, organisation=scene.first)
    with pytest.raises(DomainError, match="no active partnership"):
        actions.invite(actor=scene.manager, campaign=campaign, organisation=OrganisationFactory())
    scene.shared(campaign, 600, 400)
    actions.plan_campaign(actor=scene.manager, campaign=campaign, version=Campaign.objects.get().version)
    assert Campaign.objects.visible_to(scene.joiner).get() == campaign
    assert not Campaign.objects.visible_to(scene.other).exists()
    assert [entry.verb for entry in TrailEntry.objects.visible_to(scene.joiner)] == ["campaign.invited"]
    with pytest.raises(InvalidTransition):
        actions.plan_campaign(actor=scene.manager, campaign=campaign)
    with pytest.raises(InvalidTransition):
        actions.delete_campaign(actor=scene.manager, campaign=campaign)


def test_what_makes_no_campaign_is_refused(scene):
    today = localdate()
    for wrong, field in (
        ({"ends": today - timedelta(days=1)}, "ends"),
        ({"budget": Decimal(-1)}, "budget"),
        ({"budget": Decimal(200_000_000)}, "budget"),
        ({"name": " \x00 "}, "name"),
        ({"currency": "€"}, "currency"),
    ):
        with pytest.raises(DomainError) as refused:
            scene.draft(**wrong)
        assert refused.value.field == field, wrong
    with pytest.raises(PermissionDenied):
        actions.open_campaign(actor=scene.joiner, fields={"name": "Mine", "starts": today, "ends": today})


def test_shares_make_the_whole_and_everybody_sees_only_its_own(scene):
    campaign = scene.planned(500, 300, 200)
    scene.accept(campaign, scene.joiner)
    for wrong in ((500, 300, 100), (500, 600, -100)):
        with pytest.raises(DomainError):
            scene.shared(campaign, *wrong)
    with pytest.raises(DomainError):
        actions.share_budget(
            actor=scene.manager, campaign=campaign, shares={scene.seat(campaign, scene.first).pk: 1000}
        )
    with pytest.raises(PermissionDenied):
        actions.share_budget(actor=scene.joiner, campaign=campaign, shares={})

    def amounts(actor):
        return [each.share for each in seats_shown(page_of(actor, campaign.pk))]

    assert amounts(scene.manager) == [500, 300, 200]
    assert amounts(scene.joiner) == [None, 300, None]
    assert set(Participant.objects.visible_to(scene.joiner)) == {scene.seat(campaign, scene.first)}

    scene.shared(campaign, 400, 400, 200)
    seat = scene.seat(campaign, scene.first)
    assert seat.owes_agreement
    with pytest.raises(DomainError, match="has not agreed"):
        actions.start_campaign(actor=scene.manager, campaign=campaign)
    told = TrailEntry.objects.filter(verb="campaign.share_changed").get()
    assert "400" not in str(told.data) and not TrailEntry.objects.visible_to(scene.other).filter(pk=told.pk).exists()
    actions.agree_share(actor=scene.joiner, seat=seat)
    with pytest.raises(InvalidTransition):
        actions.agree_share(actor=scene.joiner, seat=seat)
    actions.start_campaign(actor=scene.manager, campaign=campaign)


def test_an_invitation_is_answered_by_who_is_invited(scene):
    campaign = scene.planned()
    seat = scene.seat(campaign, scene.first)
    with pytest.raises(DomainError, match="Nobody has accepted"):
        actions.start_campaign(actor=scene.manager, campaign=campaign)
    with pytest.raises(PermissionDenied):
        actions.accept_invitation(actor=scene.manager, seat=seat, details={})
    with pytest.raises(PermissionDenied):
        actions.accept_invitation(actor=somebody(scene.first), seat=seat, details={})
    with pytest.raises(Participant.DoesNotExist):
        actions.accept_invitation(actor=scene.other, seat=seat, details={})
    with pytest.raises(DomainError):
        scene.accept(campaign, scene.joiner, email="no address")
    with pytest.raises(DomainError):
        scene.accept(campaign, scene.joiner, phone="1" * 41)
    scene.accept(campaign, scene.joiner)
    room = Room.objects.for_record(campaign).get()
    assert Room.objects.visible_to(scene.joiner).filter(pk=room.pk).exists()
    assert not Room.objects.visible_to(scene.other).filter(pk=room.pk).exists()
    declined = actions.decline_invitation(actor=scene.other, seat=scene.seat(campaign, scene.second), reason="No time")
    assert (declined.state, declined.share) == ("declined", 0)
    assert not Campaign.objects.visible_to(scene.other).exists()
    with pytest.raises(DomainError, match="do not add up"):
        actions.start_campaign(actor=scene.manager, campaign=campaign)
    scene.shared(campaign, 700, 300)
    actions.start_campaign(actor=scene.manager, campaign=campaign)
    with pytest.raises(DomainError):
        actions.leave_campaign(actor=scene.joiner, seat=seat, reason=" ")
    actions.leave_campaign(actor=scene.joiner, seat=seat, reason="We sold the branch.")
    assert not Room.objects.visible_to(scene.joiner).filter(pk=room.pk).exists()
    assert not Campaign.objects.visible_to(scene.joiner).exists()
    again = actions.invite(actor=scene.manager, campaign=campaign, organisation=scene.first)
    assert (again.pk, again.state, again.agreed) == (seat.pk, "invited", None)
    with pytest.raises(PermissionDenied, match="cannot leave"):
        actions.leave_campaign(actor=scene.manager, seat=scene.seat(campaign, scene.owner), reason="Tired")


def test_who_is_no_partner_any_more_is_out(scene):
    campaign = scene.running()
    admin = somebody(scene.owner, "partnerships.manage")
    move_partnership(actor=admin, partnership=scene.edges[0], step="end", reason="Enough")
    fan_out.call(TrailEntry.objects.get(verb="partnership.ended").pk)
    seat = scene.seat(campaign, scene.first)
    assert (seat.state, seat.form.open) == ("removed", False)
    assert scene.seat(campaign, scene.second).state == "active"


def test_a_campaign_ends_and_nothing_is_changed_any_more(scene):
    campaign = scene.running()
    with pytest.raises(StaleObject):
        actions.finish_campaign(actor=scene.manager, campaign=campaign, version=1)
    with pytest.raises(PermissionDenied):
        actions.finish_campaign(actor=scene.joiner, campaign=campaign)
    with pytest.raises(DomainError, match="currency"):
        actions.change_campaign(actor=scene.manager, campaign=campaign, fields={"currency": "USD"})
    actions.finish_campaign(actor=scene.manager, campaign=campaign)
    for run in (
        lambda: actions.change_campaign(actor=scene.manager, campaign=campaign, fields={"name": "New"}),
        lambda: actions.cancel_campaign(actor=scene.manager, campaign=campaign, reason="No"),
        lambda: actions.invite(actor=scene.manager, campaign=campaign, organisation=scene.first),
        lambda: scene.asset(campaign),
        lambda: actions.leave_campaign(actor=scene.joiner, seat=scene.seat(campaign, scene.first), reason="x"),
    ):
        with pytest.raises(InvalidTransition):
            run()
    assert Campaign.objects.visible_to(scene.joiner).exists()


def test_steps_are_written_by_the_owner_and_done_by_who_does_them(scene):
    campaign = scene.running()
    today = localdate()
    mine = scene.seat(campaign, scene.first)
    step = actions.save_step(
        actor=scene.manager, campaign=campaign, fields={"title": "Call", "starts": today, "responsible": mine}
    )
    assert step.ends == today
    for wrong, field in (
        ({"title": " "}, "title"),
        ({"kind": "war"}, "kind"),
        ({"ends": today - timedelta(days=1)}, "ends"),
        ({"responsible": scene.seat(scene.planned(name="Another"), scene.first)}, "responsible"),
    ):
        with pytest.raises(DomainError) as refused:
            actions.save_step(actor=scene.manager, campaign=campaign, fields=wrong, step=step)
        assert refused.value.field == field
    with pytest.raises(PermissionDenied):
        actions.save_step(actor=scene.joiner, campaign=campaign, fields={"title": "Mine", "starts": today})
    with pytest.raises(PermissionDenied):
        actions.finish_step(actor=scene.other, campaign=campaign, step=step)
    for _time in range(2):
        sweep.call()
    assert TrailEntry.objects.filter(verb="campaign_step.due").count() == 1
    actions.finish_step(actor=scene.joiner, campaign=campaign, step=step)
    actions.finish_step(actor=scene.joiner, campaign=campaign, step=step)
    assert TrailEntry.objects.filter(verb="campaign_step.done").count() == 1
    assert actions.finish_step(actor=scene.joiner, campaign=campaign, step=step, done=False).done_at is None
