"""Business calendars: arithmetic that holds on every day, what is refused, the page and the API."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import PermissionDenied
from hypothesis import given
from hypothesis import strategies as st

from core.errors import DomainError
from core.models import TrailEntry
from deals import actions, working_time
from deals.models import BusinessCalendar
from deals.opening import Calendar, Closing, NeverOpen, hours_read
from deals.working_time import add_days, add_minutes, minutes_between
from tests.deals.factories import DraftFactory
from tests.factories import OrganisationFactory

ROME, NEW_YORK = ZoneInfo("Europe/Rome"), ZoneInfo("America/New_York")
SPLIT = ((time(9), time(13)), (time(14), time(18)))
AURORA = Calendar(
    "Europe/Rome", (*(SPLIT,) * 5, (), ()), "IT", "", (Closing(date(2027, 8, 9), date(2027, 8, 20), "August"),)
)
NIGHTS = tuple(((time(1, 30), time(3, 45)),) for _day in range(7))
CALENDARS = [
    Calendar(),
    AURORA,
    Calendar("Europe/Rome", NIGHTS),
    Calendar("America/New_York", NIGHTS, "US", "NY"),
    Calendar("Australia/Lord_Howe", (*(SPLIT,) * 3, (), (), ((time(0), time(23, 59)),), ())),
    Calendar("Asia/Kolkata", ((), (), (), ((time(10), time(10, 1)),), (), (), ())),
]
moments = st.datetimes(datetime(2026, 1, 1), datetime(2028, 1, 1)).map(
    lambda each: each.replace(second=0, microsecond=0, tzinfo=UTC)
)
calendars = st.sampled_from(CALENDARS)


@given(calendars, moments, st.integers(0, 3000))
def test_adding_and_measuring_are_inverse(calendar, start, minutes):
    minutes %= 120 if len(calendar.hours[0]) == 0 else 3001
    assert minutes_between(start, add_minutes(start, minutes, calendar), calendar) == minutes


@given(calendars, moments, st.integers(0, 90), st.integers(0, 90))
def test_more_minutes_are_never_earlier_and_add_up(calendar, start, some, more):
    first, second = add_minutes(start, some, calendar), add_minutes(start, some + more, calendar)
    assert start <= first <= second
    assert minutes_between(start, second, calendar) == some + more


@given(calendars, moments, moments, st.integers(0, 90))
def test_who_comes_later_is_due_later(calendar, one, other, minutes):
    early, late = sorted((one, other))
    assert add_minutes(early, minutes, calendar) <= add_minutes(late, minutes, calendar)


@given(calendars, moments, st.integers(0, 90))
def test_nothing_is_due_in_closed_time(calendar, start, minutes):
    due = add_minutes(start, minutes, calendar)
    assert any(opens <= due <= closes for opens, closes in calendar.spans(due.date()))


@given(calendars, moments, st.integers(0, 12))
def test_days_are_open_days_in_order(calendar, start, days):
    due = add_days(start, days, calendar)
    first = add_minutes(start, 0, calendar).date()
    passed = [first + timedelta(days=number) for number in range(1, (due.date() - first).days + 1)]
    assert sum(calendar.is_open(day) for day in passed) == days


@pytest.mark.parametrize(
    ("zone", "day", "minutes"),
    [
        ("Europe/Rome", date(2026, 3, 29), 75),  # 2:00 to 3:00 is skipped
        ("Europe/Rome", date(2026, 10, 25), 195),  # 2:00 to 3:00 comes twice
        ("America/New_York", date(2026, 3, 8), 75),
        ("America/New_York", date(2026, 11, 1), 195),
        ("America/New_York", date(2026, 11, 2), 135),
    ],
)
def test_an_hour_has_sixty_minutes_when_clocks_change(zone, day, minutes):
    calendar = Calendar(zone, NIGHTS)
    start, end = (datetime.combine(day, clock, ZoneInfo(zone)) for clock in (time(0), time(12)))
    assert minutes_between(start, end, calendar) == minutes
    assert add_minutes(start, minutes, calendar) == datetime.combine(day, time(3, 45), ZoneInfo(zone))


def test_an_opening_that_the_clock_skips_is_the_next_moment_there_is():
    calendar = Calendar("Europe/Rome", tuple(((time(2, 15), time(2, 45)), (time(4), time(5))) for _day in range(7)))
    assert calendar.spans(date(2026, 3, 29)) == [
        (datetime(2026, 3, 29, 2, tzinfo=UTC), datetime(2026, 3, 29, 3, tzinfo=UTC))
    ]


@pytest.mark.parametrize(
    ("at", "minutes", "due"),
    [
        (datetime(2027, 8, 6, 16, tzinfo=ROME), 480, datetime(2027, 8, 23, 16, tzinfo=ROME)),  # over the August closing
        (datetime(2026, 12, 24, 12, tzinfo=ROME), 120, datetime(2026, 12, 24, 15, tzinfo=ROME)),  # over the break
        (
            datetime(2026, 12, 24, 17, tzinfo=ROME),
            120,
            datetime(2026, 12, 28, 10, tzinfo=ROME),
        ),  # Christmas, St Stephen
        (datetime(2026, 12, 26, 3, tzinfo=ROME), 0, datetime(2026, 12, 28, 9, tzinfo=ROME)),
    ],
)
def test_breaks_holidays_and_closings_are_nobodys_time(at, minutes, due):
    assert add_minutes(at, minutes, AURORA) == due


def test_a_calendar_that_never_opens_says_so():
    with pytest.raises(NeverOpen):
        add_minutes(datetime(2026, 1, 1, tzinfo=UTC), 1, Calendar("", ((),) * 7))
    assert (
        minutes_between(datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 2, 1, tzinfo=UTC), Calendar("", ((),) * 7))
        == 0
    )


@pytest.mark.parametrize(
    "rows",
    [[], [[]] * 6, [[["18:00", "09:00"]]] * 7, [[["09:00", "12:00"], ["11:00", "18:00"]]] * 7, [[["9", "x"]]] * 7],
)
def test_hours_that_are_none(rows):
    with pytest.raises(ValueError):
        hours_read(rows)


# The action -------------------------------------------------------------------------------------------------------

WEEK = [[["09:00", "13:00"], ["14:00", "17:00"]]] * 5 + [[], []]


@pytest.fixture
def manager(act_for):
    return act_for(OrganisationFactory(), "deals.view", "deals.terms")


@pytest.mark.django_db
def test_a_registration_is_due_by_its_vendors_calendar(act_for, time_machine):
    time_machine.move_to(datetime(2026, 11, 20, 16, tzinfo=ROME), tick=False)  # a Friday
    draft = DraftFactory()
    actions.set_calendar(actor=act_for(draft.vendor, "deals.terms"), fields={
        "hours": WEEK, "country": "IT", "closings": [{"from": "2026-11-23", "to": "2026-11-24", "name": "Inventory"}],
    })  # fmt: skip
    seller = act_for(draft.partner, "deals.register")
    deal = actions.submit_deal(actor=seller, deal=draft, terms=True)
    assert deal.sla_due_at == datetime(2026, 11, 25, 17, tzinfo=ROME)  # one hour on Friday, seven on Wednesday


@pytest.mark.django_db
def test_one_calendar_a_company_and_the_trail_says_what_changed(manager):
    for country in ("IT", "IT", "DE"):
        actions.set_calendar(actor=manager, fields={"country": country})
    assert BusinessCalendar.objects.get().country == "DE"
    assert [entry.data["parts"] for entry in TrailEntry.objects.filter(verb="calendar.changed")] == [["country"]] * 2
    assert working_time.calendar_of(manager.organisation.pk).country == "DE"
    assert working_time.calendar_of(OrganisationFactory().pk) == working_time.USUAL


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"zone": "Mars/Olympus"}, "zone"),
        ({"zone": "../etc/passwd"}, "zone"),
        ({"hours": [[]] * 7}, "hours"),
        ({"hours": [[["10:00", "10:01"]], *[[]] * 6]}, "hours"),
        ({"hours": "always"}, "hours"),
        ({"hours": [[["18:00", "09:00"]]] * 7}, "hours"),
        ({"hours": [[], [], [], [], [], [], [["09:00", "18:00"]]], "country": "SE"}, "hours"),
        ({"country": "ZZ"}, "country"),
        ({"country": "__class__"}, "country"),
        ({"country": "IT", "region": "BY"}, "region"),
        ({"closings": [{"from": "2027-08-20", "to": "2027-08-09", "name": "August"}]}, "closings"),
        ({"closings": [{"from": "2027-01-01", "to": "2027-12-31", "name": "A year"}]}, "closings"),
        ({"closings": [{"from": "9999-01-01", "to": "9999-01-02", "name": "Far"}]}, "closings"),
        ({"closings": [{"from": "2027-08-09", "to": "2027-08-20", "name": " "}]}, "closings"),
        ({"closings": [{"from": "2027-08-09"}]}, "closings"),
        ({"closings": [{"from": "2027-08-09", "to": "2027-08-09", "name": "x"}] * 61}, "closings"),
        (
            {
                "closings": [
                    {"from": f"2027-{m:02}-01", "to": f"2027-{m + 2:02}-28", "name": "Shut"} for m in (1, 4, 7, 10)
                ]
            },
            "hours",
        ),
        ({"closings": {"from": "2027-08-09"}}, "closings"),
    ],
)
def test_absurd_calendars_are_refused(manager, at_noon, fields, field):
    with pytest.raises(DomainError) as refused:
        actions.set_calendar(actor=manager, fields=fields)
    assert refused.value.field == field
    assert not TrailEntry.objects.filter(verb="calendar.changed").exists()


@pytest.mark.django_db
def test_only_who_sets_the_terms_sets_the_calendar(act_for):
    with pytest.raises(PermissionDenied):
        actions.set_calendar(
            actor=act_for(OrganisationFactory(), "deals.view", "deals.decide"), fields={"country": "IT"}
        )
    assert not BusinessCalendar.objects.exists()


# The page and the API ---------------------------------------------------------------------------------------------


def typed(**changes):
    week = {f"{name}_{day}": clock for day in range(5) for name, clock in (("opens", "09:00"), ("closes", "18:00"))}
    forms = {"closings-TOTAL_FORMS": "1", "closings-INITIAL_FORMS": "0"}
    return {"zone": "Europe/Rome", "country": "IT", "region": "", **week, **forms, **changes}


@pytest.mark.django_db
def test_the_page_saves_what_is_typed(sign_in, at_noon):
    vendor = OrganisationFactory()
    client = sign_in(vendor, "deals.view", "deals.terms")
    said = typed(
        **{
            "pauses_0": "13:00",
            "resumes_0": "14:00",
            "closings-0-start": "2027-08-09",
            "closings-0-end": "2027-08-20",
            "closings-0-name": "August",
        }
    )
    assert client.post("/deals/calendar/", said).status_code == 302
    calendar = BusinessCalendar.objects.get(vendor=vendor).calendar
    assert calendar.hours[:2] == (SPLIT, ((time(9), time(18)),))
    assert calendar.why_closed(date(2027, 8, 10)) == "August"
    page = client.get("/deals/calendar/?year=2027").content.decode()
    assert "August" in page and "Ferragosto" not in page.split("calendar-year")[0]


@pytest.mark.django_db
@pytest.mark.parametrize(
    "wrong",
    [
        {"closes_0": ""},
        {"opens_0": "19:00"},
        {"opens_0": "x"},
        {"pauses_0": "13:00"},
        {"zone": "Mars"},
        {"country": "XX"},
        {"closings-0-start": "2027-08-09"},
    ],
)
def test_the_page_says_what_is_wrong_and_keeps_the_rest(sign_in, at_noon, wrong):
    response = sign_in(OrganisationFactory(), "deals.terms").post("/deals/calendar/", typed(**wrong))
    assert response.status_code == 422
    assert b"wrong" in response.content or b"callout tone-bad" in response.content
    assert not BusinessCalendar.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize(
    "query", ["?year=99999999", "?year=0001", "?at=9999-12-31T23:59", "?at=never", "?at=0001-01-01T00:00"]
)
def test_odd_questions_get_a_page(sign_in, query):
    assert sign_in(OrganisationFactory(), "deals.terms").get(f"/deals/calendar/{query}").status_code == 200


@pytest.mark.django_db
def test_the_page_previews_and_offers_regions(sign_in, time_machine):
    time_machine.move_to(datetime(2026, 11, 18, 12, tzinfo=ROME), tick=False)
    client = sign_in(OrganisationFactory(), "deals.terms")
    htmx = {"HX-Request": "true"}
    preview = client.get("/deals/calendar/?at=2026-11-20T16:00", headers=htmx).content.decode()
    assert "2026-11-23T15:00:00+01:00" in preview and "<html" not in preview
    regions = client.get("/deals/calendar/?part=region&country=DE", headers=htmx).content.decode()
    assert "Bayern (BY)" in regions
    assert sign_in(OrganisationFactory(), "deals.view").get("/deals/calendar/").status_code == 403


@pytest.mark.django_db
def test_the_api_reads_the_calendar(sign_in):
    vendor = OrganisationFactory()
    client = sign_in(vendor, "deals.view")
    assert client.get("/api/v1/calendar/").json()["hours"][0] == [["09:00", "18:00"]]
    BusinessCalendar.objects.create(vendor=vendor, hours=WEEK, country="IT")
    found = client.get("/api/v1/calendar/").json()
    assert (found["hours"][0], found["country"]) == ([["09:00", "13:00"], ["14:00", "17:00"]], "IT")
    due = client.get("/api/v1/calendar/due/?since=2026-11-20T16:00:00%2B01:00&minutes=120")
    assert due.json() == {"due": "2026-11-23T10:00:00+01:00"}
    assert client.get("/api/v1/calendar/due/?minutes=99999999999").status_code == 400
    assert sign_in(OrganisationFactory(), "deals.view").get("/api/v1/calendar/").json()["country"] == ""
    assert sign_in(vendor, "orders.view").get("/api/v1/calendar/").status_code == 403
