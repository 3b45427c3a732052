"""Files: taken by content, served privately."""

import io
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from chat import actions, files
from chat.models import Attachment
from core.errors import DomainError
from tests.chat.factories import acting, talk

pytestmark = pytest.mark.django_db

PNG = (
    b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x06\x00\x00\x00\x1f\x15\xc4\x89"
    + b"\0" * 20
)
PDF = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"
EXE = b"MZ\x90\x00\x03\x00\x00\x00\x04\x00\x00\x00\xff\xff\x00\x00" + b"\0" * 200
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


def archive(*names):
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as made:
        for name in names:
            made.writestr(name, "x")
    return target.getvalue()


def upload(name, content, content_type="application/octet-stream"):
    return SimpleUploadedFile(name, content, content_type)


GOOD = [
    ("plan.png", PNG, "image/png"),
    ("PLAN.PNG", PNG, "image/png"),
    ("site survey.pdf", PDF, "application/pdf"),
    ("notes.txt", "perché no".encode(), "text/plain"),
    ("prices.csv", b"sku;price\nAP-1;2", "text/csv"),
    ("order.edi", b"UNA:+.? 'UNB+UNOC:3+1:14+2:14'", "text/plain"),
    ("order.x12", b"ISA*00*\x1e~", "text/plain"),
    ("offer.docx", archive("[Content_Types].xml", "word/document.xml"), files.KINDS[".docx"].content_type),
    ("sheet.ods", archive("mimetype", "content.xml"), files.KINDS[".ods"].content_type),
]
BAD = [
    ("photo.png", EXE, "not what its name says"),
    ("photo.png", SVG, "not what its name says"),
    ("photo.jpg", PNG, "not what its name says"),
    ("offer.docx", archive("a.txt"), "not what its name says"),
    ("offer.docx", archive("[Content_Types].xml", "xl/workbook.xml"), "not what its name says"),
    ("offer.docx", b"PK\x03\x04 broken", "not what its name says"),
    ("offer.pdf", b"<html><script>", "not what its name says"),
    ("notes.txt", EXE, "not what its name says"),
    ("drawing.svg", SVG, "kind that is not taken"),
    ("page.html", b"<html>", "kind that is not taken"),
    ("run.exe", EXE, "kind that is not taken"),
    ("photo.png.exe", EXE, "kind that is not taken"),
    ("noending", PNG, "kind that is not taken"),
    ("empty.png", b"", "is empty"),
]


@pytest.mark.parametrize(("name", "content", "content_type"), GOOD)
def test_good_files_get_the_type_of_their_kind_whatever_the_browser_says(name, content, content_type):
    [checked] = files.checked([upload(name, content, "text/html")])
    assert (checked.name, checked.content_type, checked.size) == (name, content_type, len(content))


@pytest.mark.parametrize(("name", "content", "sentence"), BAD)
def test_files_that_lie_are_named_and_nothing_is_stored(name, content, sentence):
    scene = talk()
    with pytest.raises(DomainError, match=sentence):
        actions.post_message(
            actor=acting(scene.luca), room=scene.room, body="x", files=[upload("a.png", PNG), upload(name, content)]
        )
    assert not Attachment.objects.exists()
    assert not scene.room.messages.exists()


def test_limits_of_size_and_number(monkeypatch):
    monkeypatch.setattr(files, "MAX_SIZE", 50)
    with pytest.raises(DomainError, match="larger than"):
        files.checked([upload("a.pdf", PDF)])
    with pytest.raises(DomainError, match="10 files at most"):
        files.checked([upload("a.txt", b"x")] * 11)


@pytest.mark.parametrize(
    ("name", "clean"),
    [
        ("C:\\fakepath\\plan.png", "plan.png"),
        ("a\r\nSet-Cookie: x.png", "aSet-Cookie x.png"),
        ("..png", "png"),
        ("x" * 300 + ".png", "x" * 96 + ".png"),
    ],
)
def test_names_are_cleaned(name, clean):
    assert files._clean_name(name) == clean


@pytest.fixture
def posted(sign_in):
    scene = talk()
    message = actions.post_message(
        actor=acting(scene.luca), room=scene.room, body="", files=[upload("plan.png", PNG), upload("list.csv", b"=1+1")]
    )
    return scene, message, list(message.attachments.all())


def client_of(membership):
    from django.test import Client

    client = Client()
    client.force_login(membership.user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def test_images_open_and_other_files_download_and_neither_can_run(posted):
    scene, _message, (image, sheet) = posted
    client = client_of(scene.marta)
    shown, saved = client.get(image.get_absolute_url()), client.get(sheet.get_absolute_url())
    assert b"".join(shown.streaming_content) == PNG
    assert shown["Content-Disposition"] == 'inline; filename="plan.png"'
    assert saved["Content-Disposition"] == 'attachment; filename="list.csv"'
    for response in (shown, saved):
        assert response["X-Content-Type-Options"] == "nosniff"
        assert "sandbox" in response["Content-Security-Policy"]
        assert "private" in response["Cache-Control"]


def test_a_stranger_gets_the_404_of_a_missing_file(posted):
    scene, _message, (image, _sheet) = posted
    client = client_of(scene.eva)
    theirs, missing = client.get(image.get_absolute_url()), client.get("/rooms/files/999999/")
    assert theirs.status_code == missing.status_code == 404


def test_files_of_a_side_thread_stay_there():
    scene = talk()
    message = actions.post_message(
        actor=acting(scene.luca), room=scene.side, body="", files=[upload("margin.csv", b"31")]
    )
    url = message.attachments.get().get_absolute_url()
    assert client_of(scene.marta).get(url).status_code == 404
    assert client_of(scene.luca).get(url).status_code == 200


def test_files_go_with_their_message(posted, django_capture_on_commit_callbacks):
    scene, message, (image, _sheet) = posted
    with django_capture_on_commit_callbacks(execute=True):
        actions.delete_message(actor=acting(scene.luca), message=message)
    assert client_of(scene.luca).get(image.get_absolute_url()).status_code == 404
    assert not image.file.storage.exists(image.file.name)
