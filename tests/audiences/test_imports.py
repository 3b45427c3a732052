"""Contacts from files: any spreadsheet's or address book's, taken in once whatever happens on the way."""

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from audiences import actions, vcards
from audiences.actions import importing
from audiences.models import AudienceSettings, Contact, ContactImport
from audiences.tasks import sweep, take_in
from core.errors import DomainError, InvalidTransition
from tests.audiences.factories import ConsentFactory, ContactFactory

pytestmark = pytest.mark.django_db
TABLE = "Nome;Cognome;E-mail;Azienda;Paese;Taglia\nAnna;Berg;anna@berg.example;Berg;Italia;L\n"
CARD = """BEGIN:VCARD
VERSION:3.0
N:Berg;Anna;;Dr.;
FN:Dr. Anna Berg
item1.EMAIL;TYPE=INTERNET;TYPE="work,pref":anna@berg.example
TEL;VALUE=uri:tel:+39-0444-123
ORG:Berg\\, S\\u00f6hne;Vertrieb
ADR;TYPE=work:;;Via Roma 1;Vicenza;VI;36100;Italy
CATEGORIES:fair,vip
NOTE:a very
  long note
PHOTO;ENCODING=b:AAAA
 BBBB
END:VCARD
"""


def uploaded(actor, text, name="people.csv"):
    return importing.upload_contacts(actor=actor, name=name, data=text.encode() if isinstance(text, str) else text)


def run(actor, row, mapping=None, **options):
    importing.start_contacts(actor=actor, row=row, mapping=mapping or row.mapping, **options)
    take_in.call(row.pk)
    row.refresh_from_db()
    return row


def test_a_table_is_taken_in_with_consent_tags_and_own_fields(keeper):
    row = uploaded(keeper, TABLE)
    assert row.mapping == {"first_name": 0, "last_name": 1, "email": 2, "company": 3, "country": 4}
    run(keeper, row, {**row.mapping, "own:Taglia": 5}, tags=["Fair"], purpose="news", consent_source="Stand 21")
    anna = Contact.objects.get()
    assert (anna.name, anna.first_name, anna.country, anna.more) == ("Anna Berg", "Anna", "IT", {"Taglia": "L"})
    assert [tag.name for tag in anna.tags.all()] == ["fair"]
    assert anna.consents.get().source == "Stand 21"
    assert AudienceSettings.of(keeper.organisation).fields == ["Taglia"]
    assert (row.state, row.taken, row.left_out) == ("done", 1, 0)


def test_cards_are_taken_in(keeper):
    row = run(keeper, uploaded(keeper, CARD.replace("\n", "\r\n"), "people.vcf"))
    anna = Contact.objects.get()
    assert (row.kind, row.total, row.taken) == ("vcard", 1, 1)
    assert (anna.name, anna.first_name, anna.email) == ("Dr. Anna Berg", "Anna", "anna@berg.example")
    assert (anna.phone, anna.country) == ("+39-0444-123", "IT")
    assert anna.company.startswith("Berg, S")
    assert {tag.name for tag in anna.tags.all()} == {"fair", "vip"}


def test_every_line_that_is_left_out_says_why(keeper, sender):
    known = ContactFactory(organisation=sender, email="known@x.example")
    gone = ContactFactory(organisation=sender, email="gone@x.example")
    actions.erase_contact(actor=keeper, contact=gone)
    lines = ("A,known@x.example,", "B,GONE@x.example,", "C,no address,", "D,d@x.example,Nowhere", "E,e@x.example,")
    text = "\n".join(["name,email,country", *lines, "E,E@x.example,"])
    row = run(keeper, uploaded(keeper, text))
    said = {line.number: (line.outcome, line.reason) for line in row.lines.all()}
    assert [outcome for outcome, _why in said.values()] == ["known", "refused", "refused", "refused", "taken", "known"]
    assert str(known.pk) in said[2][1]
    assert "erased" in said[3][1]
    assert (row.taken, row.left_out) == (1, 5)
    assert not any("known@" in why or "GONE" in why for _outcome, why in said.values()), "the report names no person"


def test_known_contacts_are_completed_but_never_overwritten(keeper, sender):
    known = ContactFactory(organisation=sender, email="a@x.example", phone="", company="Right")
    ConsentFactory(contact=known, withdrawn_at="2026-01-01T00:00Z")
    text = "name,email,phone,company\nOther,a@x.example,123,Wrong\n"
    row = run(keeper, uploaded(keeper, text), update=True, purpose="news", consent_source="list")
    known.refresh_from_db()
    assert (known.phone, known.company) == ("123", "Right")
    assert row.updated == 1
    assert not Contact.objects.agreed_to("news").exists(), "who has said no has not said yes by standing in a file"


def test_killed_anywhere_nothing_is_taken_twice(keeper, monkeypatch):
    monkeypatch.setattr(importing, "TOGETHER", 3)
    text = "name,email\n" + "".join(f"N{n},n{n}@x.example\n" for n in range(10))
    row = uploaded(keeper, text)
    importing.start_contacts(actor=keeper, row=row, mapping=row.mapping)
    assert importing.take_lines(pk=row.pk)
    with monkeypatch.context() as patch:
        patch.setattr(importing.ContactLine.objects, "bulk_create", lambda *_a: (_ for _ in ()).throw(OSError))
        with pytest.raises(OSError):
            importing.take_lines(pk=row.pk)
    ContactImport.objects.update(moved_at="2026-01-01T00:00Z")
    sweep.call()
    row.refresh_from_db()
    assert (row.state, row.taken, Contact.objects.count(), row.lines.count()) == ("done", 10, 10, 10)


def test_starting_asks_for_what_is_needed(keeper, reader, rival):
    row = uploaded(keeper, "phone,company\n1,A\n")
    with pytest.raises(DomainError):
        importing.start_contacts(actor=keeper, row=row, mapping={"phone": 0})
    row = uploaded(keeper, TABLE)
    with pytest.raises(DomainError):
        importing.start_contacts(actor=keeper, row=row, mapping=row.mapping, purpose="news")
    with pytest.raises(PermissionDenied):
        importing.start_contacts(actor=reader, row=row, mapping=row.mapping)
    with pytest.raises(ContactImport.DoesNotExist):
        importing.start_contacts(actor=rival, row=row, mapping=row.mapping)
    run(keeper, row)
    with pytest.raises(InvalidTransition):
        importing.start_contacts(actor=keeper, row=row, mapping=row.mapping)


@pytest.mark.parametrize(
    "data", [b"", b"BEGIN:VCARD", b"\x00\x01\x02", b"one\n", b"BEGIN:VCARD\nVERSION:3.0\n" + b"X" * 10_000_001]
)
def test_what_is_neither_table_nor_cards_is_refused_or_reported(keeper, data):
    try:
        row = run(keeper, uploaded(keeper, data))
    except DomainError:
        return
    assert row.taken == 0
    assert row.lines.get().outcome == "refused"


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("BEGIN:VCARD\nVERSION:3.0\nFN:A\n", "end"),
        ("BEGIN:VCARD\nFN:A\nBEGIN:VCARD\nVERSION:3.0\nFN:B\nEND:VCARD\n", "end"),
        ("BEGIN:VCARD\nVERSION:2.1\nFN:A\nEND:VCARD\n", "version"),
        ("BEGIN:VCARD\nVERSION:3.0\nno colon here\nFN:A\nEND:VCARD\n", "name and value"),
    ],
)
def test_a_broken_card_says_what_is_wrong(text, wrong):
    first = next(iter(vcards.cards(text)))
    assert wrong in first.wrong


def test_a_card_says_where_it_begins_and_folds_are_undone():
    found = list(vcards.cards("\n\n" + CARD + "\n" + CARD))
    assert [card.line for card in found] == [3, 18]
    assert found[0].first("NOTE") == "a very long note"
    assert "PHOTO" not in found[0].values


def test_semicolons_commas_and_line_ends_come_back_as_written():
    assert vcards.parts_of(r"a\;b;c\,d;e\nf;g\\h") == ["a;b", "c,d", "e\nf", "g\\h"]


@given(st.text(max_size=300))
def test_no_text_breaks_the_reader(text):
    for card in vcards.cards(f"BEGIN:VCARD\nVERSION:4.0\n{text}\nEND:VCARD\n{text}"):
        assert len(vcards.cells_of(card)) == len(vcards.COLUMNS)


@given(
    st.lists(
        st.text(
            st.characters(exclude_characters="\r\n\x00\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029", exclude_categories=["Cs"]),
            max_size=20,
        ),
        min_size=1,
        max_size=5,
    )
)
def test_what_is_escaped_is_read_back(parts):
    written = ";".join(part.replace("\\", "\\\\").replace(";", "\\;") for part in parts)
    assert vcards.parts_of(written) == [part.strip() for part in parts]


def test_the_page_leads_from_the_file_to_the_report(page, keeper):
    upload = SimpleUploadedFile("people.csv", (TABLE + "X;Y;no address;;;\n").encode())
    answer = page.post(reverse("audiences:imports"), {"file": upload})
    row = ContactImport.objects.get()
    assert answer["Location"] == row.get_absolute_url()
    assert "anna@berg.example" in page.get(row.get_absolute_url()).content.decode()
    twice = {"column-0": "name", "column-1": "name"}
    assert page.post(row.get_absolute_url(), twice).status_code == 422
    page.post(row.get_absolute_url(), {"column-0": "name", "column-2": "email"})
    take_in.call(row.pk)
    assert "no address" in page.get(row.get_absolute_url()).content.decode()
    report = b"".join(page.get(reverse("audiences:import_report", args=[row.pk])).streaming_content).decode()
    assert report.count("\n") == 2
