"""Leads from files: any spreadsheet's, taken in once whatever happens on the way, with a report of what was not."""

import csv
import io

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from core.errors import DomainError, InvalidTransition
from leads import actions as lead_actions
from leads import tables
from leads.actions import importing
from leads.models import ImportLine, Lead, LeadImport
from leads.rows import amount_of, band_of, country_of
from leads.tasks import sweep, take_in
from tests.leads.factories import LeadFactory

pytestmark = pytest.mark.django_db
TABLE = "Company;Contact;E-mail;Country;Need;Value\n"


def lines(number, start=0):
    return "".join(f"Firma {n};Kim {n};kim{n}@firma{n}.example;DE;Pump {n};1.500,00\n" for n in range(start, number))


def uploaded(actor, text=None, data=None, name="leads.csv"):
    return importing.upload_import(actor=actor, name=name, data=data if data is not None else text.encode())


def run(actor, row, **options):
    importing.start_import(actor=actor, row=row, mapping=row.mapping, country="DE", **options)
    take_in.call(row.pk)
    row.refresh_from_db()
    return row


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_files_of_any_spreadsheet_are_read(manager, encoding, separator):
    out = io.StringIO(newline="")
    write = csv.writer(out, delimiter=separator)
    write.writerows([["Unternehmen", "E-Mail", "Bedarf"], ["Müller, Söhne; Co", "m@mueller.example", "Zwei\nPumpen"]])
    row = run(manager, uploaded(manager, data=out.getvalue().encode(encoding)))
    lead = Lead.objects.get()
    assert (lead.company, lead.email, lead.need) == ("Müller, Söhne; Co", "m@mueller.example", "Zwei Pumpen")
    assert (row.state, row.total, row.taken) == ("done", 1, 1)


@pytest.mark.parametrize(
    "data", [b"", b"   \n", b"one column\nx\n", b"a,b\n", b"PK\x00\x03" * 20, b"a,b\n" * 2 + b"x" * 10_000_001]
)
def test_what_is_no_table_is_refused(manager, data):
    with pytest.raises(DomainError):
        uploaded(manager, data=data)
    assert not LeadImport.objects.exists()


def test_uploading_takes_the_capability(vendor, act_for, manager):
    with pytest.raises(PermissionDenied):
        uploaded(act_for(vendor, "leads.view"), TABLE + lines(1))
    row = uploaded(manager, TABLE + lines(1))
    with pytest.raises(PermissionDenied):
        importing.start_import(actor=act_for(vendor, "leads.view"), row=row, mapping=row.mapping)
    with pytest.raises(LeadImport.DoesNotExist):
        importing.start_import(actor=act_for(LeadFactory().vendor, "leads.manage"), row=row, mapping=row.mapping)


def test_columns_are_guessed_by_their_names():
    guess = tables.suggest(
        ("Ragione sociale", "Referente", "E-mail", "Telefono", "Paese", "Esigenza", "Budget", "Unbekannt")
    )
    assert guess == {"company": 0, "contact": 1, "email": 2, "phone": 3, "country": 4, "need": 5, "value": 6}


@pytest.mark.parametrize(
    ("text", "amount"),
    [("12.500,50", "12500.50"), ("12,500.50", "12500.50"), ("€ 12500", "12500"), ("1.500", "1500"), ("7,5", "7.5")],
)
def test_amounts_are_read_with_either_mark(text, amount):
    assert str(amount_of(text)) in {amount, f"{amount}.0", f"{amount}0"}


@pytest.mark.parametrize("text", ["many", "-5", "1" * 20])
def test_what_is_no_amount_is_refused(text):
    with pytest.raises(DomainError):
        amount_of(text)


def test_countries_and_sizes_are_read_as_people_write_them():
    assert [country_of(each) for each in ("de", "Deutschland", "GERMANIA", "Allemagne")] == ["DE"] * 4
    with pytest.raises(DomainError):
        country_of("Padania")
    assert [band_of(each) for each in ("7", "10-49", "50 - 100", "1.200", "250+", "many")] == [
        "1-9", "10-49", "50-249", "250+", "250+", "",
    ]  # fmt: skip


def test_three_hundred_rows_and_a_report_of_what_was_not_taken(vendor, manager, sign_in):
    LeadFactory(vendor=vendor, email="kim7@firma7.example")
    text = TABLE + lines(295)
    text += "Firma 3;Kim;kim3@firma3.example;DE;Pump;1\n"  # line 297: twice in the file
    text += ";Kim;a@b.example;DE;Pump;1\n"  # 298: nobody
    text += "Firma X;Kim;no address;DE;Pump;1\n"  # 299
    text += "\n"  # an empty line counts as none
    text += "=cmd();Kim;x@cmd.example;Padania;Pump;1\n"  # 1001
    text += "Firma Y;Kim;y@y.example;DE;Pump;much\n"  # 302
    row = run(manager, uploaded(manager, text))
    assert (row.total, row.settled, row.taken, row.left_out, row.percent) == (300, 300, 294, 6, 100)
    assert Lead.objects.filter(imported=row).count() == 294
    client = sign_in(vendor, "leads.view", "leads.manage")
    answer = client.get(reverse("leads:import_report", args=[row.pk]))
    report = list(csv.reader(io.StringIO(b"".join(answer.streaming_content).decode("utf-8-sig"))))
    assert [(line[0], line[1]) for line in report[1:]] == [
        ("9", "Known already"), ("297", "Twice in the file"), ("298", "Not usable"), ("299", "Not usable"),
        ("301", "Not usable"), ("302", "Not usable"),
    ]  # fmt: skip
    assert "Padania" in report[5][2]
    page = client.get(row.get_absolute_url()).content.decode()
    assert "Not taken, and why" in page


def test_killed_in_the_middle_it_goes_on_and_takes_nothing_twice(manager, monkeypatch):
    row = uploaded(manager, TABLE + lines(350))
    importing.start_import(actor=manager, row=row, mapping=row.mapping, country="DE")
    assert importing.take_lines(pk=row.pk), "the first hundred"
    settle, calls = importing._settle, []

    def dies(*arguments):
        calls.append(1)
        if len(calls) == 50:
            raise KeyboardInterrupt
        return settle(*arguments)

    monkeypatch.setattr(importing, "_settle", dies)
    with pytest.raises(KeyboardInterrupt):
        take_in.call(row.pk)
    monkeypatch.setattr(importing, "_settle", settle)
    row.refresh_from_db()
    assert (row.state, row.settled) == ("running", 100)
    assert Lead.objects.count() == 100
    LeadImport.objects.filter(pk=row.pk).update(moved_at="2020-01-01T00:00Z")
    sweep.call()  # finds that it stands still
    take_in.call(row.pk)  # begun once more
    row.refresh_from_db()
    assert (row.state, row.settled, row.taken) == ("done", 350, 350)
    assert Lead.objects.count() == ImportLine.objects.count() == 350


def test_the_same_file_again_brings_nothing(manager):
    run(manager, uploaded(manager, TABLE + lines(20)))
    again = run(manager, uploaded(manager, TABLE + lines(20)))
    assert (again.taken, Lead.objects.count()) == (0, 20)
    assert {line.outcome for line in again.lines.all()} == {"known"}


def test_an_import_is_undone_while_nothing_was_offered(manager, edge, act_for, vendor):
    row = run(manager, uploaded(manager, TABLE + lines(3)))
    with pytest.raises(PermissionDenied):
        importing.undo_import(actor=act_for(vendor, "leads.view"), row=row)
    lead = Lead.objects.first()
    lead_actions.offer_lead(actor=manager, lead=lead, partnerships=[edge()])
    with pytest.raises(InvalidTransition):
        importing.undo_import(actor=manager, row=row)
    row.refresh_from_db()
    assert (row.state, Lead.objects.count()) == ("done", 3)
    other = run(manager, uploaded(manager, TABLE + lines(6, start=3)))
    importing.undo_import(actor=manager, row=other)
    assert Lead.objects.filter(imported=other).count() == 0
    with pytest.raises(InvalidTransition):
        importing.undo_import(actor=manager, row=other)
    again = run(manager, uploaded(manager, TABLE + lines(6, start=3)))
    assert again.taken == 3


def test_started_it_needs_the_columns_that_matter_and_starts_once(manager):
    row = uploaded(manager, TABLE + lines(1))
    for mapping in ({"company": 0, "email": 2}, {"company": 0, "need": 4}, {"need": 4, "email": 2}):
        with pytest.raises(DomainError):
            importing.start_import(actor=manager, row=row, mapping=mapping)
    run(manager, row)
    with pytest.raises(InvalidTransition):
        importing.start_import(actor=manager, row=row, mapping=row.mapping)


def test_imported_leads_are_routed_where_that_is_asked(manager, edge, to_all):
    edge()
    to_all()
    run(manager, uploaded(manager, TABLE + lines(2)), route=True)
    sweep.call()
    assert {lead.state for lead in Lead.objects.all()} == {"offered"}


def test_on_the_page_from_the_file_to_its_report(vendor, sign_in, django_capture_on_commit_callbacks):
    client = sign_in(vendor, "leads.view", "leads.manage")
    assert client.post(reverse("leads:imports"), {}).status_code == 422
    wrong = SimpleUploadedFile("x.csv", b"\x00\x01")
    assert client.post(reverse("leads:imports"), {"file": wrong}).status_code == 422
    upload = SimpleUploadedFile("fair.csv", (TABLE + lines(2)).encode())
    url = client.post(reverse("leads:imports"), {"file": upload})["Location"]
    page = client.get(url).content.decode()
    assert "Firma 0 · Firma 1" in page
    assert '<option value="email" selected>' in page
    columns = {
        f"column-{at}": name for at, name in enumerate(["company", "contact", "email", "country", "need", "value"])
    }
    assert client.post(url, {**columns, "column-1": "company", "country": "DE"}).status_code == 422
    with django_capture_on_commit_callbacks(execute=True):
        client.post(url, {**columns, "country": "DE", "campaign": "Fair"})
    row = LeadImport.objects.get()
    if row.state == "running":  # the job is another process's
        page = client.get(url).content.decode()
        assert "<progress" in page
        take_in.call(row.pk)
    assert "Undo" in client.get(url).content.decode()
    assert Lead.objects.filter(campaign="Fair", source="import").count() == 2
    client.post(reverse("leads:import_undo", args=[row.pk]))
    assert not Lead.objects.exists()


def test_while_it_runs_the_page_shows_how_far_it_is(vendor, sign_in, manager):
    row = uploaded(manager, TABLE + lines(150))
    importing.start_import(actor=manager, row=row, mapping=row.mapping, country="DE")
    importing.take_lines(pk=row.pk)
    page = sign_in(vendor, "leads.view", "leads.manage").get(row.get_absolute_url()).content.decode()
    assert "100 of 150 lines" in page
    assert 'max="150" value="100"' in page
    assert 'hx-trigger="every 1s"' in page
