"""Companies in normal form, what two of them have in common, and what a score may and may not do."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bench.deals_conflict import quality
from deals.matching import HOUSE, Company, Rules, features, keys, matched, name_key, score, similarity
from deals.matching import words as vocabulary
from deals.matching.identifiers import (
    domain_of,
    duns_number,
    email_of,
    gln_number,
    lei_number,
    phone_number,
    postcode_of,
    project_kind,
    project_number,
)
from deals.matching.judging import judge
from deals.matching.scoring import WEIGHTS

HOSTILE = ["", "   ", "\x00", "???", "\u202eS.p.A. egidA", "Ad\u200bige", "A" * 10_000, ". " * 5_000, "ﷺ" * 300]
PLAUSIBLE = st.from_regex(r"[A-Z][a-zü]{2,9}( [A-Z][a-z]{2,9}){0,2}")
NAMES = st.one_of(st.text(max_size=60), st.sampled_from(HOSTILE), PLAUSIBLE)
EVIDENCE = ["tax_id lei duns gln", "project_id", "domain email", "phone"]
COMPANIES = st.builds(
    Company.of,
    name=NAMES,
    country=st.sampled_from(["IT", "DE", ""]),
    postcode=st.sampled_from(["", "37100", "I-37100", "x"]),
    city=st.sampled_from(["", "Verona", "Köln"]),
    vat=st.sampled_from(["", "00743110157", "02345670232", "nonsense"]),
    domain=st.sampled_from(["", "adige.example", "gmail.com", "http://["]),
    email=st.sampled_from(["", "a@gmail.com", "info@adige.example", "@@"]),
    phone=st.sampled_from(["", "045 8001234", "+49 561 700000", "12"]),
    project=st.sampled_from(["", "J31B21000120001", "Z1A2B3C4D5", "!"]),
)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Consorzio Adige S.p.A.", "CONSORZIO  ADIGE spa"),
        ("Società Adige a responsabilità limitata", "Società Adige Srl"),
        ("Müller & Söhne GmbH & Co. KG", "Mueller & Soehne"),
        ("Fa. Gebr. Weiß e.K.", "Gebrüder Weiss"),
        ("F.lli Rossi S.n.c.", "Fratelli Rossi"),
        ("Ets. Dupont & Cie SARL", "Établissements Dupont et Compagnie"),
        ("Aceros Núñez S. de R.L. de C.V.", "Aceros Nunez"),
        ("Ørsted A/S", "Orsted"),
        ("Łódź Wodociągi Sp. z o.o.", "Lodz Wodociagi"),
        ("St. Gobain", "Saint Gobain"),
        ("Газпром нефть ПАО", "Gazprom Neft PAO"),
    ],
)
def test_ways_to_write_one_name(one, other):
    assert similarity(one, other) >= 0.99


@pytest.mark.parametrize(
    ("one", "other", "least", "most"),
    [
        ("Bianchi Costruzioni", "Costruzioni Bianci", 0.85, 0.98),
        ("Europumpen", "Euro Pumpen GmbH", 0.85, 0.98),
        ("STEA", "Società Trentina Energia Ambiente S.p.A.", 0.75, 0.98),
        ("Rossi Impianti", "Verdi Impianti", 0, 0.5),
        ("Adige Pompe", "Adige Motori", 0, 0.74),
        ("", "Adige", 0, 0),
    ],
)
def test_likeness_has_degrees(one, other, least, most):
    assert least <= similarity(one, other) <= most


def test_the_words_of_the_lists_are_in_the_form_in_which_names_are_compared():
    every = vocabulary.LEGAL_WORDS | vocabulary.GENERIC | vocabulary.DAUGHTERS | vocabulary.STOP_WORDS
    for word in {*every, *vocabulary.ALIASES.values()}:
        assert name_key(f"{word} zzz") in {f"{word} zzz", "zzz", f"{vocabulary.ALIASES.get(word)} zzz"}, word


@given(NAMES)
def test_normal_form_is_stable(name):
    assert name_key(name_key(name)) == name_key(name)


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_names_are_compared_like_others(name):
    company = Company.of(name=name, country="IT", vat=name, email=name, phone=name, project=name, city=name)
    assert len(keys(company)) < 80
    assert 0 <= score(features(company, company)) <= 100


@settings(max_examples=300)
@given(COMPANIES, COMPANIES)
def test_the_score_is_symmetric_and_bounded(one, other):
    assert features(one, other) == features(other, one)
    assert 0 <= score(features(one, other)) <= 100


@settings(max_examples=300)
@given(COMPANIES, COMPANIES, st.sampled_from([name for source in EVIDENCE for name in source.split()]))
def test_one_more_thing_in_common_never_lowers_the_score(one, other, name):
    found = features(one, other)
    if name == "email" and "domain" not in found and "email" not in found:
        found |= {"domain": 1.0}  # a mailbox alone may belong to an adviser of both
    assert score(found | {name: 1.0}) >= score(found)


def company(**values):
    return Company.of(**{"name": "Adige S.p.A.", "country": "IT", **values})


@pytest.mark.parametrize(
    ("mine", "theirs", "points", "reasons"),
    [
        ({"vat": "00743110157"}, {"name": "Other", "vat": "IT00743110157"}, 100, ["tax_id"]),
        ({"project": "CIG Z1A2B3C4D5"}, {"name": "Other", "project": "z1a2b3c4d5"}, 100, ["project_id"]),
        ({"domain": "www.adige.example"}, {"name": "Other", "email": "info@adige.example"}, 90, ["domain"]),
        ({"email": "a@x.example"}, {"name": "Adige srl", "email": "A+b@x.example", "city": "Bari"}, None, None),
        ({"postcode": "37100"}, {"name": "Adige", "postcode": "I-37100"}, 88, ["name_same", "name_postcode"]),
        ({"city": "Verona"}, {"name": "Adige", "city": "Bari"}, 60, ["name_country"]),
        ({"phone": "045 8001234"}, {"name": "Other", "phone": "+39 045 800 1234"}, 50, ["phone"]),
        ({"name": "Adige Pompe", "city": "Bari"}, {"name": "Adige", "city": "Verona"}, 40, ["affiliate"]),
        ({"domain": "gmail.com"}, {"name": "Other", "email": "x@gmail.com"}, 0, []),
    ],
)
def test_the_weights_of_the_specification(mine, theirs, points, reasons):
    found = features(company(**mine), company(**theirs))
    if points is None:
        assert score(found) >= 85
    else:
        assert score(found) == points
        assert set(reasons) <= set(matched(found))


def test_two_tax_numbers_of_one_country_are_never_the_same_customer():
    one, other = company(vat="00743110157", domain="adige.example"), company(vat="02345670232", domain="adige.example")
    assert HOUSE.possible <= score(features(one, other)) < HOUSE.same
    abroad = Company.of(name="Adige", country="AT", vat="U13585627", domain="adige.example")
    assert score(features(one, abroad)) >= HOUSE.same


def test_a_daughter_is_for_a_person_to_judge():
    one, other = company(domain="adige.example"), company(name="Adige Service S.r.l.", domain="adige.example")
    assert HOUSE.possible <= score(features(one, other)) < HOUSE.same


def test_a_vendor_weighs_in_its_own_way():
    one, other = company(domain="adige.example"), company(name="Other", domain="adige.example")
    assert score(features(one, other), Rules(version=9, domain=40)) == 40
    assert matched(features(one, other), Rules(domain=0)) == []
    assert Rules.restored(3, {**Rules(phone=1).stored(), "unknown": 3}) == Rules(version=3, phone=1)
    assert {*WEIGHTS} <= {*HOUSE.stored()}


def test_numbers_and_addresses_are_checked():
    assert lei_number("213800WAVVOPS85N2205") == "213800WAVVOPS85N2205"
    assert gln_number("4006381333931") == "4006381333931"
    assert duns_number("15-048-3782") == "150483782"
    assert email_of(" Anna.Weiss+deals@Adige.Example ") == "anna.weiss@adige.example"
    assert phone_number("IT", "045 8001234") == "+390458001234"
    assert (project_number("CUP: J31B21000120001"), project_number("2026/S 044-123456")) == (
        "J31B21000120001",
        "2026S044123456",
    )
    assert (project_kind("J31B21000120001"), project_kind("Z1A2B3C4D5"), project_kind("2026S044123456")) == (
        "CUP",
        "CIG",
        "",
    )
    assert (postcode_of("IT", "I-37100"), postcode_of("GB", "sw1a 1aa"), postcode_of("DE", "D 50667")) == (
        "37100",
        "SW1A1AA",
        "50667",
    )
    assert domain_of("x.github.io/y") == "x.github.io"
    for rule in (lei_number, gln_number, duns_number, email_of, project_number):
        with pytest.raises(ValueError):
            rule("?? 12 ??")
    with pytest.raises(ValueError):
        phone_number("IT", "12")


def weighed(kind="deal", **values):
    plain = {"kind": kind, "deal": 1, "account": None, "own": False, "exclusive": False, "lines": [""]}
    return {**plain, "features": {"name": 0.0, "tax_id": 1.0}, **values}


@pytest.mark.parametrize(
    ("facts", "verdict"),
    [
        ([], "clear"),
        ([weighed(lines=[])], "clear"),
        ([weighed(features={"name": 0.5, "phone": 1.0})], "clear"),
        ([weighed(features={"name": 0.0, "tax_id": 1.0, "project_id": 0.0})], "clear"),
        ([weighed()], "possible"),
        ([weighed(own=True)], "self"),
        ([weighed("loss")], "possible"),
        ([weighed("protection", exclusive=True)], "blocking"),
        ([weighed("protection", exclusive=True, own=True)], "self"),
        ([weighed("protection")], "possible"),
        ([weighed("protection", exclusive=True, features={"name": 0.8, "country": 1.0})], "possible"),
        ([weighed("named_account")], "named_account"),
        ([weighed("incumbent")], "incumbent"),
        ([weighed("incumbent", features={"name": 0.8, "country": 1.0})], "possible"),
        ([weighed("tender", features={})], "tender_closed"),
        ([weighed(own=True), weighed("incumbent"), weighed("protection", exclusive=True)], "blocking"),
    ],
)
def test_the_gravest_finding_is_the_verdict(facts, verdict):
    assert judge(facts, HOUSE)[0] == verdict


def test_a_slice_of_the_benchmark_keeps_its_promises():
    measured = quality.measure(seed=7, count=1500)
    assert measured.recall >= 0.98
    assert measured.precision >= 0.90
    assert measured.filing >= 0.98
    assert measured.table[False, "possible"] > 200, "look-alikes are in it"
