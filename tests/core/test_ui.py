"""The components, the shell and the error pages: accessible, safe, and in nobody's way."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace

import pytest
from django import forms
from django.core.exceptions import PermissionDenied
from django.db.models.fields import BLANK_CHOICE_DASH
from django.template import Context, Template
from django.test import RequestFactory
from django.utils import translation
from lucide import IconDoesNotExist
from lxml import html

from core.templatetags import ui
from partners.access import YES, no
from partners.models import Role
from portal.home import shell as shells
from tests.factories import OrganisationFactory

TEMPLATES = sorted(
    path for path in Path(__file__).parents[2].glob("*/**/templates/**/*.html") if ".venv" not in path.parts
)
HOSTILE = '<script>alert("1")</script>'


def render(source: str, **context) -> str:
    return Template("{% load ui %}" + source).render(Context({"csrf_token": "token", **context}))


def tree(source: str, **context) -> html.HtmlElement:
    return html.fragment_fromstring(render(source, **context), create_parent=True)


@dataclass
class Thing:
    label: str
    state_tone: str = "good"

    def get_state_display(self) -> str:
        return self.label


class SampleForm(forms.Form):
    name = forms.CharField(label="Name", help_text="As on the letterhead.")
    vat = forms.CharField(label="VAT", required=False)
    country = forms.ChoiceField(label="Country", choices=[("IT", "Italy")])
    kind = forms.ChoiceField(label="Kind", choices=[("a", "A")], widget=forms.RadioSelect)
    tender = forms.BooleanField(label="Tender", required=False)
    secret = forms.CharField(widget=forms.HiddenInput, required=False)
    paper = forms.FileField(label="Paper", required=False)


def test_icons_are_decoration_unless_named():
    assert tree("{% icon 'house' %}")[0].get("aria-hidden") == "true"
    named = tree("{% icon 'house' label=name %}", name=HOSTILE)[0]
    assert (named.get("role"), named.get("aria-label")) == ("img", HOSTILE)
    with pytest.raises(IconDoesNotExist):
        render("{% icon 'no-such-icon' %}")


def test_a_state_is_a_dot_and_a_word_in_a_known_tone():
    assert render("{% state thing pill=True %}", thing=Thing("Approved")) == (
        '<span class="state tone-good pill">Approved</span>'
    )
    assert "tone-still" in render("{% state thing %}", thing=Thing("Odd", state_tone='x" onload="y'))
    assert "<script" not in render("{% state thing %}", thing=Thing(HOSTILE))


def test_numbers_and_money_follow_the_language():
    source = "{% money a 'EUR' %}|{% money a 'EUR' exact=True %}|{% number a 1 %}|{% percent 7 %}"
    with translation.override("it"):
        assert render(source, a=Decimal("1234.5678")).replace("\xa0", " ") == "1.234,57 €|1.234,5678 €|1.234,6|7%"


def test_times_carry_the_exact_time():
    moment = datetime(2020, 1, 2, 3, 4, tzinfo=UTC)
    element = tree("{% ago m %}", m=moment)[0]
    assert element.get("datetime") == "2020-01-02T03:04:00+00:00"
    assert "2 Jan 2020, 04:04" in element.get("title")
    assert element.get("data-ago") is not None
    assert render("{% ago none %}{% day none %}{% moment none %}", none=None) == ""


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Aurora Pumps", "AP"),
        ("Luca", "L"),
        ("  anna   maria  de rossi ", "AR"),
        ("", "?"),
        ("–", "?"),
        ("Jean-Luc", "JL"),
    ],
)
def test_initials(name, expected):
    assert ui.initials(name) == expected


def test_a_mark_keeps_its_colour_and_carries_no_inline_style():
    assert ui.mark("Aurora Pumps") == ui.mark("Aurora Pumps")
    assert "style" not in ui.mark("Aurora Pumps")


def test_an_act_posts_a_form_with_its_token_and_key():
    form = tree("{% act 'Approve' '/go/' verdict=yes key='a' primary=True version=4 %}", yes=YES).find(".//form")
    button = form.find(".//button")
    assert (form.get("method"), form.get("action")) == ("post", "/go/")
    assert {field.get("name"): field.get("value") for field in form.findall("input")} == {
        "csrfmiddlewaretoken": "token",
        "version": "4",
    }
    assert (button.get("data-key"), button.get("class")) == ("A", "btn btn-primary")


def test_a_refused_act_says_why_and_cannot_be_sent():
    made = tree("{% act 'Approve' '/go/' verdict=refused key='A' %}", refused=no(f"Not yours. {HOSTILE}"))
    button = made.find(".//button")
    assert made.find(".//form") is None
    assert (button.get("type"), button.get("aria-disabled"), button.get("data-key")) == ("button", "true", None)
    reason = made.get_element_by_id(button.get("aria-describedby"))
    assert reason.text_content() == f"Not yours. {HOSTILE}"


def test_an_act_may_be_a_link_a_dialog_or_ask_first():
    assert tree("{% act 'Open' '/x/' method='get' %}").find(".//a").get("href") == "/x/"
    assert tree("{% act 'Return' dialog='#d' %}").find(".//button").get("data-dialog") == "#d"
    assert tree("{% act 'Look' '/x/' panel=True %}").find(".//a").get("data-panel") is not None
    assert tree("{% act 'End' '/x/' confirm=ask %}", ask="Sure?").find(".//form").get("data-confirm") == "Sure?"
    assert tree("{% act 'End' '/x/' target='#t' %}").find(".//form").get("hx-target") == "#t"


def test_a_field_ties_label_help_and_error_together():
    form = SampleForm({"name": "", "country": "IT", "kind": "a"})
    made = tree("{% field form.name %}", form=form)
    control = made.find(".//input")
    assert made.find(".//label").get("for") == control.get("id") == "id_name"
    assert control.get("aria-invalid") == "true"
    described = [
        made.get_element_by_id(name).text_content().strip() for name in control.get("aria-describedby").split()
    ]
    assert described == ["As on the letterhead.", "This field is required."]


def test_each_kind_of_field_has_its_shape():
    form = SampleForm()
    assert "optional" in render("{% field form.vat %}", form=form)
    assert "optional" not in render("{% field form.name %}", form=form)
    assert tree("{% field form.country %}", form=form).find(".//select").get("class") == "form-select"
    assert tree("{% field form.kind %}", form=form)[0].get("role") == "group"
    assert tree("{% field form.tender %}", form=form).find(".//div[@class='form-check']/input") is not None
    assert tree("{% field form.paper %}", form=form).find(".//div[@class='drop']/input") is not None
    assert tree("{% field form.secret %}", form=form).find(".//label") is None


def test_no_choice_is_said_in_words_and_not_in_dashes(db):
    class Chosen(forms.Form):
        role = forms.ModelChoiceField(Role.objects.none())
        colleague = forms.ModelChoiceField(Role.objects.none(), required=False)
        way = forms.ChoiceField(choices=[*BLANK_CHOICE_DASH, ("a", "A")], required=False)

    form = Chosen()
    said = [tree("{% field form_field %}", form_field=form[name]).xpath("string(//option[1])") for name in form.fields]
    assert said == ["Choose…", "–", "–"]


def test_the_summary_of_errors_leads_to_the_fields():
    form = SampleForm({"country": "XX"})
    made = tree("{% errors form %}", form=form)
    assert made[0].get("role") == "alert"
    assert [link.get("href") for link in made.findall(".//a")][:2] == ["#id_name", "#id_country"]
    assert render("{% errors form %}", form=SampleForm()).strip() == ""


class SampleLine(forms.Form):
    what = forms.CharField(label="What")
    amount = forms.IntegerField(label="Amount", min_value=0)


def test_the_summary_names_each_line_and_leaves_out_what_was_taken_away():
    shape = forms.formset_factory(SampleLine, can_delete=True, extra=0)
    typed = {
        "form-TOTAL_FORMS": "3", "form-INITIAL_FORMS": "0",
        "form-0-what": "", "form-0-amount": "x", "form-0-DELETE": "on",
        "form-1-what": HOSTILE, "form-1-amount": "1",
        "form-2-what": "", "form-2-amount": "-3",
    }  # fmt: skip
    lines = shape(typed)
    lines.forms[1].add_error(None, "Too late.")
    sound = SampleForm({"name": "A", "country": "IT", "kind": "a"})
    made = tree("{% errors form lines 'Activity' %}", form=sound, lines=lines)
    assert [link.text_content() for link in made.findall(".//a")] == ["Activity 2, What", "Activity 2, Amount"]
    assert [link.get("href") for link in made.findall(".//a")] == ["#id_form-2-what", "#id_form-2-amount"]
    assert "Activity 1: Too late." in made.text_content()
    assert "Line 2, What" in render("{% errors form lines %}", form=sound, lines=lines)
    assert render("{% errors form lines %}", form=SampleForm(), lines=shape()).strip() == ""


def test_small_pieces_escape_what_they_are_given():
    source = (
        "{% who t t %}{% empty t t t '/x' %}{% callout t 'bad' t %}{% fact t %}{{ t }}{% endfact %}{% track steps %}"
    )
    made = render(source, t=HOSTILE, steps=[{"label": HOSTILE, "note": HOSTILE, "status": "now"}])
    assert "<script" not in made
    assert made.count("&lt;script") >= 10


def test_a_track_marks_where_it_stands():
    steps = [{"label": "A", "status": "done"}, {"label": "B", "status": "now", "tone": "bad"}]
    items = tree("{% track steps %}", steps=steps).findall(".//li")
    assert [item.get("aria-current") for item in items] == [None, "step"]
    assert items[1].get("class") == "now tone-bad"


def test_query_changes_one_parameter_and_keeps_the_rest():
    request = RequestFactory().get("/?q=a&sort=name&page=3")
    assert render("{% query sort='-name' page=None %}", request=request) == "?q=a&amp;sort=-name"


def test_badges_are_hidden_at_nought():
    made = tree("{% count 'inbox' %}{% count 'rooms' %}", shell=SimpleNamespace(counts={"rooms": 3}))
    assert [badge.get("hidden") is not None for badge in made] == [True, False]


# The shell ---------------------------------------------------------------------------------------------------------


def a_request(path="/", actor=None, **cookies):
    request = RequestFactory().get(path)
    request.COOKIES.update(cookies)
    request.actor = actor
    request.memberships = []
    return request


def test_the_theme_is_the_cookie_if_it_is_one():
    assert shells.theme_of(a_request(theme="dark")) == "dark"
    assert shells.theme_of(a_request(theme='"><script>')) == "auto"
    assert shells.theme_of(a_request()) == "auto"


def test_entries_without_a_route_are_left_out(monkeypatch):
    gone = (("", (shells.Entry("Nowhere", "no:where", "house"), shells.Entry("Design", "home:design", "house"))),)
    monkeypatch.setattr(shells, "NAVIGATION", gone)
    assert [place.label for place in shells.build(a_request("/design/")).entries] == ["Design"]
    assert shells.build(a_request("/design/")).entries[0].current


@pytest.mark.django_db
def test_the_side_offers_only_what_the_role_may_see(act_for, monkeypatch):
    entries = (("", (shells.Entry("Trail", "home:design", "history", capability="trail.view"),)),)
    monkeypatch.setattr(shells, "NAVIGATION", entries)
    organisation = OrganisationFactory()
    assert shells.build(a_request(actor=act_for(organisation, "trail.view"))).entries
    assert not shells.build(a_request(actor=act_for(organisation, "members.manage"))).entries


def test_the_longest_address_is_the_current_one(monkeypatch):
    routes = {"a": "/", "b": "/deals/", "c": "/deals/queue/"}
    monkeypatch.setattr(shells, "NAVIGATION", (("", tuple(shells.Entry(r, r, "house") for r in routes)),))
    monkeypatch.setattr(shells, "address", lambda route: routes.get(route, ""))
    found = [shells._current(path) for path in ("/", "/deals/12/", "/deals/queue/", "/other/")]
    assert found == ["/", "/deals/", "/deals/queue/", ""]


def test_every_letter_leads_to_one_place():
    keys = [entry.key for _label, entries in shells.NAVIGATION for entry in entries if entry.key]
    assert len(keys) == len(set(keys))


@pytest.mark.django_db
def test_the_design_page_shows_everything_to_anyone_in_both_languages(client):
    for language in ("en", "it"):
        response = client.get("/design/", headers={"Accept-Language": language})
        assert response.status_code == 200
    page = html.document_fromstring(response.content)
    ids = [element.get("id") for element in page.iter() if element.get("id")]
    assert len(ids) == len(set(ids)), {name for name in ids if ids.count(name) > 1}
    assert {sample.get("data-bs-theme") for sample in page.find_class("sample")} == {"light", "dark"}
    assert client.post("/design/").status_code == 405


@pytest.mark.django_db
def test_its_panel_is_a_fragment(client):
    response = client.get("/design/", headers={"HX-Request": "true"})
    assert b"<html" not in response.content
    assert b"facts" in response.content


# Errors ------------------------------------------------------------------------------------------------------------


def test_a_refusal_is_said_in_full_and_escaped(rf):
    from django.views.defaults import permission_denied

    request = rf.get("/x/")
    response = permission_denied(request, PermissionDenied(f"Ask Anna. {HOSTILE}"))
    assert response.status_code == 403
    assert "Ask Anna." in response.content.decode()
    assert HOSTILE not in response.content.decode()


def test_an_unknown_address_gets_the_page_of_the_portal(client, db):
    response = client.get("/no/such/page/")
    assert response.status_code == 404
    assert "data-error" in response.content.decode()


def test_the_last_resort_needs_no_context(rf):
    from django.views.defaults import server_error

    response = server_error(rf.get("/"))
    assert response.status_code == 500
    assert "Something went wrong" in response.content.decode()


# What the policy of the browser would refuse -------------------------------------------------------------------------


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: "/".join(path.parts[-3:]))
def test_no_template_has_inline_style_or_script(path):
    text = path.read_text()
    if "mail" in path.parts or "email" in path.parts:
        pytest.skip("mail needs inline styles")
    assert not re.search(r"<style|\sstyle=[\"']|\son(click|change|submit|load|input)=|javascript:", text), path
    scripts = re.findall(r"<script\b[^>]*>", text)
    assert all("src=" in tag or "application/json" in tag for tag in scripts), scripts
