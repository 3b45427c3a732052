"""What people send who mean harm: markup, floods, sizes, files that lie. Nothing acts, nothing accepted is lost."""

import io
import re
import time
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from lxml import html as parser

from chat import actions, files
from chat.actions.messages import MAX_BODY, FloodError
from chat.markdown import BLOCKS, INLINE, render
from chat.models import Attachment, Message, MessageWords
from core.errors import DomainError
from tests.chat.factories import acting, talk
from tests.chat.test_files import EXE, PDF, PNG, SVG, archive, client_of, upload

pytestmark = pytest.mark.django_db

# Markup --------------------------------------------------------------------------------------------------------------

SCHEMES = ["javascript", "JaVaScRiPt", "java\tscript", "java\nscript", "\x01javascript", "vbscript", "data", "file"]
SCHEMES += ["blob", "ws", "about", "livescript", "mhtml", "jar", "feed:javascript", "view-source:javascript"]
CALLS = [f"[x]({scheme}:alert(1))" for scheme in SCHEMES] + [f"<{scheme}:alert(1)>" for scheme in SCHEMES]
CALLS += [
    "[x](javascript&colon;alert(1))",
    "[x](&#106;avascript:alert(1))",
    "[x](&#x6A;&#x61;vascript:alert(1))",
    "[x](javascript%3Aalert(1))",
    "[x](//evil.example/%0D%0ASet-Cookie:x)",
    "[x](<javascript:alert(1)>)",
    "[x](\\javascript:alert(1))",
    "[a]: javascript:alert(1)\n\n[a]",
    '[x](http://a.example/"onclick="alert(1))',
    "[x](http://a.example 'onclick=alert(1)')",
    "![x](javascript:alert(1))",
    "![x](https://evil.example/pixel.gif)",
    "[![x](https://evil.example/p.gif)](javascript:alert(1))",
    "[x](data:image/svg+xml;base64,PHN2ZyBvbmxvYWQ9YWxlcnQoMSk+)",
]
TAGS = [
    "<script>alert(1)</script>",
    "<scr<script>ipt>alert(1)</scr</script>ipt>",
    "<img src=x onerror=alert(1)>",
    "<img/src='x'/onerror=alert(1)//",
    "<svg><script>alert(1)</script></svg>",
    "<svg onload=alert(1)>",
    "<svg><animate onbegin=alert(1) attributeName=x dur=1s>",
    "<svg><a xlink:href='javascript:alert(1)'><text>x</text></a></svg>",
    "<math><mi xlink:href='javascript:alert(1)'>x</mi></math>",
    "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
    "<template><script>alert(1)</script></template>",
    "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
    "<object data='data:text/html,<script>alert(1)</script>'>",
    "<embed src=javascript:alert(1)>",
    "<base href=https://evil.example>",
    "<meta http-equiv=refresh content='0;url=https://evil.example'>",
    "<link rel=stylesheet href=https://evil.example/x.css>",
    "<form action=https://evil.example><button>Sign in</button></form>",
    "<input autofocus onfocus=alert(1)>",
    "<details open ontoggle=alert(1)>x</details>",
    "<marquee onstart=alert(1)>",
    "<video><source onerror=alert(1)></video>",
    "<style>@import 'https://evil.example'</style>",
    "<p style='position:fixed;inset:0'>x</p>",
    "<div hx-get=https://evil.example hx-trigger=load>x</div>",
    "<button data-do=delete>x</button>",
    "<span class=mention data-member=1 id=palette>@Luca</span>",
    "<!--<img src='--><img src=x onerror=alert(1)//'>",
    "<![CDATA[<script>alert(1)</script>]]>",
    "<?xml-stylesheet href='javascript:alert(1)'?>",
    "<xmp><p title='</xmp><img src=x onerror=alert(1)>'>",
    "\u202e<script>alert(1)</script>\u202c",
    "\ufeff<script>alert(1)</script>",
    "＜script＞alert(1)＜/script＞",
    "%3Cscript%3Ealert(1)%3C/script%3E",
    "`` <script>alert(1)</script> ``",
    "```\n</code></pre><script>alert(1)</script>\n```",
    "```html onclick=alert(1)\nx\n```",
    '```"><script>alert(1)</script>\nx\n```',
    "|a|\n|-|\n|<img src=x onerror=alert(1)>|",
    "1. <li onclick=alert(1)>",
    "> <blockquote cite=javascript:alert(1)>",
    "**<b onmouseover=alert(1)>x</b>**",
    "@Luca Conti<img src=x onerror=alert(1)>",
    "{{ 7|add:7 }} {% load static %} ${7*7}",
]


SCHEME = re.compile(r"[\x00-\x20]*([A-Za-z][A-Za-z0-9+.\s-]*):")  # as browsers read an address


def acts(markup: str) -> list[str]:
    """What in a piece of HTML could act: elements, attributes and addresses that are not on the short list."""
    found = []
    for element in list(parser.fragment_fromstring(markup, create_parent="div").iter())[1:]:
        if element.tag not in INLINE | BLOCKS:
            found.append(str(element.tag))
        for name, value in element.attrib.items():
            if name not in {"href", "target", "rel", "class", "data-member", "start", "title"}:
                found.append(name)
            scheme = SCHEME.match(value) if name == "href" else None
            if scheme and scheme[1].lower() not in {"http", "https", "mailto"}:
                found.append(value)
            if name == "class" and value != "mention" and not value.startswith("language-"):
                found.append(value)
    return found


@pytest.mark.parametrize("text", CALLS + TAGS)
def test_no_markup_acts(text):
    markup = render(text, {"luca conti": 3})
    assert acts(markup) == []
    assert 'data-member="1"' not in markup


def test_the_whole_list_as_one_message_is_text_in_the_page_and_in_the_search():
    scene = talk()
    body = "\n\n".join(TAGS)[:MAX_BODY]
    actions.post_message(actor=acting(scene.luca), room=scene.room, body=body)
    client = client_of(scene.marta)
    for url in (
        f"/rooms/{scene.room.pk}/",
        "/rooms/search/?q=alert",
        f"/rooms/{scene.room.pk}/find/?q=alert",
        "/search/?q=alert",
    ):
        page = client.get(url)
        assert page.status_code == 200
        assert "<script>alert" not in page.text
        assert "onerror=alert(1)>" not in page.text.replace("&gt;", "")


@pytest.mark.parametrize(
    "text",
    [
        ">" * 10_000,
        "> " * 5_000,
        "- " * 5_000,
        "1. " * 3_333,
        "[" * 5_000 + "](x)" * 1_250,
        "[x](" * 2_500,
        "*a **a " * 1_400,
        "_" * 10_000,
        "~~" * 5_000,
        "`" * 5_000 + "x" + "`" * 4_999,
        "|" + "a|" * 2_400 + "\n|" + "-|" * 2_400 + "\n",
        "|a|\n|-|\n" + "|b|\n" * 2_400,
        "<" * 10_000,
        "&" * 10_000,
        "&#" * 5_000,
        "@Luca Conti " * 800,
        "https://" + "a" * 9_990,
        "http://a.example/" * 580,
        "\u202e" * 10_000,
        "e" + "\u0301" * 9_999,
        "\n" * 9_999 + "x",
        "\\" * 10_000,
    ],
    ids=lambda text: ascii(text[:12]),
)
def test_texts_made_to_be_slow_are_posted_within_bounds(text):
    scene = talk()
    began = time.process_time()
    answer = client_of(scene.luca).post(f"/rooms/{scene.room.pk}/post/", {"body": text})
    assert answer.status_code == 302
    assert time.process_time() - began < 20  # far above what it takes; what grows with the square of it takes minutes
    for message in Message.objects.all():
        assert len(message.html) < 60 * len(text)
        assert acts(message.html or "<p></p>") == []


# Sizes and floods ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("size", [MAX_BODY + 1, 1_000_000, 2_400_000])
def test_a_message_that_is_too_long_is_refused_with_its_length(size):
    scene = talk()
    client = client_of(scene.luca)
    answer = client.post(f"/rooms/{scene.room.pk}/post/", {"body": "x" * size}, headers={"Accept": "application/json"})
    assert answer.status_code == 422
    assert str(size) in answer.json()["error"]
    assert not Message.objects.exists()


def test_a_body_beyond_all_limits_is_refused_whole():
    scene = talk()
    client = client_of(scene.luca)
    answer = client.post(f"/rooms/{scene.room.pk}/post/", {"body": "x" * 4_000_000})
    assert (answer.status_code, answer["Location"]) in {(302, f"/rooms/{scene.room.pk}/"), (400, ""), (413, "")}
    assert not Message.objects.exists()


def burst(actor, room, number):
    """One send of many: the message, or the refusal."""
    try:
        return actions.post_message(actor=actor, room=room, body=f"burst {number}", client_id=f"c{number // 4}")
    except FloodError as error:
        return error


def test_of_a_burst_the_limits_hold_and_nothing_accepted_is_lost(time_machine):
    """Sends of two people at one moment, each of them twice: what was answered with a message is stored once and in
    order; the rest is told to wait."""
    time_machine.move_to("2026-11-20T09:00:00+00:00", tick=False)
    scene = talk()
    people = [acting(scene.luca), acting(scene.marta)]
    answers = [burst(people[number % 2], scene.room, number) for number in range(300)]
    refused = [each for each in answers if isinstance(each, FloodError)]
    accepted = dict.fromkeys((each.seq, each.body) for each in answers if isinstance(each, Message))
    stored = list(Message.objects.order_by("seq").values_list("seq", "body"))
    assert list(accepted) == stored
    assert [seq for seq, _body in stored] == list(range(1, len(stored) + 1))
    assert 20 <= len(stored) <= 30
    assert len(refused) == 300 - 2 * len(stored)
    assert all("your text is kept" in each.message for each in refused)
    assert MessageWords.objects.count() == len(stored)
    scene.room.refresh_from_db()
    assert scene.room.last_seq == len(stored)


def test_a_flood_of_one_author_hinders_nobody_else(time_machine):
    time_machine.move_to("2026-11-20T09:00:00+00:00", tick=False)
    scene = talk()
    answers = [burst(acting(scene.luca), scene.room, number * 4) for number in range(20)]
    assert isinstance(answers[-1], FloodError)
    assert isinstance(burst(acting(scene.marta), scene.room, 0), Message)


# Files ---------------------------------------------------------------------------------------------------------------

ZIP = archive("a.txt")
HTML = b"<html><script>alert(1)</script></html>"
LIARS = [
    ("photo.png", EXE),
    ("photo.jpg", b"\x7fELF\x02\x01\x01" + b"\0" * 64),
    ("photo.gif", HTML),
    ("photo.webp", SVG),
    ("photo.png", b"#!/bin/sh\nrm -rf /\n"),
    ("photo.jpeg", PDF),
    ("scan.pdf", EXE),
    ("offer.docx", ZIP),
    ("offer.xlsx", archive("[Content_Types].xml", "word/document.xml")),
    ("offer.pptx", PNG),
    ("offer.odt", archive("content.xml")),
    ("offer.docx", EXE + ZIP),
    ("notes.txt", b"MZ\x00\x01"),
    ("list.csv", b"\x00\x01\x02\x03"),
    ("drawing.svg", SVG),
    ("drawing.svgz", b"\x1f\x8b\x08"),
    ("page.htm", HTML),
    ("page.xhtml", HTML),
    ("page.shtml", HTML),
    ("macro.docm", archive("[Content_Types].xml", "word/vbaProject.bin")),
    ("start.lnk", b"L\0\0\0"),
    ("start.bat", b"del *"),
    ("app.jar", ZIP),
    ("photo.png\0.exe", EXE),
    ("photo.png;.exe", EXE),
    ("photo.exe .png", EXE),
    ("photo\u202egnp.exe", EXE),
    (".htaccess", b"x"),
    (" .txt", b"x"),
]


@pytest.mark.parametrize(("name", "content"), LIARS, ids=[ascii(name) for name, _content in LIARS])
def test_files_that_lie_are_refused_by_name_and_nothing_is_stored(name, content):
    scene = talk()
    with pytest.raises(DomainError) as refused:
        actions.post_message(actor=acting(scene.luca), room=scene.room, body="x", files=[upload(name, content)])
    assert refused.value.field == "files"
    assert not Attachment.objects.exists()
    assert not Message.objects.exists()


POLYGLOTS = [
    ("gif-js.gif", b"GIF89a/*" + b"\0" * 20 + b"*/=1;alert(1)//"),
    ("png-html.png", PNG + HTML),
    ("pdf-html.pdf", PDF + HTML),
    ("pdf-zip.pdf", PDF + ZIP),
    ("html.txt", HTML),
    ("html.csv", b"=cmd|'/c calc'!A1;" + HTML),
    ("script.json", b'{"__proto__": 1}</script><script>alert(1)</script>'),
    ("xxe.xml", b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><x>&e;</x>'),
]


@pytest.mark.parametrize(("name", "content"), POLYGLOTS, ids=[name for name, _content in POLYGLOTS])
def test_what_is_two_things_at_once_is_served_as_one_that_cannot_act(name, content):
    scene = talk()
    try:
        message = actions.post_message(
            actor=acting(scene.luca), room=scene.room, body="", files=[upload(name, content)]
        )
    except DomainError:
        return  # refused is fine too
    answer = client_of(scene.marta).get(message.attachments.get().get_absolute_url())
    assert answer["Content-Type"].partition(";")[0] == files.KINDS[f".{name.rpartition('.')[2]}"].content_type
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Disposition"].startswith(("inline", "attachment"))
    if answer["Content-Type"] != "application/pdf":
        assert "sandbox" in answer["Content-Security-Policy"]
    if not answer["Content-Type"].startswith(("image/", "application/pdf")):
        assert answer["Content-Disposition"].startswith("attachment")


NAMES = [
    "../../etc/passwd.txt",
    "..\\..\\windows\\system.txt",
    "/etc/cron.d/x.txt",
    "C:\\x.txt",
    "a\r\nContent-Type: text/html\r\n\r\n<script>.txt",
    'a"; filename="evil.exe".txt',
    "a\u202etxt.exe.txt",
    "\u2066hidden\u2069.txt",
    "a\0b.txt",
    "$(id).txt",
    "`id`.txt",
    "<img src=x onerror=alert(1)>.txt",
    "CON.txt",
    "x" * 5_000 + ".txt",
    "é" * 200 + ".txt",
    "%2e%2e%2fpasswd.txt",
]


@pytest.mark.parametrize("name", NAMES, ids=[ascii(name[:24]) for name in NAMES])
def test_names_of_files_leave_no_folder_break_no_header_and_hide_nothing(name):
    scene = talk()
    message = actions.post_message(actor=acting(scene.luca), room=scene.room, body="", files=[upload(name, b"x")])
    file = message.attachments.get()
    assert len(file.name) <= 100
    assert not set(file.name) & set('/\\\r\n\0<>"|?*\u202e\u2066\u2069')
    assert file.file.name.startswith("rooms/")
    assert ".." not in file.file.name
    assert str(file.file.storage.path(file.file.name)).startswith(str(file.file.storage.location))
    answer = client_of(scene.marta).get(file.get_absolute_url())
    assert answer["Content-Disposition"].startswith("attachment")
    assert not set(answer["Content-Disposition"]) & set("\r\n\0")
    page = client_of(scene.marta).get(f"/rooms/{scene.room.pk}/")
    assert "<img src=x" not in page.text


def test_a_zip_that_grows_without_end_is_never_unpacked():
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("[Content_Types].xml", "x")
        made.writestr("word/document.xml", b"\0" * 200_000_000)
    [taken] = files.checked([SimpleUploadedFile("bomb.docx", target.getvalue())])
    assert taken.size < 1_000_000  # it is stored and handed out as it came


def test_a_zip_of_too_many_parts_is_refused():
    with pytest.raises(DomainError, match="not what its name says"):
        files.checked([upload("many.docx", archive("[Content_Types].xml", *(f"word/{n}" for n in range(5_001))))])
