"""Letters are read: the words of the answer alone, whatever wrote them; monsters are refused before they cost much."""

import pytest

from inbox.inbound.html import text_of
from inbox.inbound.letters import Unreadable, read_letter
from inbox.inbound.quotes import answer_of
from tests.inbox.letters import ANSWERS, HTML, letter

DOMAIN = "reply.filiera.example"
TOKEN = "a" * 56
TO = f"reply+{TOKEN}@{DOMAIN}"
ME = "Marta Riva <Marta@Brenta.example>"


def read(raw):
    return read_letter(raw, DOMAIN)


@pytest.mark.parametrize("program", ANSWERS)
def test_the_answer_is_what_is_left(program):
    assert answer_of(ANSWERS[program]) == "Yes."


@pytest.mark.parametrize("program", HTML)
def test_html_is_read_as_text_without_what_it_quotes(program):
    assert answer_of(text_of(HTML[program])) == "Yes."


def test_answers_between_the_lines_keep_what_they_answer():
    text = "On Tue, 10 Mar 2026, Luca wrote:\n> When?\nAt nine.\n> Where?\nAt the gate.\n\n-- \nMarta"
    assert answer_of(text) == "> When?\nAt nine.\n> Where?\nAt the gate."


@pytest.mark.parametrize(
    "text",
    [
        "On Monday I wrote: the pump is here",
        "From: the gate to the pump is 20 m",
        "Le camion est là",
        "A -- B",
        "> quoted first\n\nand then this",
        "I was sent from Rome.\n\nAm I right?",
    ],
)
def test_words_that_only_look_like_a_quote_stay(text):
    assert answer_of(text) == text


def test_links_lists_and_lines_of_html():
    assert text_of("<p>One<br>two</p><ul><li>a</li><li>b</li></ul>&amp; &lt;x&gt;") == "One\ntwo\n\n- a\n- b\n& <x>"


@pytest.mark.parametrize("html", ["", "<", "<" * 200_000, "<div>" * 100_000 + "x", "\0", "<p" + " a=1" * 100_000])
def test_hostile_html_does_no_harm(html):
    assert isinstance(text_of(html), str)


def test_who_to_and_what():
    found = read(letter(ME, f'"Room" <{TO}>', subject="Re: =?utf-8?q?P=C3=A8re?="))
    assert (found.sender, found.tokens, found.text) == ("marta@brenta.example", (TOKEN,), "Yes, at nine.")
    assert found.automatic == "" and found.message_id == "<1@brenta.example>"


def test_the_token_is_found_in_what_the_server_delivered_to_and_not_under_another_domain():
    assert read(f"Delivered-To: {TO.upper()}\n".encode() + letter(ME, "x@y.example")).tokens == (TOKEN,)
    assert read(letter(ME, f"reply+{TOKEN}@evil.example")).tokens == ()


@pytest.mark.parametrize(
    "headers",
    [
        {"Auto_Submitted": "auto-replied"},
        {"X_Auto_Response_Suppress": "All"},
        {"Return_Path": "<>"},
        {"Precedence": "bulk"},
        {"List_Id": "<x.example>"},
        {"subject": "Out of office: back on Monday"},
        {"subject": "Risposta automatica: Pumps"},
        {"subject": "Abwesenheitsnotiz"},
    ],
)
def test_what_no_person_wrote_is_known(headers):
    assert read(letter(ME, TO, **headers)).automatic


def test_a_bounce_is_no_answer():
    raw = letter("MAILER-DAEMON@brenta.example", TO)
    assert read(raw).automatic == "From"
    report = b"From: a@b.example\nTo: x\nContent-Type: multipart/report; boundary=z\n\n--z\n\nx\n--z--\n"
    assert read(report).automatic == "multipart/report"


@pytest.mark.parametrize(
    ("charset", "octets", "words"),
    [
        ("utf-8", "Perché no".encode("latin-1"), "Perché no"),  # says one thing, is another
        ("us-ascii", "Grüße".encode(), "Grüße"),
        ("iso-8859-15", "10 €".encode("iso-8859-15"), "10 €"),
        ("x-unknown", "Voilà".encode(), "Voilà"),
        ("utf-8", b"\xff\xfe\x00bad", "ÿþ\x00bad"),
        ("utf-16", b"odd", "odd"),
    ],
)
def test_charsets_right_wrong_and_unknown(charset, octets, words):
    head = f"From: {ME}\nTo: {TO}\nContent-Type: text/plain; charset={charset}\nContent-Transfer-Encoding: 8bit\n\n"
    assert read(head.encode() + octets).text == words


def test_the_plain_part_is_read_and_html_where_it_is_empty():
    assert read(letter(ME, TO, "Plain.", html="<p>Html.</p>")).text == "Plain."
    assert read(letter(ME, TO, " ", html="<p>Html.</p>")).text == "Html."
    assert read(letter(ME, TO, "", html="<p>Html.</p>")).text == "Html."


def test_flowed_lines_are_joined():
    head = f"From: {ME}\nTo: {TO}\nContent-Type: text/plain; format=flowed\n\n"
    assert read(head.encode() + b"One \ntwo.\nThree.\n").text == "One two.\nThree."


def test_files_are_kept_and_logos_and_signatures_are_not():
    raw = letter(
        ME, TO, files=[("a.pdf", "application/pdf", b"%PDF-1.4"), ("s.asc", "application/pgp-signature", b"x")]
    )
    assert [(each.name, each.content) for each in read(raw).files] == [("a.pdf", b"%PDF-1.4")]


def test_a_letter_within_the_letter_is_not_the_writers():
    inner = letter("boss@evil.example", "x@y.example", "Secret words")
    raw = (
        f"From: {ME}\nTo: {TO}\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=z\n\n--z\n\nMine.\n"
        "--z\nContent-Type: message/rfc822\n\n"
    ).encode()
    assert read(raw + inner + b"\n--z--\n").text == "Mine."


def nested(depth):
    raw = f"From: {ME}\nTo: {TO}\n".encode()
    for level in range(depth):
        raw += f"Content-Type: multipart/mixed; boundary=b{level}\n\n--b{level}\n".encode()
    return raw + b"\nx\n"


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"no head at all",
        nested(1_000),
        nested(20),
        b"From: a@b.example\nTo: " + b", ".join(b"a%d@b.example" % n for n in range(100_000)) + b"\n\nx",
        letter(ME, TO)[:60] + b"x" * 25_000_001,
    ],
    ids=["empty", "no head", "nested 1000", "nested 20", "100000 addresses", "too large"],
)
def test_monsters_are_refused(raw):
    with pytest.raises(Unreadable):
        read(raw)


def test_ten_megabytes_are_read():
    raw = letter(ME, TO, files=[("big.bin", "application/octet-stream", b"\0" * 7_000_000)])
    assert len(raw) > 9_000_000 and len(read(raw).files[0].content) == 7_000_000


@pytest.mark.parametrize("sender", ["a@b.example, c@d.example", "", "nobody", "<>", "a@b.example\n From: c@d.example"])
def test_a_sender_that_is_none_or_several_is_none(sender):
    raw = f"From: {sender}\nTo: {TO}\n\nx".encode()
    assert read(raw).sender in {"", "a@b.example"} and "c@d" not in read(raw).sender
