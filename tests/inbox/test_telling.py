"""Who is told of what: the rules propose; parties, roles, authorship and preferences decide."""

import pytest
from django.core.exceptions import ImproperlyConfigured

from core import audit
from core.audit import fan_out
from inbox import rules
from inbox.models import EmailDelivery, Notification, Preference
from inbox.rules import holders, notify, people
from partners.models import Membership
from tests.factories import MembershipFactory, RoleFactory, UserFactory
from tests.inbox.conftest import KIND, VERB


def told():
    return set(Notification.objects.values_list("membership", flat=True))


def test_parties_are_told_and_neither_author_nor_stranger(world, rule, happens):
    rule()
    happens(world.vendor, world.partnership)
    assert told() == {world.partner.pk, world.colleague.pk}


def test_a_private_entry_stays_in_its_organisation_though_the_rule_names_everybody(world, rule, happens):
    rule()
    happens(world.partner, world.partnership, parties=())
    assert told() == {world.colleague.pk}
    assert set(EmailDelivery.objects.values_list("membership", flat=True)) == {world.colleague.pk}


def test_a_role_that_may_not_know_of_the_verb_is_not_told(world, rule, happens):
    rule(capability="members.manage")
    chief = RoleFactory(organisation=world.partner.organisation, capabilities=["members.manage"])
    world.colleague.roles.add(chief)
    happens(world.vendor, world.partnership)
    assert told() == {world.colleague.pk}


def test_closed_memberships_are_not_told(world, rule, happens):
    rule()
    Membership.objects.filter(pk=world.colleague.pk).update(active=False)
    happens(world.vendor, world.partnership)
    assert told() == {world.partner.pk}


def test_the_author_is_not_told_in_another_organisation_either(world, rule, happens):
    rule()
    double = MembershipFactory(user=world.vendor.user, organisation=world.partner.organisation)
    happens(world.vendor, world.partnership)
    assert double.pk not in told()


def test_delivering_again_tells_nobody_twice(world, rule, happens):
    rule()
    entry = happens(world.vendor, world.partnership)
    fan_out.call(entry.pk)
    assert Notification.objects.filter(membership=world.partner).count() == 1


def test_two_kinds_of_rules_tell_one_person_once(world, rule, happens):
    rule()
    rule(kind="other")
    happens(world.vendor, world.partnership)
    assert Notification.objects.filter(membership=world.partner).count() == 1


def test_who_wants_nothing_gets_nothing(world, rule, happens):
    rule(urgent=True)
    Preference.objects.create(membership=world.partner, kind=KIND, in_app=False, email="none")
    happens(world.vendor, world.partnership)
    assert told() == {world.colleague.pk}
    assert not EmailDelivery.objects.filter(membership=world.partner).exists()


def test_a_new_notification_goes_to_each_member_at_once_with_its_count(world, rule, happens, frames_sent):
    rule()
    happens(world.vendor, world.partnership, note="<b>bold</b>")
    frames = [frame for group, frame in frames_sent if group == f"member.{world.partner.pk}"]
    notification, counts, changed = frames
    mine = Notification.objects.get(membership=world.partner)
    assert (notification["on"], notification["id"], notification["unread"]) == ("notification", mine.pk, 1)
    assert "&lt;b&gt;bold&lt;/b&gt;" in notification["html"] and "<b>bold</b>" not in notification["html"]
    assert counts == {"on": "counts", "inbox": 1}
    assert (changed["on"], changed["what"]) == ("changed", "notification")
    assert {group for group, _frame in frames_sent} == {f"member.{m.pk}" for m in (world.partner, world.colleague)}


def test_the_words_of_a_frame_are_in_the_language_of_each_socket(world, rule, happens, monkeypatch):
    from core.realtime import encode
    from inbox import frames

    built = []
    monkeypatch.setattr(frames, "broadcast", lambda group, f: built.append(f))
    rule()
    happens(world.vendor, world.partnership)
    texts = encode(next(f for f in built if callable(f)))
    assert set(texts) == {"en", "it"}


def test_a_rule_of_the_same_verb_and_kind_is_a_mistake(monkeypatch):
    monkeypatch.setattr(rules, "RULES", {})
    notify(VERB, to=lambda entry: [], url=lambda entry: "/", kind="deals")
    notify(VERB, to=lambda entry: [], url=lambda entry: "/", kind="chat")
    with pytest.raises(ImproperlyConfigured, match=r"partnership\.tested already has a rule"):
        notify(VERB, to=lambda entry: [], url=lambda entry: "/", kind="deals")
    assert [rule.kind for rule in rules.rules_for(VERB)] == ["deals", "chat"]


def test_a_rule_that_fails_leaves_the_entry_to_the_sweeper(world, rule, happens):
    def fails(entry):
        raise RuntimeError("no recipients today")

    rule(to=fails)
    entry = happens(world.vendor, world.partnership)
    entry.refresh_from_db()
    assert entry.fanned_out_at is None and not Notification.objects.exists()


def test_holders_are_live_members_with_the_capability_of_those_organisations(world):
    boss = RoleFactory(organisation=world.partner.organisation, capabilities=["members.manage"])
    world.partner.roles.add(boss)
    gone = MembershipFactory(organisation=world.partner.organisation, roles=[boss], active=False)
    locked = MembershipFactory(organisation=world.partner.organisation, roles=[boss], user=UserFactory(is_active=False))
    found = holders([world.partner.organisation_id], "members.manage")
    assert found == [world.partner] and gone not in found and locked not in found
    assert holders([world.vendor.organisation_id], "members.manage") == []


def test_people_are_found_only_where_they_are_members(world):
    organisations = [world.partner.organisation_id]
    assert people([world.partner.user_id, world.vendor.user_id, None], organisations) == [world.partner]


def test_every_rule_of_the_portal_is_about_a_described_verb_and_a_named_kind():
    assert {verb for verb, _kind in rules.RULES} <= set(audit.DESCRIPTIONS)
    assert {kind for _verb, kind in rules.RULES} <= set(rules.KINDS)


def test_the_record_is_named_once(world, rule, happens, monkeypatch):
    rule()
    happens(world.vendor, world.partnership)
    item = Notification.objects.with_words().get(membership=world.partner)
    assert str(world.partnership) in item.title and item.about == ""
    monkeypatch.setitem(audit.DESCRIPTIONS, VERB, audit.Description("%(actor)s tested it"))
    assert item.about == str(world.partnership)
