"""Triggers are written, versioned, started and paused by who may; what they would do asks for the right to do it."""

import pytest
from django.core.exceptions import PermissionDenied

from audiences.models import AudienceSettings
from automation import actions
from automation.models import Run, Trigger
from automation.sentences import sentence
from core.errors import DomainError, InvalidTransition, StaleObject
from core.models import TrailEntry
from tests.automation.conftest import ALL, LETTER
from tests.automation.factories import RunFactory
from tests.factories import MembershipFactory, RoleFactory
from tests.promotions.factories import PromotionFactory

pytestmark = pytest.mark.django_db


def rule(field, op, value=None):
    return {"join": "all", "groups": [{"join": "all", "conditions": [{"field": field, "op": op, "value": value}]}]}


def test_each_change_is_a_version_in_the_trail(keeper):
    said = {"name": "Twice", **LETTER, "rule": rule("asked", "ge", "2"), "delay_hours": 48}
    row = actions.save_trigger(actor=keeper, fields=said)
    assert sentence(row) == (
        "When the same company asks again, if Times they asked is at least 2: "
        "2 days later, send the letter “You asked again” to who asked."
    )
    assert actions.save_trigger(actor=keeper, fields=said, trigger=row).version == 1, "nothing changed"
    changed = actions.save_trigger(actor=keeper, fields={"subject": "Again"}, trigger=row, version=1)
    assert [each.number for each in changed.versions.all()] == [2, 1]
    assert "You asked again" in changed.versions.get(number=1).sentence
    verbs = TrailEntry.objects.filter(target="automation.trigger").order_by("pk").values_list("verb", "user", "data")
    assert [(verb, user, data.get("version")) for verb, user, data in verbs] == [
        ("trigger.saved", keeper.user.pk, 1), ("trigger.saved", keeper.user.pk, 2),
    ]  # fmt: skip
    with pytest.raises(StaleObject):
        actions.save_trigger(actor=keeper, fields={"subject": "x"}, trigger=row, version=1)


def test_what_makes_no_trigger_is_refused_with_its_field(keeper, vendor):
    foreign, plain = PromotionFactory(codes_kind="many"), PromotionFactory(vendor=vendor)
    wrong = [
        ("name", {"name": "  "}), ("event", {"event": "nothing"}), ("event", {"event": None}), ("act", {"act": "spam"}),
        ("days", {"event": "deal_expiring", "days": 0}), ("rules", {"rule": rule("password", "filled")}),
        ("rules", {"rule": {"groups": "x"}}), ("body", {"body": "{{password}}"}), ("subject", {"subject": ""}),
        ("to", {"to": "partner"}), ("to", {"event": "order_received"}), ("reply_to", {"reply_to": "nobody"}),
        ("daily_max", {"daily_max": 0}), ("per_week", {"per_week": 101}), ("quiet_ends", {"quiet_begins": "20:00"}),
        ("delay_hours", {"delay_hours": 9999}), ("body", {"body": "x" * 20_001}), ("purpose", {"purpose": "spam"}),
        ("role", {"act": "notice"}), ("role", {"act": "notice", "role": RoleFactory()}),
        ("person", {"act": "notice", "person": MembershipFactory().user}),
        ("act", {"act": "code"}), ("act", {"act": "task"}),
        ("promotion", {"act": "code", "event": "deal_approved", "promotion": foreign}),
        ("promotion", {"act": "code", "event": "deal_approved", "promotion": plain}),
        ("once", {"once": "never"}),
    ]  # fmt: skip
    for field, fields in wrong:
        with pytest.raises(DomainError) as refusal:
            actions.save_trigger(actor=keeper, fields={"name": "Wrong", **LETTER, **fields})
        assert refusal.value.field == field, fields
    actions.save_trigger(actor=keeper, fields={"name": "Taken", **LETTER})
    with pytest.raises(DomainError, match="of this name"):
        actions.save_trigger(actor=keeper, fields={"name": "Taken", **LETTER})
    assert Trigger.objects.count() == 1


def test_who_may_not_do_it_by_hand_may_not_have_it_done(keeper, reader, rival, act_for, vendor):
    row = actions.save_trigger(actor=keeper, fields={"name": "One", **LETTER})
    half = act_for(vendor, "automation.view", "automation.manage")
    for actor in (reader, half):
        with pytest.raises(PermissionDenied):
            actions.save_trigger(actor=actor, fields={"name": "Two", **LETTER})
        with pytest.raises(PermissionDenied):
            actions.activate_trigger(actor=actor, trigger=row)
    for act in (actions.activate_trigger, actions.pause_trigger, actions.delete_trigger, actions.drop_waiting):
        with pytest.raises(Trigger.DoesNotExist):
            act(actor=rival, trigger=row)
        with pytest.raises(PermissionDenied):
            act(actor=reader, trigger=row)
    with pytest.raises(Trigger.DoesNotExist):
        actions.save_trigger(actor=rival, fields={"subject": "x"}, trigger=row)


def test_states_and_four_eyes(keeper, act_for, vendor):
    row = actions.save_trigger(actor=keeper, fields={"name": "One", **LETTER})
    with pytest.raises(InvalidTransition):
        actions.pause_trigger(actor=keeper, trigger=row)
    AudienceSettings.objects.create(organisation=vendor, four_eyes=True)
    with pytest.raises(PermissionDenied, match="somebody else"):
        actions.activate_trigger(actor=keeper, trigger=row)
    second = act_for(vendor, *ALL)
    actions.activate_trigger(actor=second, trigger=row)
    with pytest.raises(InvalidTransition):
        actions.activate_trigger(actor=second, trigger=row)
    with pytest.raises(InvalidTransition):
        actions.delete_trigger(actor=second, trigger=row)
    RunFactory(trigger=row)
    changed = actions.save_trigger(actor=second, fields={"subject": "Other"}, trigger=row)
    assert changed.state == "paused", "the second pair of eyes looks anew"
    assert actions.drop_waiting(actor=second, trigger=row) == 1
    assert Run.objects.get().why == "stopped"
    actions.delete_trigger(actor=second, trigger=row)
    assert not Run.objects.exists()
