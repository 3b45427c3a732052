"""Named accounts through the API and by CSV: a vendor's own list, closed to everybody else, whatever is sent."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from core.models import TrailEntry
from deals.models import MatchKey, NamedAccount
from partners.models import Partnership
from tests.factories import OrganisationFactory, PartnershipFactory

pytestmark = pytest.mark.django_db
JSON = {"content_type": "application/json"}
SETS = ("deals.view", "deals.terms")
VAT = "IT00743110157"


def url(name, *args):
    return reverse(f"api:account-{name}", args=args)


@pytest.fixture
def vendor():
    return PartnershipFactory().vendor


@pytest.fixture
def client(sign_in, vendor):
    return sign_in(vendor, *SETS)


def test_an_account_is_added_read_changed_and_taken_off(client, vendor):
    sent = {
        "name": "Adige Pompe",
        "kind": "incumbent",
        "vat": VAT,
        "domain": "https://www.adige.example/",
        "until": None,
    }
    made = client.post(url("list"), sent, **JSON)
    assert made.status_code == 201, made.text
    row = made.json()
    assert (row["kind"], row["vat"], row["domain"]) == ("incumbent", VAT, "adige.example")
    assert [each["id"] for each in client.get(url("list")).json()["results"]] == [row["id"]]
    changed = client.patch(url("detail", row["id"]), {"until": "2030-12-31", "vendor": 1}, **JSON)
    assert (changed.status_code, changed.json()["until"], changed.json()["name"]) == (200, "2030-12-31", "Adige Pompe")
    account = NamedAccount.objects.get()
    assert account.vendor == vendor
    assert {str(day) for day in account.match_keys.values_list("until", flat=True)} == {"2030-12-31"}
    assert client.delete(url("detail", row["id"])).status_code == 204
    assert client.delete(url("detail", row["id"])).status_code == 404
    assert not MatchKey.objects.exists()
    said = TrailEntry.objects.filter(verb__startswith="account.").order_by("pk").values_list("verb", flat=True)
    assert list(said) == ["account.added", "account.changed", "account.removed"]


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": None}, "name"),
        ({"name": "x" * 201}, "name"),
        ({"name": "a\x00b"}, "name"),
        ({"kind": "friend"}, "kind"),
        ({"country": "Italy"}, "country"),
        ({"country": "it"}, "country"),
        ({"vat": "IT1"}, "vat"),
        ({"until": "2030-02-31"}, "until"),
        ({"until": []}, "until"),
        ({"note": "x" * 301}, "note"),
        ({"reference": "x" * 61}, "reference"),
        ({"reference": "A1"}, "reference"),
    ],
)
def test_what_cannot_be_right_is_named(client, vendor, sent, field):
    NamedAccount.objects.create(vendor=vendor, name="Known", reference="A1")
    answer = client.post(url("list"), {"name": "Adige", **sent}, **JSON)
    assert answer.status_code in {400, 409, 422}, answer.text
    assert field in answer.text
    assert NamedAccount.objects.count() == 1


def test_another_vendors_account_is_not_there(client, sign_in):
    foreign = NamedAccount.objects.create(vendor=OrganisationFactory(), name="Theirs", reference="A1")
    missing = client.get(url("detail", foreign.pk + 999))
    assert missing.status_code == 404
    for answer in (
        client.get(url("detail", foreign.pk)),
        client.patch(url("detail", foreign.pk), {"name": "Ours"}, **JSON),
        client.delete(url("detail", foreign.pk)),
    ):
        assert (answer.status_code, answer.json()) == (404, missing.json())
    assert client.get(url("list")).json()["results"] == []
    # The same reference in another vendor's list is another account.
    assert client.post(url("list"), {"name": "Ours", "reference": "A1"}, **JSON).status_code == 201
    foreign.refresh_from_db()
    assert foreign.name == "Theirs"


def test_it_takes_the_capability_and_partners_have_no_list(client, vendor, sign_in):
    account = NamedAccount.objects.create(vendor=vendor, name="Kept")
    reader = sign_in(vendor, "deals.view", "deals.decide")
    partner = sign_in(Partnership.objects.get(vendor=vendor).partner, *SETS)
    for who in (reader, partner):
        assert who.patch(url("detail", account.pk), {"name": "X"}, **JSON).status_code in {403, 404}
        assert who.delete(url("detail", account.pk)).status_code in {403, 404}
        assert "Kept" not in who.get(url("list")).text
        assert who.get(reverse("deals:account", args=[account.pk])).status_code in {403, 404}
    assert reader.post(url("list"), {"name": "X"}, **JSON).status_code == 403
    assert NamedAccount.objects.get().name == "Kept"


def upload(client, content):
    content = content if isinstance(content, bytes) else content.encode()
    return client.post(reverse("deals:account_import"), {"file": SimpleUploadedFile("list.csv", content)})


@pytest.mark.parametrize(
    ("line", "taken"),
    [
        ('"=HYPERLINK(""http://x"")"', 1),
        ("<script>alert(1)</script>", 1),
        ("\u202eevil \u200b name", 1),
        ("x" * 201, 0),
        (" ", 0),
        ("Adige,friend", 0),
        ("Adige,,Italy", 0),
        ("Adige,,IT,IT123", 0),
        ("Adige,,IT,,31.02.2030", 0),
        ("Adige,,IT,,2030-02-31", 0),
        ("Adige,,,,,,,too,many,cells", 1),
        ("Adige,NAMED ACCOUNT,it", 1),
    ],
)
def test_a_hostile_line_is_taken_as_text_or_refused_with_its_place(client, line, taken):
    page = upload(client, f"name,kind,country,vat,until\n{line}\nBrenta\n")
    assert page.status_code == (302 if taken else 200)
    if not taken:
        assert [place for place, _sentence in page.context["refused"]] == [1]
    assert NamedAccount.objects.count() == 1 + taken
    assert b"<script>alert" not in client.get(reverse("deals:accounts")).content
    csv = b"".join(client.get(reverse("deals:accounts") + "?format=csv").streaming_content).decode()
    assert not any(cell.strip('"').startswith("=") for row in csv.splitlines() for cell in row.split(","))


@pytest.mark.parametrize("content", ["", "name", "title\nx\n", b"\xff\xfe", "name\n" + '"' + "x" * 200_000])
def test_a_file_that_is_no_list_is_refused_whole(client, content):
    assert upload(client, content).status_code == 422
    assert not NamedAccount.objects.exists()


def test_a_refused_line_leaves_nothing_behind_for_the_next_of_its_reference(client, vendor):
    NamedAccount.objects.create(vendor=vendor, name="Adige", vat=VAT, reference="A1")
    page = upload(client, "name,vat,reference\nWrong,IT1,A1\nAdige Pompe,,A1\n")
    assert [place for place, _sentence in page.context["refused"]] == [1]
    row = NamedAccount.objects.get()
    assert (row.name, row.vat) == ("Adige Pompe", VAT)


def test_more_rows_than_a_list_holds_are_refused(client, monkeypatch):
    monkeypatch.setattr("deals.actions.accounts.MOST_ROWS", 2)
    assert upload(client, "name\na\nb\nc\n").status_code == 422
    assert not NamedAccount.objects.exists()
