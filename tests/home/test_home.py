"""Home: what waits, most urgent first; for a visitor, what the portal is."""

from datetime import timedelta

import pytest
from django.db import DatabaseError
from django.urls import reverse
from django.utils.timezone import now

from core.audit import record
from core.waiting import Figure, Waiting, most_urgent_first
from portal.home import views, waiting
from tests.factories import OrganisationFactory, PartnershipFactory, UserFactory

HTMX = {"HTTP_HX_REQUEST": "true"}


def offer(monkeypatch, items, figures=(), counts=None):
    """Have one app answer Home's questions."""
    given = {
        "waiting": lambda actor: items,
        "figures": lambda actor: list(figures),
        "counts": lambda actor: counts or {},
    }
    monkeypatch.setattr(waiting, "answers", lambda module, function: (given[function],))


def test_most_urgent_first_then_what_is_due_first():
    moment = now()
    later, soon, overdue, some_day = (
        Waiting("later", "", "/", "Open", moment + timedelta(days=2)),
        Waiting("soon", "", "/", "Open", moment + timedelta(hours=1), tone="warn"),
        Waiting("overdue", "", "/", "Open", moment - timedelta(hours=1), tone="bad"),
        Waiting("some day", "", "/", "Open", None),
    )
    assert most_urgent_first([some_day, later, soon, overdue]) == [overdue, soon, later, some_day]


def test_home_lists_what_waits_with_its_button(sign_in, monkeypatch):
    items = [Waiting("Answer <order>", "PO 7", "/orders/7/", "Answer", now() - timedelta(hours=1), "bad")]
    offer(monkeypatch, items, [Figure("Open deals", "12", "/deals/"), Figure("Won", "3", "/")])
    text = sign_in(OrganisationFactory()).get("/").content.decode()
    assert "Answer &lt;order&gt;" in text and 'href="/orders/7/"' in text and "PO 7" in text
    assert "Open deals" in text and "Overdue" in text and "1 overdue" in text


def test_an_empty_home_says_what_it_is_for(sign_in, monkeypatch):
    offer(monkeypatch, [])
    text = sign_in(OrganisationFactory()).get("/").content.decode()
    assert "Nothing waits for you" in text and "stands here with its button" in text


def test_a_long_list_is_cut_and_says_so(sign_in, monkeypatch):
    offer(monkeypatch, [Waiting(f"thing {n}", "", "/", "Open") for n in range(views.SHOWN + 2)])
    text = sign_in(OrganisationFactory()).get("/").content.decode()
    assert "2 more wait behind these" in text and text.count("<small>") < 60


def test_the_fragment_is_the_board_alone(sign_in, monkeypatch):
    offer(monkeypatch, [])
    answer = sign_in(OrganisationFactory()).get("/", **HTMX)
    assert 'id="board"' in answer.content.decode() and "<html" not in answer.content.decode()
    assert "HX-Request" in answer["Vary"]


def test_every_app_answers_for_every_kind_of_role(sign_in):
    organisation = PartnershipFactory().vendor
    for preset in ("administrator", "channel_manager", "sales", "order_desk", "reader"):
        assert sign_in(organisation, preset=preset).get("/").status_code == 200


def test_recent_activity_is_that_of_ones_organisation(sign_in, act_for):
    edge = PartnershipFactory()
    other = PartnershipFactory()
    record(actor=act_for(edge.vendor), verb="partnership.activated", target=edge)
    record(actor=act_for(other.vendor), verb="partnership.activated", target=other)
    text = sign_in(edge.partner, "partnerships.view").get("/").content.decode()
    assert str(edge.vendor) in text and str(other.vendor) not in text


def test_a_visitor_reads_what_it_is_and_signs_in(client, db):
    text = client.get("/").content.decode()
    assert reverse("account_login") in text and "sell together" in text and "data-socket" not in text


def test_a_person_without_an_organisation_is_led_on(client, db):
    client.force_login(UserFactory(), backend="allauth.account.auth_backends.AuthenticationBackend")
    answer = client.get("/")
    assert (answer.status_code, answer["Location"]) == (302, reverse("partners:no_organisation"))


def test_counts_are_the_actors_own(sign_in, monkeypatch):
    offer(monkeypatch, [], counts={"queue": 4})
    assert sign_in(OrganisationFactory()).get(reverse("home:counts")).json() == {"queue": 4}


def test_health_is_asked_of_the_database_and_redis(client, db, monkeypatch, settings):
    assert client.get("/healthz").content == b"ok"
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    monkeypatch.setattr(views, "_redis_answers", lambda: False)
    assert (client.get("/healthz").status_code, client.get("/healthz").content) == (503, b"redis")

    class Gone:
        def cursor(self):
            raise DatabaseError("gone")

    monkeypatch.setattr(views, "connection", Gone())
    answer = client.get("/healthz")
    assert (answer.status_code, answer.content) == (503, b"database")


@pytest.mark.parametrize("path", ["/", "/search/", "/trail/"])
def test_pages_are_only_read(sign_in, path):
    assert sign_in(OrganisationFactory(), "trail.view").post(path).status_code == 405
