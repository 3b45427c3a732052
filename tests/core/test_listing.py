"""Lists: search, filters, sort, cursor pages, CSV, saved views."""

import csv
import io
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import HttpResponse, QueryDict
from django.test import RequestFactory
from django.utils.timezone import localdate, now
from django_htmx.middleware import HtmxDetails

from core.errors import DomainError
from core.listing import Choice, Column, Empty, Flag, Listing, Period, View
from core.listing.cells import cell, opening, row_of
from core.listing.columns import guarded
from core.listing.paging import count_of, page_of
from core.models import SavedView
from core.saved_views import delete_view, save_view
from core.search import beginning, text_of, within
from partners.models import Organisation
from tests.factories import OrganisationFactory

pytestmark = pytest.mark.django_db

COMPANIES = Listing(
    key="companies",
    title="Companies",
    columns=(
        Column("name", "Name", kind="link", sort="name"),
        Column("city", "City"),
        Column("worth", "Worth", kind="money", get=lambda row: (row.pk, "EUR")),
        Column("created", "Since", kind="ago", sort="created"),
    ),
    filters=(
        Choice("country", "Country", [("IT", "Italy"), ("DE", "Germany")]),
        Flag("strict", "Strict", Q(requires_second_factor=True)),
        Period("created", "Since"),
    ),
    views=(View("it", "Italian", "country=IT"), View("all", "All")),
    search=("name", "city"),
    default_sort="name",
    page_size=3,
    row_url=lambda row: f"/companies/{row.pk}/",
    empty=Empty("No company yet", "Companies you work with appear here."),
)


@pytest.fixture
def ask(act_for):
    """Ask the list, as one organisation: `ask("?q=rome")`, over all organisations."""
    actor = act_for(OrganisationFactory(name="~asker", country="SE"))

    def get(address="?view=all", *, partial=False) -> HttpResponse:
        request = RequestFactory().get(f"/companies/{address}", headers={"HX-Request": "true"} if partial else {})
        request.actor, request.user, request.memberships, request.session = actor, actor.user, [actor.membership], {}
        request.htmx = HtmxDetails(request)
        return COMPANIES.respond(request, Organisation.objects.exclude(pk=actor.organisation.pk))

    get.actor = actor
    return get


def names(text: str) -> list[str]:
    return [line.split(">")[1].split("<")[0] for line in text.split('<a href="/companies/')[1:]]


def test_a_bare_address_shows_the_first_view(ask):
    OrganisationFactory(name="Brenta", country="IT")
    OrganisationFactory(name="Rhein", country="DE")
    assert names(ask("").text) == ["Brenta"]
    assert names(ask("?view=all").text) == ["Brenta", "Rhein"]


def test_search_wants_every_word_in_any_column(ask):
    OrganisationFactory(name="Brenta Impianti", city="Padova")
    OrganisationFactory(name="Brenta Legno", city="Vicenza")
    assert names(ask("?q=brenta+padova").text) == ["Brenta Impianti"]
    assert "Nothing matches" in ask("?q=nowhere").text


def test_filters_combine_and_ignore_what_is_not_on_offer(ask):
    OrganisationFactory(name="Old", country="IT", created=now() - timedelta(days=40))
    OrganisationFactory(name="New", country="IT")
    OrganisationFactory(name="Far", country="FR", requires_second_factor=True)
    today = localdate().isoformat()
    assert names(ask(f"?country=IT&created_from={today}&created_to={today}").text) == ["New"]
    assert names(ask("?strict=1").text) == ["Far"]
    assert names(ask("?country=FR").text) == []
    assert names(ask("?created_from=2026-02-31&country=IT").text) == ["New", "Old"]


def test_pages_follow_a_cursor_and_do_not_shift_when_rows_arrive(ask):
    for letter in "bdfhjln":
        OrganisationFactory(name=letter)
    first = ask("?view=all&sort=name").text
    assert names(first) == ["b", "d", "f"]
    cursor = first.split("cursor=")[1].split('"')[0].split("&amp;")[0]
    OrganisationFactory(name="a")
    second = ask(f"?view=all&sort=name&cursor={cursor}", partial=True).text
    assert names(second) == ["h", "j", "l"]
    assert "<html" not in second


def test_descending_pages_split_equal_values_by_key(ask):
    moment = now()
    for letter in "abcde":
        OrganisationFactory(name=letter, created=moment)
    first = ask("?view=all&sort=-created").text
    cursor = first.split("cursor=")[1].split('"')[0].split("&amp;")[0]
    second = ask(f"?view=all&sort=-created&cursor={cursor}").text
    assert names(first) + names(second) == ["e", "d", "c", "b", "a"]


@pytest.mark.parametrize("cursor", ["x", "AAAA", "W10", "WzEsMiwzXQ", "bnVsbA", "%00"])
def test_a_cursor_that_is_not_ours_starts_at_the_top(ask, cursor):
    OrganisationFactory(name="a")
    assert names(ask(f"?view=all&cursor={cursor}").text) == ["a"]


@pytest.mark.parametrize(
    ("rows", "shown"),
    [("", 3), ("5", 5), ("1", 3), ("0", 3), ("-7", 3), ("x", 3), ("٥", 3), ("9" * 5000, 7), ("499", 7)],
)
def test_a_list_that_refreshes_keeps_as_many_rows_as_were_unfolded(ask, rows, shown):
    for number in range(7):
        OrganisationFactory(name=f"Company {number}", country="IT")
    assert ask(f"?view=all&rows={rows}").text.count("<tr id=") == shown


def test_how_many_rows_were_unfolded_is_kept_in_no_address(ask):
    for number in range(7):
        OrganisationFactory(name=f"Company {number}", country="IT")
    page = ask("?view=all&q=company&rows=5", partial=True).text
    assert "Company 4" in page
    assert "rows=" not in page


def test_sorting_takes_only_declared_columns(ask):
    OrganisationFactory(name="a")
    assert ask("?view=all&sort=members__user__password").status_code == 200


def test_csv_is_complete_machine_readable_and_harmless(ask):
    for number in range(5):
        OrganisationFactory(name=f"Org {number}", city="=HYPERLINK(1)")
    response = ask("?view=all&format=csv")
    rows = list(csv.reader(io.StringIO(b"".join(response.streaming_content).decode("utf-8-sig"))))
    assert rows[0] == ["Name", "City", "Worth", "ISO 4217", "Since"]
    assert len(rows) == 6 and rows[1][1] == "'=HYPERLINK(1)" and rows[1][3] == "EUR"
    assert response["Content-Disposition"] == 'attachment; filename="companies.csv"'


@pytest.mark.parametrize("text", ["=1", "+1", "-1", "@x", "\tx", "\rx", "\nx"])
def test_formulas_are_defused(text):
    assert guarded(text) == f"'{text}"
    assert guarded(f"a{text}") == f"a{text}"


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_costs_the_same_for_one_and_three_rows(ask, django_assert_num_queries, count):
    for _ in range(count):
        OrganisationFactory()
    with django_assert_num_queries(2):
        # a third counts them, where they fill more than a page
        ask("?view=all", partial=True)


def test_an_empty_list_teaches(ask):
    assert "Companies you work with appear here." in ask("?view=all").text


def test_a_saved_view_is_a_tab_of_its_owner_and_of_colleagues_when_shared(ask, act_for):
    own = save_view(actor=ask.actor, list_key="companies", name="Rome", query="q=rome&cursor=x&format=csv")
    assert QueryDict(own.query).dict() == {"q": "rome"}
    colleague = act_for(ask.actor.organisation)
    stranger = act_for(OrganisationFactory())
    assert not SavedView.objects.visible_to(colleague).exists()
    save_view(actor=ask.actor, list_key="companies", name="Rome", query="q=rome", shared=True)
    assert SavedView.objects.count() == 1
    assert SavedView.objects.visible_to(colleague).get() == own
    assert not SavedView.objects.visible_to(stranger).exists()
    assert f"?view=saved-{own.pk}&amp;q=rome" in ask("?view=all").text
    with pytest.raises(PermissionDenied):
        delete_view(actor=colleague, view=own)
    delete_view(actor=ask.actor, view=own)
    assert not SavedView.objects.exists()


def test_a_view_needs_a_name(ask):
    with pytest.raises(DomainError):
        save_view(actor=ask.actor, list_key="companies", name="  ", query="")


def test_sides_give_the_same_pages_and_count_as_one_condition():
    OrganisationFactory.create_batch(5, country="IT", city="Lecce")
    OrganisationFactory.create_batch(4, country="DE", city="Lecce")
    OrganisationFactory(country="FR", city="Lecce")
    rows = Organisation.objects.filter(city="Lecce", country__in=["IT", "DE"])
    sides = [Q(country="IT"), Q(country="DE")]
    assert count_of(rows, sides) == count_of(rows) == 9
    for sort in ("name", "-created", "country"):
        seen, cursor = [], ""
        while True:
            page = page_of(rows, sort, cursor, 2, sides)
            assert page.rows == page_of(rows, sort, cursor, 2).rows
            seen += page.rows
            if not (cursor := page.next_cursor):
                break
        assert len(seen) == len(set(seen)) == 9


def test_a_count_stops_where_nobody_reads_on(ask, monkeypatch):
    monkeypatch.setattr("core.listing.paging.COUNTED", 4)
    monkeypatch.setattr("core.listing.listing.COUNTED", 4)
    OrganisationFactory.create_batch(7, city="Lecce")
    assert count_of(Organisation.objects.filter(city="Lecce")) == 5
    assert b"More than 4 rows" in ask("?view=all&q=Lecce").content


def test_a_cell_escapes_what_people_write():
    row = OrganisationFactory(name="<b>Bold</b>", city='"><script>')
    columns = [(each, opening(each, at == 0)) for at, each in enumerate(COMPANIES.columns[:2])]
    html = row_of(row, columns, "/x/?a=1&b=2", panel=True)
    assert "<b>" not in html
    assert "<script>" not in html
    assert 'href="/x/?a=1&amp;b=2" data-panel-url="/x/?a=1&amp;b=2"' in html
    assert '<td data-label="City" class="">' in html


@pytest.mark.parametrize(
    ("text", "finds"),
    [("adige", True), ("ADÌGE", True), ("consorzio adi", True), ("dige", True), ("D-004", True), ("house", True),
     ("adige -x", False), ("100%", False), ("_", False), ("", True)],
)  # fmt: skip
def test_the_text_to_search_holds_words_without_accents(text, finds):
    OrganisationFactory(name=text_of("D-0041", "Consorzio Àdige S.p.A.", "pump-house"))
    found = Organisation.objects.filter(within(text, "name"), name__startswith=" d-")
    assert found.exists() is finds


@pytest.mark.parametrize(("text", "finds"), [("adi", True), ("dige", False), ("041", True), ("", False)])
def test_everywhere_a_word_is_found_by_its_beginning(text, finds):
    OrganisationFactory(name=text_of("D-0041", "Consorzio Àdige"))
    assert Organisation.objects.filter(beginning(text, "name")).exists() is finds


@pytest.mark.parametrize(
    ("kind", "value", "html"),
    [
        ("code", "AP<1>", "<code>AP&lt;1&gt;</code>"),
        ("badge", ("Li<ve>", "good"), "<span "),
        ("text", "<b>", "&lt;b&gt;"),
        ("figure", (1, "<b>1%"), "&lt;b&gt;1%"),
    ],
)
def test_what_a_writer_made_is_html_and_not_escaped_again(kind, value, html):
    made = cell(kind, value)
    assert html in made and "&lt;code" not in made and "&lt;span" not in made
    assert "&amp;lt;" not in made
