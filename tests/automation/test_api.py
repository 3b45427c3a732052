"""Triggers through the API: the same rules, and nobody else's rows."""

import pytest

from automation.models import Trigger
from tests.automation.conftest import LETTER
from tests.automation.factories import RunFactory, TriggerFactory
from tests.factories import RoleFactory

pytestmark = pytest.mark.django_db
ROOT, JSON = "/api/v1/triggers/", "application/json"


def test_triggers_are_written_started_tried_and_read(page, vendor):
    made = page.post(ROOT, {"name": "One", **LETTER}, content_type=JSON)
    assert made.status_code == 201, made.content
    url = f"{ROOT}{made.json()['id']}/"
    assert "send the letter" in made.json()["sentence"]
    changed = page.patch(url, {"subject": "Two"}, content_type=JSON, headers={"If-Match": made["ETag"]})
    assert (changed.json()["version"], changed.json()["state"]) == (2, "draft")
    assert page.patch(url, {"subject": "3"}, content_type=JSON, headers={"If-Match": made["ETag"]}).status_code == 412
    for wrong in (
        {"body": "{{x}}"},
        {"rule": {"groups": 7}},
        {"name": "\x00"},
        {"role": RoleFactory().pk},
        {"days": -1},
    ):
        assert page.patch(url, wrong, content_type=JSON).status_code in {400, 409}, wrong
    assert page.post(f"{url}pause/").status_code == 409
    assert page.post(f"{url}activate/").json()["state"] == "active"
    assert page.post(f"{url}pause/").json()["state"] == "paused"
    RunFactory(trigger=Trigger.objects.get(), state="left_out", why="week")
    assert page.get(f"{url}runs/?state=left_out").json()["results"][0]["why"] == "week"
    assert page.get(f"{url}rehearsal/?days=7").json() == {"reached": 0, "more": False, "lines": []}
    assert [row["id"] for row in page.get(f"{ROOT}?state=paused").json()["results"]] == [made.json()["id"]]


def test_colleagues_and_strangers_are_refused(vendor, sign_in):
    trigger = TriggerFactory(organisation=vendor)
    looks = sign_in(vendor, "automation.view")
    assert looks.post(f"{ROOT}{trigger.pk}/activate/").status_code == 403
    assert looks.post(ROOT, {"name": "x", **LETTER}, content_type=JSON).status_code == 403
    assert sign_in(vendor, "deals.view").get(ROOT).status_code == 403
    other = TriggerFactory()
    for path in ("", "runs/", "rehearsal/"):
        assert looks.get(f"{ROOT}{other.pk}/{path}").status_code == 404
