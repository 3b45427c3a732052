"""How long talk is kept, holds, exports, and who decides about them."""

import io
import json
import zipfile
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import Http404
from django.utils.timezone import now

from chat import actions, exporting, retention
from chat.models import (
    Attachment,
    Bookmark,
    Hold,
    Mention,
    Message,
    MessageWords,
    Pin,
    Reaction,
    Revision,
    Room,
    TalkExport,
    TalkPolicy,
)
from core.errors import DomainError
from core.models import TrailEntry
from tests.chat.factories import acting, member_of, talk
from tests.chat.test_files import PNG
from tests.chat.test_views import client_of, say

pytestmark = pytest.mark.django_db


@pytest.fixture
def scene(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    it = talk()
    it.admin = member_of(it.vendor, "organisation.manage", "chat.post", "chat.manage", name="Ada Bassi")
    return it


def older(message, days):
    Message.objects.filter(pk=message.pk).update(created=now() - timedelta(days=days))


def keep(organisation, days):
    TalkPolicy.objects.update_or_create(organisation=organisation, defaults={"keep_days": days})


def bodies(room):
    return list(Message.objects.filter(room=room, entry=None).order_by("seq").values_list("body", flat=True))


# Time -----------------------------------------------------------------------------------------------------------------


def test_a_side_thread_is_kept_as_long_as_its_organisation_says(scene):
    theirs = scene.room.sides.get(organisation=scene.partner)
    for who, room in ((scene.luca, scene.side), (scene.marta, theirs)):
        older(say(who, room, "old"), 40)
        say(who, room, "new")
    keep(scene.vendor, 30)
    retention.forget_old()
    assert bodies(scene.side) == ["", "new"]
    assert bodies(theirs) == ["old", "new"]


@pytest.mark.parametrize(
    ("ours", "theirs", "left"), [(30, None, "old"), (30, 60, "old"), (30, 35, ""), (60, 30, "old")]
)
def test_a_shared_room_is_kept_for_the_longer_time_of_both(scene, ours, theirs, left):
    older(say(scene.luca, scene.room, "old"), 40)
    keep(scene.vendor, ours)
    keep(scene.partner, theirs)
    retention.forget_old()
    assert bodies(scene.room) == [left]


def test_with_the_words_go_files_signs_pins_and_former_texts_and_the_place_stays(scene):
    files = [SimpleUploadedFile("plan.png", PNG)]
    message = actions.post_message(actor=acting(scene.luca), room=scene.side, body="old", files=files)
    actions.edit_message(actor=acting(scene.luca), message=message, body="older @Luca Conti")
    actions.react(actor=acting(scene.luca), message=message, sign="eye")
    actions.pin_message(actor=acting(scene.luca), message=message, pinned=True)
    actions.save_message(actor=acting(scene.luca), message=message, saved=True)
    older(message, 40)
    keep(scene.vendor, 30)
    assert MessageWords.objects.exists()
    assert retention.forget_old() == 1
    for model in (MessageWords, Attachment, Revision, Reaction, Mention, Pin, Bookmark):
        assert not model.objects.exists(), model
    message.refresh_from_db()
    assert (message.body, message.html, message.expired, message.seq) == ("", "", True, 1)
    assert "time for which talk is kept" in client_of(scene.luca).get(f"/rooms/{scene.side.pk}/").content.decode()
    assert retention.forget_old() == 0


def test_direct_talk_and_groups_among_colleagues_are_kept_as_one_says(scene):
    direct = actions.start_direct(actor=acting(scene.luca), member=scene.admin)
    group = actions.open_group(actor=acting(scene.luca), title="Ours", members=[scene.admin])
    outside = actions.start_direct(actor=acting(scene.luca), member=scene.marta)
    for room in (direct, group, outside):
        older(say(scene.luca, room, "old"), 40)
    keep(scene.vendor, 30)
    retention.forget_old()
    assert [bodies(room) for room in (direct, group, outside)] == [[""], [""], ["old"]]


def test_many_old_messages_go_in_several_steps(scene, monkeypatch):
    monkeypatch.setattr(retention, "AT_ONCE", 2)
    for n in range(5):
        older(say(scene.luca, scene.side, str(n)), 40)
    keep(scene.vendor, 30)
    assert retention.forget_old() == 5
    assert bodies(scene.side) == [""] * 5


# Holds ----------------------------------------------------------------------------------------------------------------


def test_under_a_hold_nothing_is_removed_until_it_is_lifted(scene):
    older(say(scene.luca, scene.side, "old"), 40)
    deleted = say(scene.luca, scene.side, "regretted")
    keep(scene.vendor, 30)
    admin = acting(scene.admin)
    hold = actions.hold(actor=admin, reason="Case 12", room=scene.side)
    assert hold.room == scene.room
    actions.delete_message(actor=acting(scene.luca), message=deleted)
    assert (retention.forget_old(), retention.drop_released()) == (0, 0)
    assert Revision.objects.get().body == "regretted"
    with pytest.raises(DomainError, match="already"):
        actions.hold(actor=admin, reason="Case 12", room=scene.room)
    actions.lift(actor=admin, hold=hold)
    assert (retention.drop_released(), retention.forget_old()) == (1, 1)
    assert not Revision.objects.exists()
    with pytest.raises(DomainError, match="lifted"):
        actions.lift(actor=admin, hold=hold)


def test_a_hold_is_the_organisations_own_secret(scene):
    hold = actions.hold(actor=acting(scene.admin), reason="Case 12")
    entry = TrailEntry.objects.get(verb="talk.held")
    assert set(entry.readers.values_list("organisation", flat=True)) == {scene.vendor.pk}
    theirs = member_of(scene.partner, "organisation.manage", "chat.post")
    assert "Case 12" not in client_of(theirs).get("/rooms/policy/").content.decode()
    assert client_of(theirs).post(f"/rooms/policy/hold/{hold.pk}/lift/").status_code == 404
    with pytest.raises(Http404):
        actions.lift(actor=acting(theirs), hold=hold)
    assert Hold.objects.in_force().count() == 1


# Who decides ----------------------------------------------------------------------------------------------------------


def test_the_rules_are_set_on_their_page_and_hold_at_once(scene):
    admin = client_of(scene.admin)
    assert admin.get("/rooms/policy/").status_code == 200
    fields = {"seats": "chosen", "members": [scene.admin.pk], "keep_days": "90"}
    assert admin.post("/rooms/policy/", fields).status_code == 302
    policy = TalkPolicy.objects.get()
    assert (policy.seats, policy.receipts, policy.keep_days) == ("chosen", False, 90)
    assert client_of(scene.luca).get(f"/rooms/{scene.room.pk}/").status_code == 404
    assert client_of(scene.marta).get(f"/rooms/{scene.room.pk}/").status_code == 200


@pytest.mark.parametrize(
    "fields",
    [{"seats": "nobody"}, {"seats": "everybody", "keep_days": "1"}, {"seats": "everybody", "keep_days": "9" * 30}, {}],
)
def test_rules_that_make_no_sense_are_refused(scene, fields):
    assert client_of(scene.admin).post("/rooms/policy/", fields).status_code == 422
    assert not TalkPolicy.objects.exists()


def test_people_of_others_cannot_be_chosen(scene):
    fields = {"seats": "chosen", "members": [scene.marta.pk]}
    assert client_of(scene.admin).post("/rooms/policy/", fields).status_code == 422
    with pytest.raises(DomainError, match="own organisation"):
        actions.change_policy(actor=acting(scene.admin), seats="chosen", members=[scene.marta])


def test_only_administrators_decide(scene):
    luca = acting(scene.luca)
    for act in (
        lambda: actions.change_policy(actor=luca, seats="everybody"),
        lambda: actions.hold(actor=luca, reason="x"),
        lambda: actions.ask_export(actor=luca),
    ):
        with pytest.raises(PermissionDenied):
            act()
    for url in ("/rooms/policy/", "/rooms/policy/export/1/"):
        assert client_of(scene.luca).get(url).status_code == 403


# Exports --------------------------------------------------------------------------------------------------------------


def exported(export):
    export.refresh_from_db()
    assert export.state == "ready"
    with export.file.open("rb") as file:
        archive = zipfile.ZipFile(io.BytesIO(file.read()))
    return archive, {name: archive.read(name).decode("utf-8", "replace") for name in archive.namelist()}


def test_an_export_holds_what_the_organisation_may_see_and_nothing_else(scene):
    theirs = scene.room.sides.get(organisation=scene.partner)
    say(scene.luca, scene.room, "to all <b>& more</b>", files=[SimpleUploadedFile("plan.png", PNG)])
    say(scene.luca, scene.side, "our margin")
    say(scene.marta, theirs, "their margin")
    regretted = say(scene.marta, scene.room, "regretted")
    actions.delete_message(actor=acting(scene.marta), message=regretted)
    say(scene.eva, actions.open_group(actor=acting(scene.eva), title="Elsewhere", members=[]), "strangers")
    export = actions.ask_export(actor=acting(scene.admin))
    with pytest.raises(DomainError, match="already"):
        actions.ask_export(actor=acting(scene.admin))
    exporting.write(export.pk)
    archive, files = exported(export)
    everything = "".join(files.values())
    assert "our margin" in everything
    for secret in ("their margin", "strangers", "Elsewhere", "regretted"):
        assert secret not in everything
    lines = [json.loads(line) for line in files[f"rooms/{scene.room.pk}/messages.jsonl"].splitlines()]
    assert lines[0]["body"] == "to all <b>& more</b>"
    assert archive.read(lines[0]["files"][0]["path"]) == PNG
    assert "&lt;b&gt;" in files[f"rooms/{scene.room.pk}/index.html"]
    assert export.rooms == export.done == len(json.loads(files["index.json"])["rooms"])


def test_an_export_begins_where_the_organisation_joined(scene):
    room = actions.open_group(actor=acting(scene.marta), title="Fair", members=[])
    say(scene.marta, room, "before")
    Room.objects.filter(pk=room.pk).update(history="joining")
    actions.add_seat(actor=acting(scene.marta), room=room, member=scene.luca)
    say(scene.marta, room, "after")
    export = actions.ask_export(actor=acting(scene.admin))
    exporting.write(export.pk)
    text = "".join(exported(export)[1].values())
    assert "after" in text
    assert "before" not in text


def test_what_was_deleted_under_ones_own_hold_is_in_the_export(scene):
    actions.hold(actor=acting(scene.admin), reason="Case 12")
    message = say(scene.marta, scene.room, "regretted")
    actions.delete_message(actor=acting(scene.marta), message=message)
    export = actions.ask_export(actor=acting(scene.admin))
    exporting.write(export.pk)
    assert "regretted" in "".join(exported(export)[1].values())


def test_an_export_is_downloaded_by_its_own_and_noted(scene):
    export = actions.ask_export(actor=acting(scene.admin))
    url = f"/rooms/policy/export/{export.pk}/"
    assert client_of(scene.admin).get(url).status_code == 404
    exporting.write(export.pk)
    answer = client_of(scene.admin).get(url)
    assert answer["Content-Disposition"].startswith("attachment")
    assert TrailEntry.objects.filter(verb="talk.export_downloaded").count() == 1
    theirs = member_of(scene.partner, "organisation.manage")
    assert client_of(theirs).get(url).status_code == 404
    TalkExport.objects.update(ready_at=now() - timedelta(days=8))
    assert exporting.remove_old() == 1
    assert client_of(scene.admin).get(url).status_code == 404


def test_a_title_cannot_break_the_pages_of_an_export(scene):
    Room.objects.filter(pk=scene.room.pk).update(title="<!-- messages --><script>alert(1)</script>")
    say(scene.luca, scene.room, "<!-- messages -->")
    export = actions.ask_export(actor=acting(scene.admin))
    exporting.write(export.pk)
    pages = {name: text for name, text in exported(export)[1].items() if name.endswith(".html")}
    assert len(pages) > 1
    assert "<script>" not in "".join(pages.values())


def test_a_failure_is_said_and_leaves_no_file(scene, monkeypatch):
    monkeypatch.setattr(exporting, "_write_room", lambda *_: 1 / 0)
    export = actions.ask_export(actor=acting(scene.admin))
    exporting.write(export.pk)
    export.refresh_from_db()
    assert (export.state, export.file.name) == ("failed", "")
    assert actions.ask_export(actor=acting(scene.admin)).pk != export.pk
