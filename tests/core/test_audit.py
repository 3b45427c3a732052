"""The trail: written with the change, delivered on commit, in order, made good when lost."""

import pytest
from django.db import transaction
from django.utils.timezone import now, timedelta

from core import audit
from core.audit import SUBSCRIBERS, deliver_owed, describe, fan_out, fan_out_all, record, sentence, subscribe
from core.models import TrailEntry
from tests.factories import OrganisationFactory, RoleFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def heard(monkeypatch):
    """Entries that a subscriber of "role.tested" was handed."""
    found = []
    monkeypatch.setitem(SUBSCRIBERS, "role.tested", [found.append])
    return found


def test_subscribers_hear_of_it_only_after_commit_and_once(act_for, heard, django_capture_on_commit_callbacks):
    role = RoleFactory()
    with django_capture_on_commit_callbacks(execute=True):
        entry = record(actor=act_for(role.organisation), verb="role.tested", target=role, before="a", after="b")
        assert heard == []
    assert heard == [entry]
    fan_out.call(entry.pk)
    assert len(heard) == 1
    entry.refresh_from_db()
    assert entry.fanned_out_at and entry.data == {"before": "a", "after": "b"} and entry.title == str(role)


def test_a_rolled_back_change_leaves_no_entry_and_tells_nobody(act_for, heard, django_capture_on_commit_callbacks):
    role = RoleFactory()
    actor = act_for(role.organisation)

    @transaction.atomic
    def change_then_fail():
        record(actor=actor, verb="role.tested", target=role)
        raise ZeroDivisionError

    with django_capture_on_commit_callbacks(execute=True), pytest.raises(ZeroDivisionError):
        change_then_fail()
    assert heard == [] and not TrailEntry.objects.exists()


def test_a_failing_subscriber_is_tried_again_and_undoes_its_half(act_for, heard, monkeypatch):
    role = RoleFactory()
    entry = record(actor=act_for(role.organisation), verb="role.tested", target=role)

    def writes_then_fails(_entry):
        OrganisationFactory(name="half done")
        raise RuntimeError("later")

    monkeypatch.setitem(SUBSCRIBERS, "role.tested", [heard.append, writes_then_fails])
    fan_out.call(entry.pk)
    entry.refresh_from_db()
    assert entry.fanned_out_at is None and entry.attempts == 1
    assert not type(role.organisation).objects.filter(name="half done").exists()
    monkeypatch.setitem(SUBSCRIBERS, "role.tested", [heard.append])
    TrailEntry.objects.update(created=now() - timedelta(minutes=2))
    deliver_owed.call()
    entry.refresh_from_db()
    assert entry.fanned_out_at is not None


def test_the_sweeper_gives_up_after_ten_attempts(act_for, heard):
    role = RoleFactory()
    record(actor=act_for(role.organisation), verb="role.tested", target=role)
    TrailEntry.objects.update(created=now() - timedelta(hours=1), attempts=audit.GIVE_UP_AFTER)
    deliver_owed.call()
    assert heard == []


def test_events_of_one_record_keep_their_order(act_for, heard):
    role = RoleFactory()
    actor = act_for(role.organisation)
    first, second = (record(actor=actor, verb="role.tested", target=role, n=n) for n in (1, 2))
    fan_out.call(second.pk)
    assert heard == [first, second]


def test_only_the_named_parties_read_it(act_for):
    role, other, stranger = RoleFactory(), OrganisationFactory(), OrganisationFactory()
    actor = act_for(role.organisation)
    shared = record(actor=actor, verb="role.tested", target=role, parties=[other.pk])
    private = record(actor=actor, verb="role.tested", target=role, parties=())
    assert list(TrailEntry.objects.visible_to(actor).order_by("pk")) == [shared, private]
    assert list(TrailEntry.objects.visible_to(act_for(other))) == [shared]
    assert not TrailEntry.objects.visible_to(act_for(stranger)).exists()


def test_sentences_survive_missing_words(act_for, monkeypatch):
    monkeypatch.setattr(audit, "DESCRIPTIONS", {})
    role = RoleFactory(name="Sales")
    entry = record(actor=act_for(role.organisation), verb="role.tested", target=role)
    assert sentence(entry) == "role.tested"
    describe("role.tested", "%(actor)s tested %(title)s with %(tool)s", tone="good")
    assert sentence(entry) == f"{entry.user} tested Sales with "
    assert audit.tone(entry) == "good"


@pytest.mark.parametrize(
    ("kept", "read"),
    [("2026-12-31", "31 Dec 2026"), ("2026-13-31", "2026-13-31"), ("AP-2026-12-31", "AP-2026-12-31"), (7, "7")],
)
def test_days_are_kept_as_dates_and_read_as_people_write_them(act_for, monkeypatch, kept, read):
    monkeypatch.setattr(audit, "DESCRIPTIONS", {})
    role = RoleFactory(name="Sales")
    entry = record(actor=act_for(role.organisation), verb="role.tested", target=role, until=kept)
    describe("role.tested", "until %(until)s")
    assert sentence(entry) == f"until {read}"


def test_subscribe_registers_a_function_once(monkeypatch):
    monkeypatch.setattr(audit, "SUBSCRIBERS", type(SUBSCRIBERS)(list))

    def hears(_entry):
        return None

    subscribe("a.b", "c.d")(hears)
    subscribe("a.b")(hears)
    assert dict(audit.SUBSCRIBERS) == {"a.b": [hears], "c.d": [hears]}


def test_one_job_hands_on_several_and_a_failure_holds_up_its_own_record_alone(act_for, heard, monkeypatch):
    one, two = RoleFactory(), RoleFactory()
    actor = act_for(one.organisation)
    entries = [record(actor=actor, verb="role.tested", target=role, n=n) for n, role in enumerate((one, two, one, two))]

    def fails_once(entry):
        if entry.pk == entries[0].pk:
            raise RuntimeError("later")

    monkeypatch.setitem(SUBSCRIBERS, "role.tested", [fails_once, heard.append])
    fan_out_all.call([entry.pk for entry in entries])
    assert heard == [entries[1], entries[3]]
    owed = TrailEntry.objects.filter(fanned_out_at=None).order_by("pk").values_list("pk", "attempts")
    assert list(owed) == [(entries[0].pk, 1), (entries[2].pk, 0)]
    monkeypatch.setitem(SUBSCRIBERS, "role.tested", [heard.append])
    fan_out_all.call([entries[2].pk])
    assert heard[2:] == [entries[0], entries[2]], "what is owed of the record comes first"
    fan_out_all.call([entry.pk for entry in entries])
    fan_out_all.call([])
    assert len(heard) == 4
