"""The letter box of the demo: shows what was written, and nothing beside it."""

import pytest
from django.core.mail import EmailMultiAlternatives, get_connection
from django.urls import reverse

HTML = '<p onclick="x()">Hello <a href="https://filiera.example/join/1">join</a><script>alert(1)</script></p>'


@pytest.fixture
def letters(settings, tmp_path):
    """Two letters in one file of the box, and a file outside of it."""
    box = tmp_path / "mail"
    settings.EMAIL_FILE_PATH = str(box)
    (tmp_path / "outside.log").write_text("Subject: secret\n\nsecret")
    backend = get_connection("django.core.mail.backends.filebased.EmailBackend", file_path=str(box))
    for number in (1, 2):
        message = EmailMultiAlternatives(
            f"Invitation {number} <b>",
            f"Dear Ünal, go to https://filiera.example/join/{number} now",
            to=["a@b.example"],
        )
        message.attach_alternative(HTML, "text/html")
        message.connection = backend
        message.send()
    return next(box.glob("*.log")).stem


def test_it_lists_the_newest_first(letters, client, db):
    text = client.get(reverse("demo:mail")).content.decode()
    assert text.index("Invitation 2") < text.index("Invitation 1") and "<b>" not in text.split("Invitation 2")[1][:20]


def test_a_letter_has_links_to_click_and_its_html_apart(letters, client, db):
    page = client.get(reverse("demo:letter", args=[letters, 1])).content.decode()
    assert '<a href="https://filiera.example/join/2"' in page and "Dear Ünal" in page
    assert "sandbox=" in page and "<script>alert" not in page


def test_the_html_can_run_nothing(letters, client, db):
    answer = client.get(reverse("demo:letter_html", args=[letters, 0]))
    policy = answer["Content-Security-Policy"]
    assert "default-src 'none'" in policy and "script-src 'none'" in policy and "sandbox allow-popups" in policy
    assert "allow-scripts" not in policy and "frame-ancestors 'self'" in policy
    assert answer["X-Frame-Options"] == "SAMEORIGIN" and b"filiera.example/join/1" in answer.content


@pytest.mark.parametrize("name", ["..%2Foutside", "../outside", "..", "outside", "%2e%2e%2foutside", "nothing"])
def test_nothing_outside_the_box_is_read(letters, client, db, name):
    answer = client.get(f"/demo/mail/{name}/0/")
    assert answer.status_code == 404 and b"secret" not in answer.content
    assert client.get(reverse("demo:letter", args=[letters, 99])).status_code == 404


def test_an_empty_box_says_so(settings, tmp_path, client, db):
    settings.EMAIL_FILE_PATH = str(tmp_path / "none")
    assert "No e-mail yet" in client.get(reverse("demo:mail")).content.decode()


def test_broken_letters_do_not_break_the_box(settings, tmp_path, client, db):
    settings.EMAIL_FILE_PATH = str(tmp_path)
    (tmp_path / "a.log").write_bytes(b"\xff\xfe\x00 no headers at all")
    (tmp_path / "b.log").write_bytes(b'Content-Type: text/plain; charset="x-none"\nSubject: =?x?q?=\n\n\xff')
    assert client.get(reverse("demo:mail")).status_code == 200
    assert client.get(reverse("demo:letter", args=["b", 0])).status_code == 200
