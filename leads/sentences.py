"""A rule of routing in words, as the vendor's people say it."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from core.numbers import format_number
from leads.models import Lead, RoutingRule, Size
from leads.places import country_name


def conditions(rule: RoutingRule) -> str:
    """For which leads the rule holds."""
    sizes, sources = dict(Size.choices), dict(Lead.Source.choices)
    parts = [
        rule.countries
        and _("the country is %(names)s") % {"names": _or(country_name(code) for code in rule.countries)},
        rule.regions and _("the region is %(names)s") % {"names": _or(rule.regions)},
        rule.product_lines and _("the product line is %(names)s") % {"names": _or(rule.product_lines)},
        rule.sizes
        and _("the company has %(names)s") % {"names": _or(str(sizes.get(each, each)) for each in rule.sizes)},
        rule.sources
        and _("it came by %(names)s") % {"names": _or(str(sources.get(each, each)) for each in rule.sources)},
        rule.min_value is not None and _("the value is at least %(value)s") % {"value": format_number(rule.min_value)},
    ]
    held = [str(part) for part in parts if part]
    return _("If %(conditions)s") % {"conditions": _and(held)} if held else _("For every lead")


def choice(rule: RoutingRule, names: dict[int, str]) -> str:
    """Who gets it. `names` are those of the partners, by the id of the partnership."""
    among = [names[pk] for pk in rule.partners if pk in names]
    parts = [
        _("among %(names)s") % {"names": _and(among)} if among else "",
        _("whose territory it is") if rule.in_territory else "",
        _("of tier %(n)d or above") % {"n": rule.min_rank} if rule.min_rank else "",
        _("with the certificate “%(name)s”") % {"name": rule.certificate} if rule.certificate else "",
    ]
    fit = ", ".join(part for part in parts if part)
    about = {"way": rule.get_way_display(), "fit": fit}
    return _("offer it to %(way)s (%(fit)s).") % about if fit else _("offer it to %(way)s.") % about


def clocks(rule: RoutingRule) -> str:
    """How long each step may take."""
    return _("%(answer)d hours to answer, %(touch)d to the first contact, %(idle)d days without a word.") % {
        "answer": rule.offer_hours,
        "touch": rule.touch_hours,
        "idle": rule.idle_days,
    }


def _or(names: Iterable[str]) -> str:
    return _joined(list(names), _("%(first)s or %(last)s"))


def _and(names: Iterable[str]) -> str:
    return _joined(list(names), _("%(first)s and %(last)s"))


def _joined(names: list[str], pattern: str) -> str:
    if len(names) < 2:
        return "".join(names)
    return pattern % {"first": ", ".join(names[:-1]), "last": names[-1]}
