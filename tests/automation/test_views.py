"""The pages: a trigger is built without scripts, tried, started, read; lists cost the same for one and for three."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from automation.models import Trigger
from tests.audiences.factories import ContactFactory
from tests.automation.factories import RunFactory, TriggerFactory
from tests.factories import RoleFactory

pytestmark = pytest.mark.django_db
SAID = {
    "name": "Ask back", "event": "lead_asked", "wait": "2", "unit": "24", "act": "letter", "to": "person",
    "purpose": "news", "sender_name": "Aurora", "reply_to": "", "subject": "You asked again", "body": "Hello",
    "once": "record", "per_week": "2", "daily_max": "100", "quiet_begins": "20:00", "quiet_ends": "08:00",
    "r0-join": "all",
}  # fmt: skip


def test_the_builder_works_by_plain_posts(page, vendor):
    new = reverse("automation:new")
    assert "Always." in page.get(new).content.decode()
    shown = page.post(new, {**SAID, "press": "add-first"}).content.decode()
    assert 'name="r0g0c0-field"' in shown
    assert 'name="r0g0c1-field"' not in shown, "one press, one condition"
    assert 'name="r0g0c0-field"' not in page.post(new, {**SAID, "press": "show"}).content.decode()
    asked = {"r0g0c0-field": "asked", "r0g0c0-op": "ge", "r0g0c0-value": "3"}
    shown = page.post(new, {**SAID, **asked, "press": "show"}).content.decode()
    assert "if Times they asked is at least 3: 2 days later, send the letter" in shown
    other = page.post(new, {**SAID, **asked, "event": "deal_expiring", "act": "notice", "press": "show"})
    assert 'name="days"' in other.content.decode()
    assert 'value="amount"' in other.content.decode(), "conditions are those of a deal now"
    assert "Colleague" in other.content.decode()
    assert 'name="body"' in other.content.decode()
    assert not Trigger.objects.exists()
    for wrong in ({"body": "{{password}}"}, {"wait": "-1"}, {"wait": "x"}, {"quiet_ends": ""}, {"name": ""},
                  {"event": "\x00"}, {"act": "y" * 5000}, {"r0g0c0-field": "asked", "r0g0c0-op": "nope"},
                  {"per_week": "999999999999999999"}):  # fmt: skip
        assert page.post(new, {**SAID, **wrong, "press": "save"}).status_code == 422, wrong
    url = page.post(new, {**SAID, **asked, "press": "save"})["Location"]
    row = Trigger.objects.get()
    assert (url, row.delay_hours, row.rule["groups"][0]["conditions"][0]["value"]) == (row.get_absolute_url(), 48, "3")
    edit = reverse("automation:edit", args=[row.pk])
    assert 'value="3"' in page.get(edit).content.decode()
    assert page.post(edit, {**SAID, "version": "7", "press": "save"}).status_code == 422
    page.post(edit, {**SAID, "version": "1", "press": "save"})
    row.refresh_from_db()
    assert (row.rule, row.version) == ({}, 2)


def test_started_paused_tried_and_read(page, vendor):
    trigger = TriggerFactory(organisation=vendor)
    RunFactory(trigger=trigger, state="left_out", why="no_consent", contact=ContactFactory(organisation=vendor))
    url = trigger.get_absolute_url()

    def step(name, status=302):
        assert page.post(reverse("automation:step", args=[trigger.pk, name])).status_code == status

    step("pause", 422)
    step("nonsense", 404)
    step("activate")
    assert page.post(reverse("automation:delete", args=[trigger.pk])).status_code == 422
    shown = page.get(url).content.decode()
    assert "no consent" in shown
    assert "When the same company asks again" in shown
    runs = reverse("automation:runs", args=[trigger.pk])
    assert "Xaver Quandt" in page.get(f"{runs}?view=left_out&state=left_out").content.decode()
    assert b"no consent" in b"".join(page.get(f"{runs}?view=all&format=csv").streaming_content)
    tried = reverse("automation:rehearsal", args=[trigger.pk])
    assert "It would not have acted" in page.get(f"{tried}?days=x").content.decode()
    assert b"Would be reached" in b"".join(page.get(f"{tried}?format=csv").streaming_content)
    step("pause")
    step("drop")
    assert page.post(reverse("automation:delete", args=[trigger.pk])).status_code == 302
    assert page.get(url).status_code == 404


def test_who_may_only_look_is_told_why(vendor, sign_in):
    looks = sign_in(vendor, "automation.view")
    trigger = TriggerFactory(organisation=vendor)
    assert "Your role does not allow" in looks.get(trigger.get_absolute_url()).content.decode()
    assert looks.get(reverse("automation:edit", args=[trigger.pk])).status_code == 403
    assert looks.post(reverse("automation:step", args=[trigger.pk, "activate"])).status_code == 403
    blind = sign_in(vendor, "deals.view")
    assert blind.get(reverse("automation:triggers")).status_code == 403
    found = {client: client.get(f"{reverse('home:search')}?q=Quandt").content.decode() for client in (looks, blind)}
    assert trigger.get_absolute_url() in found[looks]
    assert trigger.get_absolute_url() not in found[blind]


def test_pages_cost_the_same_for_one_and_for_three(page, vendor):
    role = RoleFactory(organisation=vendor)
    trigger = TriggerFactory(organisation=vendor, act="notice", role=role)
    pages = [reverse("automation:triggers"), trigger.get_absolute_url(), reverse("automation:runs", args=[trigger.pk])]

    def add():
        RunFactory(trigger=trigger, contact=ContactFactory(organisation=vendor))

    def costs():
        found = []
        for each in pages:
            with CaptureQueriesContext(connection) as queries:
                assert page.get(each).status_code == 200
            found.append(len(queries))
        return found

    add()
    costs()
    first = costs()
    add()
    add()
    TriggerFactory.create_batch(2, organisation=vendor, act="notice", role=role)
    assert costs() == first
