"""Options of a product and the rules between them. Pure: plain data in, sentences and sums out.

Each option is answered by exactly one of its choices; a choice has a code that is used once in the product, so that a
configuration is a set of codes. The first choice of an option is what one gets unasked.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from core.errors import DomainError
from orders.pasting import decimal_of, read_table

CODE = re.compile(r"[A-Z0-9][A-Z0-9._/+-]{0,29}")
MAX_CHOICES = 200
MAX_RULES = 200
MAX_DELTA = Decimal(10) ** 9
COLUMNS: Mapping[str, frozenset[str]] = {
    "option": frozenset({"option"}),
    "code": frozenset({"code"}),
    "name": frozenset({"choice", "name"}),
    "delta": frozenset({"price", "surcharge"}),
}
REQUIRES, EXCLUDES = "requires", "excludes"
RULE = re.compile(rf"(\S+)\s+({REQUIRES}|{EXCLUDES})\s+(\S+)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Choice:
    """One way to answer an option; `delta` is added to the price of one unit, or taken off it."""

    code: str
    name: str
    delta: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True)
class Option:
    """A question about the product with its choices; the first is the usual one."""

    name: str
    choices: tuple[Choice, ...]


@dataclass(frozen=True, slots=True)
class OptionRule:
    """If `when` is chosen, `then` has to be (`requires`) or must not be (`excludes`)."""

    when: str
    kind: str
    then: str

    def holds(self, chosen: frozenset[str]) -> bool:
        """Whether a configuration keeps the rule."""
        return self.when not in chosen or (self.then in chosen) == (self.kind == REQUIRES)


@dataclass(frozen=True, slots=True)
class Makeup:
    """All options of a product and the rules between them."""

    options: tuple[Option, ...] = ()
    rules: tuple[OptionRule, ...] = ()

    @property
    def choices(self) -> dict[str, Choice]:
        """Every choice by its code."""
        return {choice.code: choice for option in self.options for choice in option.choices}

    @property
    def usual(self) -> list[str]:
        """What one gets unasked: the first choice of each option."""
        return [option.choices[0].code for option in self.options]


def makeup_of(options: Sequence[Mapping[str, Any]], rules: Sequence[Sequence[str]]) -> Makeup:
    """Options and rules from the plain data that a product keeps."""
    return Makeup(
        tuple(
            Option(each["name"], tuple(Choice(code, name, Decimal(delta)) for code, name, delta in each["choices"]))
            for each in options
        ),
        tuple(OptionRule(*rule) for rule in rules),
    )


def plain_of(makeup: Makeup) -> tuple[list[dict[str, Any]], list[list[str]]]:
    """The plain data again."""
    options = [
        {
            "name": each.name,
            "choices": [[choice.code, choice.name, format(choice.delta, "f")] for choice in each.choices],
        }
        for each in makeup.options
    ]
    return options, [[rule.when, rule.kind, rule.then] for rule in makeup.rules]


def completed(makeup: Makeup, chosen: Iterable[str]) -> list[str]:
    """The codes in the order of the options, with the usual choice where none was made; what is unknown comes last."""
    codes = list(dict.fromkeys(code.strip().upper() for code in chosen if code.strip()))
    found: list[str] = []
    for option in makeup.options:
        own = {choice.code for choice in option.choices}
        found += [code for code in codes if code in own] or [option.choices[0].code]
    return [*found, *(code for code in codes if code not in found)]


def problems(makeup: Makeup, chosen: Sequence[str]) -> list[str]:
    """Why a configuration cannot be had, in sentences; empty when it can."""
    return list(_problems(makeup, frozenset(chosen)))


def _problems(makeup: Makeup, chosen: frozenset[str]) -> Iterator[str]:
    known = makeup.choices
    for code in sorted(chosen - set(known)):
        yield _("There is no option “%s”.") % code[:30]
    for option in makeup.options:
        own = [choice for choice in option.choices if choice.code in chosen]
        if len(own) != 1:
            offered = ", ".join(choice.code for choice in option.choices)
            yield _("Choose one for %(option)s: %(codes)s.") % {"option": option.name, "codes": offered}
    yield from (_said(rule, known) for rule in makeup.rules if not rule.holds(chosen))


def _said(rule: OptionRule, known: Mapping[str, Choice]) -> str:
    text = _("%(when)s only comes with %(then)s.") if rule.kind == REQUIRES else _("%(when)s excludes %(then)s.")
    return text % {"when": known[rule.when].name, "then": known[rule.then].name}


def rules_in_words(makeup: Makeup) -> list[str]:
    """Every rule as a sentence."""
    known = makeup.choices
    return [_said(rule, known) for rule in makeup.rules]


def checked(makeup: Makeup, chosen: Iterable[str]) -> list[str]:
    """The whole configuration. Raises DomainError (field "choices") with every sentence that speaks against it."""
    codes = completed(makeup, chosen)
    if wrong := problems(makeup, codes):
        raise DomainError(" ".join(wrong[:5]), field="choices")
    return codes


def surcharge(makeup: Makeup, chosen: Iterable[str]) -> Decimal:
    """What the chosen options add to the price of one unit."""
    known = makeup.choices
    return sum((known[code].delta for code in chosen if code in known), Decimal(0))


def words(makeup: Makeup, chosen: Iterable[str]) -> str:
    """A configuration for people: the names of its choices."""
    known = makeup.choices
    return ", ".join(known[code].name if code in known else code for code in chosen)


def written_options(makeup: Makeup) -> str:
    """The choices as the text that `read_makeup` takes."""
    return "\n".join(
        f"{option.name}; {choice.code}; {choice.name}; {choice.delta:.2f}"
        if choice.delta == round(choice.delta, 2)
        else f"{option.name}; {choice.code}; {choice.name}; {choice.delta:.4f}"
        for option in makeup.options
        for choice in option.choices
    )


def written_rules(makeup: Makeup) -> str:
    """The rules as the text that `read_makeup` takes."""
    return "\n".join(f"{rule.when} {rule.kind} {rule.then}" for rule in makeup.rules)


def read_makeup(options: str, rules: str) -> Makeup:
    """Options ("option; code; choice; surcharge" a line) and rules ("CODE requires CODE") as people write them.

    Raises DomainError with the field (`options` or `rules`) and the line that is wrong.
    """
    if not options.strip():
        if rules.strip():
            raise DomainError(_("Rules need options."), field="rules")
        return Makeup()
    makeup = Makeup(_options(options))
    _check_options(makeup)
    makeup = Makeup(makeup.options, tuple(_rules(rules, makeup)))
    if wrong := problems(makeup, makeup.usual):
        text = _("The first choices of the options have to go together: %s")
        raise DomainError(text % " ".join(wrong[:3]), field="rules")
    return makeup


def _options(text: str) -> tuple[Option, ...]:
    found: dict[str, list[Choice]] = {}
    try:
        rows = read_table(text, COLUMNS, tuple(COLUMNS))
    except DomainError as error:
        raise DomainError(error.message, field="options") from error
    for row in rows:
        name, code = row.cells.get("option", "")[:60], row.cells.get("code", "").upper()
        if not name or not CODE.fullmatch(code):
            raise DomainError(
                _("Line %d needs an option and a code of capitals, digits and “. _ / + -”.") % row.number,
                field="options",
            )
        choice = Choice(code, row.cells.get("name", "")[:80] or code, _delta(row.number, row.cells.get("delta", "")))
        found.setdefault(name, []).append(choice)
    return tuple(Option(name, tuple(choices)) for name, choices in found.items())


def _delta(number: int, text: str) -> Decimal:
    try:
        delta = decimal_of(text or "0")
    except DomainError as error:
        raise DomainError(_("Line %(n)d: %(why)s") % {"n": number, "why": error.message}, field="options") from error
    if abs(delta) >= MAX_DELTA or delta != round(delta, 4):
        raise DomainError(_("Line %d: the surcharge has four decimals at most.") % number, field="options")
    return delta


def _check_options(makeup: Makeup) -> None:
    times = Counter(choice.code for option in makeup.options for choice in option.choices)
    twice = [code for code, count in times.items() if count > 1]
    if twice:
        raise DomainError(_("The code %s is used twice.") % twice[0], field="options")
    if len(times) > MAX_CHOICES:
        raise DomainError(_("There may be %d choices at most.") % MAX_CHOICES, field="options")


def _rules(text: str, makeup: Makeup) -> Iterator[OptionRule]:
    known = makeup.choices
    lines = [(number, line.strip()) for number, line in enumerate(text.splitlines(), 1) if line.strip()]
    if len(lines) > MAX_RULES:
        raise DomainError(_("There may be %d rules at most.") % MAX_RULES, field="rules")
    for number, line in lines:
        match = RULE.fullmatch(line)
        if match is None:
            said = _("Line %d has to read “CODE requires CODE” or “CODE excludes CODE”.")
            raise DomainError(said % number, field="rules")
        when, kind, then = match[1].upper(), match[2].lower(), match[3].upper()
        unknown = next((code for code in (when, then) if code not in known), None)
        if unknown or when == then:
            said = _("Line %(n)d: there is no choice “%(code)s”.")
            said = said if unknown else _("Line %(n)d: “%(code)s” is on both sides.")
            raise DomainError(said % {"n": number, "code": (unknown or when)[:30]}, field="rules")
        yield OptionRule(when, kind, then)
