"""What two companies have in common, and what tells them apart."""

from deals.matching.company import Company
from deals.matching.identifiers import project_kind
from deals.matching.names import holds, similarity, telling
from deals.matching.words import DAUGHTERS, GENERIC, STOP_WORDS

Features = dict[str, float]
EXACT = ("lei", "duns", "gln", "domain", "email", "phone")


def features(one: Company, other: Company) -> Features:
    """Name of a feature → 1.0 where both agree, 0.0 where both say something else; unknown to one side: left out.

    `name` is a similarity between 0 and 1. `daughter` is 1.0 when the names differ by nothing but a word that daughters
    bear ("Adige", "Adige Service"), `affiliate` when the one name holds the other. Symmetric.
    """
    mine, theirs = _without_towns(one, other), _without_towns(other, one)
    found: Features = {"name": similarity(mine, theirs)}
    for name in EXACT:
        _compare(found, name, getattr(one, name), getattr(other, name))
    _compare(found, "country", one.country, other.country)
    if found.get("country"):
        _compare(found, "postcode", one.postcode, other.postcode)
    _compare(found, "city", one.city, other.city)
    # Numbers of two countries say nothing: one company may be registered for VAT in both.
    if one.vat[:2] == other.vat[:2]:
        _compare(found, "tax_id", one.vat, other.vat)
    if project_kind(one.project) == project_kind(other.project):
        _compare(found, "project_id", one.project, other.project)
    if not one.postcode and not other.postcode and not one.city and not other.city:
        found["placeless"] = 1.0
    _judge_kinship(found, mine, theirs)
    return found


def _compare(found: Features, name: str, one: str, other: str) -> None:
    if one and other:
        found[name] = float(one == other)


def _without_towns(company: Company, other: Company) -> str:
    """The name without the towns that either names as its place: "Adige Verona" of Verona is "Adige"."""
    towns = {*company.city.split(), *other.city.split()}
    kept = [word for word in company.key.split() if word not in towns]
    return " ".join(kept) if set(telling(tuple(kept))) - GENERIC else company.key


def _judge_kinship(found: Features, one: str, other: str) -> None:
    mine, theirs = set(one.split()) - STOP_WORDS, set(other.split()) - STOP_WORDS
    if not mine or not theirs or mine == theirs:
        return
    if mine ^ theirs <= DAUGHTERS and mine & theirs:
        found["daughter"] = found["affiliate"] = 1.0
    elif len(mine) != len(theirs) and holds(one, other):
        found["affiliate"] = 1.0
