import pytest
from hypothesis import given
from hypothesis import strategies as st

from deals.identity import Company, Key, domain_of, keys_of, name_key, vat_number


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("Consorzio Adige S.p.A.", "consorzio adige"),
        ("CONSORZIO  ADIGE spa", "consorzio adige"),
        ("Società Idrica S.r.l.", "societa idrica"),
        ("Müller & Söhne GmbH", "muller sohne"),
        ("Ørsted A/S", "orsted"),
        ("Łódź Wodociągi Sp. z o.o.", "lodz wodociagi"),
        ("SPA", "spa"),
        ("   ", ""),
        ("東京水道", "東京水道"),
    ],
)
def test_names_are_compared_without_accents_case_and_legal_form(name, key):
    assert name_key(name) == key


@given(st.text(max_size=400))
def test_a_normalised_name_is_already_normal(name):
    once = name_key(name)
    assert len(once) <= 200
    assert "  " not in once


@pytest.mark.parametrize(
    ("text", "domain"),
    [
        ("https://www.acque.adige.example/contatti?x=1", "adige.example"),
        ("Anna@Shop.Acme.co.uk", "acme.co.uk"),
        ("adige.example:8080", "adige.example"),
        ("someone@gmail.com", ""),
        ("localhost", ""),
        ("<script>alert(1)</script>", ""),
        ("", ""),
    ],
)
def test_the_registrable_domain(text, domain):
    assert domain_of(text) == domain


def test_vat_numbers_are_checked_by_the_rule_of_their_country():
    assert vat_number("IT", "00743110157") == "IT00743110157"
    assert vat_number("IT", " it 00743110157 ") == "IT00743110157"
    assert vat_number("GR", "EL 094259216") == "EL094259216"
    assert vat_number("IT", "") == ""
    for country, wrong in (("IT", "00743110158"), ("DE", "123"), ("IT", "'; drop table"), ("US", "!!")):
        with pytest.raises(ValueError):
            vat_number(country, wrong)


def test_keys_come_strongest_first():
    company = Company.of(
        name="Pompe Adige SpA", country="IT", vat="IT00743110157", domain="adige.example", postcode="I-37100"
    )
    assert keys_of(company) == [
        Key("vat", "IT00743110157"),
        Key("domain", "adige.example"),
        Key("name", "adige pompe|IT|37100"),
    ]
    assert keys_of(Company.of(name="???", country="IT")) == []
