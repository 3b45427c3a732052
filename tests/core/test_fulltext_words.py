"""What counts as a word, what a query means, what is marked: no database."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import html as parser

from core.fulltext import Content, excerpt, marked, query_of
from core.fulltext.query import Term, for_fts5, for_postgres
from core.fulltext.words import LONGEST, MOST_WORDS, indexed, stem_of, words_in


def words(text):
    return [word.text for word in words_in(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Malmö, booster PUMPS", ["malmo", "booster", "pumps"]),
        ("AP-100/B  dell'acqua", ["ap", "100", "b", "dell", "acqua"]),
        ("a\nb\tc\u00a0d", ["a", "b", "c", "d"]),
        ("perche\u0301 Łódź STRASSE", ["perche", "lodz", "strasse"]),
        ("zero\u200bwidth so\u00adft \u202ertl", ["zerowidth", "soft", "rtl"]),
        ("snake_case", ["snake", "case"]),
        ("", []),
        ("?!…", []),
    ],
)
def test_words_are_letters_and_digits_without_case_and_accents(text, expected):
    assert words(text) == expected


@given(st.text(max_size=300))
def test_a_word_is_where_it_says(text):
    end = 0
    for word in words_in(text):
        assert end <= word.start < word.end <= len(text)
        assert words(text[word.start : word.end])[0].startswith(word.text[:1])
        end = word.end


@pytest.mark.parametrize(
    ("one", "other"),
    [("valves", "valve"), ("closing", "closed"), ("offerte", "offerta"), ("ordini", "ordine"), ("0041271", "41271")],
)
def test_kin_share_a_stem_in_both_languages(one, other):
    assert stem_of(one) == stem_of(other)


def test_a_text_made_to_be_slow_or_huge_is_cut():
    many = " ".join(f"{number:x}deliveries" for number in range(20_000))
    assert len(indexed(Content(many))) == MOST_WORDS
    [(word, _stem)] = indexed(Content("x" * 1_000_000))
    assert len(word) == LONGEST


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("tender", [Term(("tender",), open=True)]),
        ("tender ", [Term(("tender",))]),
        ("the tender", [Term(("the",)), Term(("tender",), open=True)]),
        ('"site survey" -draft', [Term(("site", "survey"), exact=True), Term(("draft",), minus=True)]),
        ("AP-100", [Term(("ap", "100"), open=True)]),
        ('-"old offer" x', [Term(("old", "offer"), minus=True, exact=True), Term(("x",))]),
        ('"not closed', [Term(("not", "closed"), exact=True)]),
        ("a a a", [Term(("a",))]),
        ('- "" \' * : & | ! ( ) <-> NEAR', [Term(("near",), open=True)]),
        ("", []),
    ],
)
def test_queries_are_understood(typed, expected):
    assert list(query_of(typed).terms) == expected


@given(st.text(max_size=400))
def test_whatever_is_typed_becomes_a_query_of_letters_and_signs_of_ours(text):
    query = query_of(text)
    for term in query.terms:
        assert all(word.isalnum() for word in term.words)
    assert for_postgres(query).count("(") == for_postgres(query).count(")")
    assert for_fts5(query.terms).count('"') % 2 == 0


def test_the_last_word_is_still_being_typed():
    assert "'pum':*" in for_postgres(query_of("pum"))
    assert ":*" not in for_postgres(query_of("p"))
    assert ":*" not in for_postgres(query_of('"pum"'))


@pytest.mark.parametrize(
    ("text", "typed", "expected"),
    [
        ("The tender closes", "close", "The tender <mark>closes</mark>"),
        ("Malmö & <b>", "malmo", "<mark>Malmö</mark> &amp; &lt;b&gt;"),
        ("Pump AP-100 is here", "ap-100", "Pump <mark>AP-100</mark> is here"),
        ("site survey, survey site", '"site survey"', "<mark>site survey</mark>, survey site"),
        ("a draft", "-draft", "a draft"),
        ("pumps", "pum", "<mark>pumps</mark>"),
        ("perche\u0301 no", "perche", "<mark>perche\u0301</mark> no"),
        ("valves", '"valve"', "valves"),
    ],
)
def test_finds_are_marked(text, typed, expected):
    assert marked(text, query_of(typed)) == expected


@given(st.text(max_size=200), st.text(max_size=40))
def test_marking_never_makes_an_element_but_mark(text, typed):
    made = parser.fragment_fromstring(f"<div>{marked(text, query_of(typed))}</div>".replace("\0", ""))
    assert {each.tag for each in made.iter()} <= {"div", "mark"}
    assert excerpt(text, query_of(typed)).count("<mark>") == excerpt(text, query_of(typed)).count("</mark>")


def test_an_excerpt_is_short_and_holds_the_find():
    text = "before " * 200 + "the tender closes " + "after " * 200
    shown = excerpt(text, query_of("tender"))
    assert "<mark>tender</mark>" in shown
    assert (shown.startswith("… "), shown.endswith(" …"), len(shown) < 300) == (True, True, True)
    assert excerpt("short", query_of("other")) == "short"
