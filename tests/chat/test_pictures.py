"""How large a picture is, by its head alone; and the page of a file."""

import io
import struct

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from chat import actions
from chat.models import Attachment
from core import pictures
from tests.chat.factories import acting, talk
from tests.chat.test_views import client_of

PNG = b"\x89PNG\r\n\x1a\n" + struct.pack(">I4sIIBBBBB", 13, b"IHDR", 640, 480, 8, 2, 0, 0, 0)
GIF = b"GIF89a" + struct.pack("<HH", 30, 20) + b"\0" * 8
JPEG = b"\xff\xd8\xff\xe0\x00\x04ab\xff\xff\xc2\x00\x0b\x08" + struct.pack(">HH", 90, 160) + b"\x01\x01\x11\x00"
WEBP = b"RIFF\x1e\0\0\0WEBPVP8X\n\0\0\0\0\0\0\0" + (99).to_bytes(3, "little") + (49).to_bytes(3, "little")
LOSSLESS = b"RIFF\x1e\0\0\0WEBPVP8L\n\0\0\0\x2f" + (99 | 49 << 14).to_bytes(4, "little") + b"\0" * 8


@pytest.mark.parametrize(
    ("octets", "size"),
    [
        (PNG, (640, 480)),
        (GIF, (30, 20)),
        (JPEG, (160, 90)),
        (WEBP, (100, 50)),
        (LOSSLESS, (100, 50)),
        (b"", (None, None)),
        (PNG[:18], (None, None)),
        (PNG.replace(struct.pack(">I", 640), b"\xff" * 4), (None, None)),
        (b"\xff\xd8" + b"\xff\xe0\x00\x00" * 5000, (None, None)),
        (b"\xff\xd8" + b"\xff" * 5000, (None, None)),
        (b"RIFF\x1e\0\0\0WEBPVP9 ", (None, None)),
        (b"%PDF-1.4", (None, None)),
    ],
)
def test_sizes(octets, size):
    assert pictures.size_of(io.BytesIO(octets)) == size


@pytest.mark.django_db
def test_a_picture_keeps_its_place_in_the_log_and_has_a_page(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    scene = talk()
    body = PNG + b"\0" * 40
    actions.post_message(
        actor=acting(scene.luca), room=scene.room, body="", files=[SimpleUploadedFile("plan.png", body)]
    )
    file = Attachment.objects.get()
    assert (file.width, file.height, file.shown_size) == (640, 480, (213, 160))
    client = client_of(scene.marta)
    assert 'width="213" height="160"' in client.get(f"/rooms/{scene.room.pk}/").content.decode()
    assert "640 × 480" in client.get(file.page_url).content.decode()
    assert client_of(scene.eva).get(file.page_url).status_code == 404


@pytest.mark.django_db
def test_a_pdf_is_framed_by_our_own_pages_alone(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    scene = talk()
    files = [SimpleUploadedFile("offer.pdf", b"%PDF-1.4\n" + b"x" * 100)]
    actions.post_message(actor=acting(scene.luca), room=scene.side, body="", files=files)
    file = Attachment.objects.get()
    page, shown = (client_of(scene.luca).get(url) for url in (file.page_url, file.get_absolute_url()))
    assert "<iframe" in page.content.decode()
    assert shown["X-Frame-Options"] == "SAMEORIGIN"
    assert "frame-ancestors 'self'" in shown["Content-Security-Policy"]
    assert client_of(scene.marta).get(file.page_url).status_code == 404
