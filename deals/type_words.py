"""What a change of a type of registration comes to, in words."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from core.numbers import format_number
from deals.asked import OPTIONAL
from deals.fields import CUSTOMER_LABELS, RETURNABLE
from deals.models import RegistrationType
from partners.models import Partnership

NAMED = {"own_fields": "label", "evidence_kinds": "label", "rules": "name"}


def changes(before: Mapping[str, Any], after: Mapping[str, Any], tiers: Mapping[int, str]) -> list[str]:
    """One sentence for each thing that differs between two versions, in the order of the pages."""
    found: list[str] = []
    for name in RegistrationType.KEPT:
        old, new = before.get(name), after.get(name)
        if old == new:
            continue
        label = str(RegistrationType._meta.get_field(name).verbose_name)  # type: ignore[union-attr]
        if name in NAMED:
            found += _of_rows(name, label, old or [], new or [])
        else:
            found.append(_of_value(name, label, old, new, tiers))
    return found


def _of_value(name: str, label: str, old: Any, new: Any, tiers: Mapping[int, str]) -> str:
    said = {"what": label[:1].upper() + label[1:], "old": _shown(name, old, tiers), "new": _shown(name, new, tiers)}
    return _("%(what)s: %(new)s instead of %(old)s") % said


def _shown(name: str, value: Any, tiers: Mapping[int, str]) -> str:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if name in ("kinds", "tiers") and not value:
        return _("all")
    if value in (None, "", []):
        return _("nothing")
    if name == "kinds":
        return ", ".join(str(Partnership.Kind(each).label) for each in value)
    if name == "tiers":
        return ", ".join(tiers.get(each, str(each)) for each in value)
    if name == "required":
        return ", ".join(str(CUSTOMER_LABELS.get(each) or RETURNABLE[each]) for each in value if each in OPTIONAL)
    return format_number(value) if isinstance(value, int) else f"“{value}”"


def _of_rows(name: str, label: str, old: list[Any], new: list[Any]) -> list[str]:
    key, title = "id" if name == "rules" else "key", NAMED[name]
    mine, theirs = {row[key]: row for row in old}, {row[key]: row for row in new}
    what = label[:1].upper() + label[1:]
    found = [_told(_("%(what)s: “%(name)s” is new"), what, theirs[each][title]) for each in theirs.keys() - mine.keys()]
    found += [_told(_("%(what)s: “%(name)s” is gone"), what, mine[each][title]) for each in mine.keys() - theirs.keys()]
    both = theirs.keys() & mine.keys()
    changed = [each for each in both if mine[each] != theirs[each]]
    found += [_told(_("%(what)s: “%(name)s” changed"), what, theirs[each][title]) for each in changed]
    return sorted(found) or [_("%(what)s: another order") % {"what": what}]


def _told(sentence: str, what: str, name: str) -> str:
    return sentence % {"what": what, "name": name}
