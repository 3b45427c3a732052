"""How search matches: words begin words, without accents or case, and nothing typed can break out of it."""

import pytest

from core.search import found, matching, words_of
from partners.models import Organisation
from tests.factories import OrganisationFactory


def names(text):
    return sorted(found(Organisation.objects.all(), text, "name", "city").values_list("name", flat=True))


@pytest.fixture(autouse=True)
def _companies(db):
    OrganisationFactory(name="Nordic Valves", city="Malmö")
    OrganisationFactory(name="Ägir Pumpen (Süd)", city="ŁÓDŹ")
    OrganisationFactory(name="D-0041271 Works", city="Bergamo")
    OrganisationFactory(name="100% pumps_and\\more", city="")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("valv", ["Nordic Valves"]),
        ("VALVES malmo", ["Nordic Valves"]),
        ("malmö nordic", ["Nordic Valves"]),
        ("alves", []),
        ("agir", ["Ägir Pumpen (Süd)"]),
        ("ÄGIR sud", ["Ägir Pumpen (Süd)"]),
        ("łódź", ["Ägir Pumpen (Süd)"]),
        ("lodz pump", ["Ägir Pumpen (Süd)"]),
        ("4127", ["D-0041271 Works"]),
        ("d-0041", ["D-0041271 Works"]),
        ("and", ["100% pumps_and\\more"]),
        ("100%", ["100% pumps_and\\more"]),
        ("nordic bergamo", []),
    ],
)
def test_words_begin_words(text, expected):
    assert names(text) == expected


@pytest.mark.parametrize("text", ["", "   ", "\x00", "«»", ",;:"])
def test_an_empty_search_finds_nothing_rather_than_everything(text):
    assert names(text) == []


@pytest.mark.parametrize("text", [".*", "(", "[a-z]+", "\\", "a{1000}", "^", "%", "_", "x' OR 1=1 --", "(?i)x", "$"])
def test_what_is_typed_is_never_a_pattern(text):
    assert "Nordic Valves" not in names(text)


def test_a_flood_is_cut_short():
    assert len(words_of("word " * 1000)) == 6
    assert names("valves " + "x" * 100_000) == []
    assert str(matching("a b", "name")).count("iregex") == 2


def test_letters_that_grow_when_they_are_lowered_do_no_harm():
    assert words_of("İstanbul") == ["istanbul"]
