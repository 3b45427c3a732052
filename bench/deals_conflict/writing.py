"""How people write a company, and pairs with the truth about them."""

import random
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import NamedTuple

from bench.deals_conflict import companies
from bench.deals_conflict.companies import Entity, entity
from deals.matching import Company

Written = dict[str, str]


class Pair(NamedTuple):
    """Two registrations, whether they mean one legal entity, and of what kind the pair is."""

    one: Company
    other: Company
    same: bool
    kind: str


def written(rng: random.Random, company: Entity, slips: int = 1, words: tuple[str, ...] = ()) -> Written:
    """The company as one salesperson fills in the form: with some of the fields, and up to `slips` habits or slips."""
    said = list(words or company.words)
    for _slip in range(slips):
        said = rng.choice(HABITS)(rng, said, company)
    form = rng.choice(("", company.form, company.form, rng.choice(companies.FORMS[company.country])))
    name = " ".join([*said, form]).strip()
    if rng.random() < 0.12:
        name = name.upper() if rng.random() < 0.6 else name.lower()
    values = {
        "name": name,
        "country": company.country,
        "vat": company.vat if rng.random() < 0.4 else "",
        "domain": company.domain if rng.random() < 0.45 else "",
        "city": company.city if rng.random() < 0.75 else "",
        "postcode": company.postcode if rng.random() < 0.6 else "",
        "phone": company.phone if rng.random() < 0.35 else "",
        "email": company.email if rng.random() < 0.35 else "",
    }
    if values["vat"] and rng.random() < 0.03:  # a digit wrong: seen by the check digit, and so unknown
        values["vat"] = values["vat"][:-1] + str((int(values["vat"][-1]) + 1) % 10)
    return values


def company_of(values: Written) -> Company:
    return Company.of(**values)


def _typo(rng: random.Random, said: list[str], _company: Entity) -> list[str]:
    at = rng.randrange(len(said))
    word = said[at]
    if len(word) < 5:
        return said
    spot = rng.randrange(1, len(word) - 1)
    changed = rng.choice(
        (
            word[:spot] + word[spot + 1 :],
            word[:spot] + word[spot] + word[spot:],
            word[:spot] + word[spot + 1] + word[spot] + word[spot + 2 :],
            word[:spot] + rng.choice("aeiorstln") + word[spot + 1 :],
        )
    )
    return [*said[:at], changed, *said[at + 1 :]]


def _swapped(rng: random.Random, said: list[str], _company: Entity) -> list[str]:
    return [*said[1:], said[0]] if len(said) > 1 and "&" not in said else said


def _unaccented(rng: random.Random, said: list[str], _company: Entity) -> list[str]:
    return [companies._plain(word).replace("ß", "ss") for word in said]


def _german(rng: random.Random, said: list[str], _company: Entity) -> list[str]:
    spelt = {"ä": "ae", "ö": "oe", "ü": "ue", "Ö": "Oe", "Ü": "Ue", "ß": "ss"}
    return ["".join(spelt.get(letter, letter) for letter in word) for word in said]


def _shortened(rng: random.Random, said: list[str], _company: Entity) -> list[str]:
    return [companies.SHORT.get(word, word) for word in said]


def _together(rng: random.Random, said: list[str], _company: Entity) -> list[str]:
    return ["".join(said)] if len(said) == 2 and all(word.isalpha() for word in said) else said


def _hyphen(rng: random.Random, said: list[str], _company: Entity) -> list[str]:
    return [word.replace("-", " ").replace("'", rng.choice(("", "’", " "))) for word in said]


def _left_out(rng: random.Random, said: list[str], company: Entity) -> list[str]:
    """The trade goes, the name stays."""
    trades = set(companies.TRADES[company.country].split())
    kept = [word for word in said if word not in trades]
    return kept if kept and len(said) > len(kept) and len("".join(kept)) > 4 else said


def _spoken(rng: random.Random, said: list[str], company: Entity) -> list[str]:
    return [rng.choice(("Ditta", "Fa.", "Gruppo", "The", "Sté")), *said] if rng.random() < 0.3 else said


def _town(rng: random.Random, said: list[str], company: Entity) -> list[str]:
    return [*said, company.city] if rng.random() < 0.3 else said


Habit = Callable[[random.Random, list[str], Entity], list[str]]
HABITS: tuple[Habit, ...] = (
    _typo, _typo, _typo, _swapped, _unaccented, _german, _shortened, _together, _hyphen, _left_out, _spoken, _town,
)  # fmt: skip


def same_company(rng: random.Random) -> Pair:
    """Two people write one company."""
    company = entity(rng)
    draw = rng.random()
    if draw < 0.08:
        return _other_name(rng, company)
    if draw < 0.13:
        return _relocated(rng, company)
    slips = rng.choice((0, 1, 1, 2))
    one, other = written(rng, company, 0 if rng.random() < 0.5 else 1), written(rng, company, slips)
    return Pair(company_of(one), company_of(other), True, f"written twice, {slips} habits")


def _other_name(rng: random.Random, company: Entity) -> Pair:
    """A brand beside the company's name; both wrote the web address."""
    brand = (rng.choice(companies.COINED) + rng.choice(("a", "is", "on", "ex")), rng.choice(("", "Group", "Pro")))
    one, other = written(rng, company), written(rng, company, 0, words=tuple(filter(None, brand)))
    one["domain"], other["domain"] = company.domain, f"https://www.{company.domain}/contact"
    return Pair(company_of(one), company_of(other), True, "same domain, another name")


def _relocated(rng: random.Random, company: Entity) -> Pair:
    """The company moved; one of two still writes the old town."""
    one, other = written(rng, company, 0), written(rng, companies.moved(rng, company), 1)
    return Pair(company_of(one), company_of(other), True, "moved to another town")


def look_alikes(rng: random.Random) -> Pair:
    """Two companies that are not one, though they look it."""
    return rng.choice((_namesake, _namesake, _daughter, _daughter, _neighbour, _near_name, _same_house, _adviser))(rng)


def _namesake(rng: random.Random) -> Pair:
    """The same name in another town: another family."""
    company = entity(rng)
    twin = companies.moved(rng, company)
    fresh = entity(rng, company.country)
    twin = replace(twin, vat=fresh.vat, domain=f"{company.city.lower()}-{fresh.domain}", phone=fresh.phone)
    twin = replace(twin, email=f"info@{twin.domain}" if rng.random() < 0.8 else fresh.email)
    one, other = written(rng, company, rng.choice((0, 0, 1))), written(rng, twin, rng.choice((0, 0, 1)))
    if not (other["city"] or other["postcode"]) or not (one["city"] or one["postcode"]):
        one["city"], other["city"] = (
            company.city,
            twin.city,
        )  # nobody could tell them apart otherwise, nor could a person
    return Pair(company_of(one), company_of(other), False, "same name, another town")


def _daughter(rng: random.Random) -> Pair:
    """A subsidiary: another legal entity with another tax number, often with the group's domain and switchboard."""
    company = entity(rng)
    words = (*company.words, rng.choice(companies.DAUGHTERS[company.country]))
    child = replace(company, words=words, vat=companies.vat(rng, company.country))
    if rng.random() < 0.4:
        child = replace(child, domain=f"{rng.choice(('service', 'group', 'new'))}-{company.domain}")
        child = replace(child, email=f"info@{child.domain}")
    if rng.random() < 0.7:
        child = replace(child, phone=companies.phone(rng, company.country))
    return Pair(company_of(written(rng, company, 0)), company_of(written(rng, child, 0)), False, "mother and daughter")


def _neighbour(rng: random.Random) -> Pair:
    """The same trade in the same town by another family."""
    one = entity(rng)
    other = replace(entity(rng, one.country), city=one.city, postcode=one.postcode)
    if set(one.words) & set(companies.SURNAMES[one.country].split()) & set(other.words):
        return _neighbour(rng)
    return Pair(company_of(written(rng, one)), company_of(written(rng, other)), False, "same town and trade")


def _near_name(rng: random.Random) -> Pair:
    """A surname that is one letter off, and a family of its own: "Marini", "Martini"."""
    one = entity(rng, surname=rng.choice(("Marini", "Bertoli", "Hofer", "Garner", "Morel", "Moreno")))
    near = {"Marini": "Martini", "Bertoli": "Bertolini", "Hofer": "Huber", "Garner": "Gardner", "Morel": "Morelle"}
    words = tuple(near.get(word, word + "z" if word == "Moreno" else word) for word in one.words)
    if words == one.words:
        return _near_name(rng)
    other = replace(entity(rng, one.country), words=words)
    return Pair(company_of(written(rng, one, 0)), company_of(written(rng, other, 0)), False, "surname one letter off")


def _same_house(rng: random.Random) -> Pair:
    """Tenants of one business centre: one postcode, one switchboard."""
    one = entity(rng)
    other = replace(entity(rng, one.country), city=one.city, postcode=one.postcode, phone=one.phone)
    if set(one.words) & set(other.words):
        return _same_house(rng)
    return Pair(company_of(written(rng, one)), company_of(written(rng, other)), False, "same house and telephone")


def _adviser(rng: random.Random) -> Pair:
    """One accountant or agency is the contact of two customers; more often with a free mailbox than with its own."""
    one, other = entity(rng), entity(rng)
    if set(one.words) & set(other.words):
        return _adviser(rng)
    a, b = written(rng, one), written(rng, other)
    if rng.random() < 0.25:
        a["email"] = b["email"] = f"studio.{rng.randint(1, 99)}@{rng.choice(companies.FREE)}"
    else:  # two people of one free host
        host = rng.choice(companies.FREE)
        a["email"], b["email"] = f"a{rng.randint(1, 9999)}@{host}", f"b{rng.randint(1, 9999)}@{host}"
    return Pair(company_of(a), company_of(b), False, "contact at a free host")


def strangers(rng: random.Random) -> Pair:
    """Any two companies."""
    country = rng.choice(companies.LANGUAGES)
    one, other = entity(rng, country), entity(rng, country)
    if set(one.words) & set(companies.SURNAMES[country].split()) & set(other.words) or one.words == other.words:
        return strangers(rng)
    return Pair(company_of(written(rng, one)), company_of(written(rng, other)), False, "any two of a country")


def pairs(seed: int, count: int) -> Iterator[Pair]:
    """`count` pairs: four in ten mean one company, four only look alike, two have nothing to do with each other."""
    rng = random.Random(seed)
    for _each in range(count):
        draw = rng.random()
        yield same_company(rng) if draw < 0.4 else look_alikes(rng) if draw < 0.8 else strangers(rng)
