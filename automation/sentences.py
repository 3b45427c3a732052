"""Triggers in words, in the reader's language."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from automation.models import Trigger
from automation.occasions import OCCASIONS, Occasion
from core.numbers import format_number
from deals import rules


def sentence(trigger: Trigger) -> str:
    """The whole trigger: "When a deal is approved, if Value is above €10,000.00: send the letter “Welcome” to …"."""
    occasion = OCCASIONS.get(trigger.event)
    if occasion is None:
        return _("When something happens that the portal no longer knows.")
    parts = {"when": occasion.in_words(trigger.days), "then": in_effect(trigger, occasion)}
    if trigger.rule.get("groups"):
        parts["asked"] = rules.sentence(trigger.rule, occasion.kind.catalogue(trigger.organisation))
        said = _("When %(when)s, if %(asked)s: %(then)s.") % parts
    else:
        said = _("When %(when)s: %(then)s.") % parts
    return said


def in_effect(trigger: Trigger, occasion: Occasion) -> str:
    """What it does, and when."""
    words = _ACTS[Trigger.Act(trigger.act)](trigger, occasion)
    if not trigger.delay_hours:
        return words
    return _("%(after)s later, %(then)s") % {"after": hours_in_words(trigger.delay_hours), "then": words}


def hours_in_words(hours: int) -> str:
    """Days where it is whole days."""
    if hours % 24 == 0:
        days = hours // 24
        return ngettext("%(n)s day", "%(n)s days", days) % {"n": format_number(days)}
    return ngettext("%(n)s hour", "%(n)s hours", hours) % {"n": format_number(hours)}


def _letter(trigger: Trigger, occasion: Occasion) -> str:
    person = occasion.kind.person if trigger.to == Trigger.To.PERSON else Trigger.To.PARTNER.label
    return _("send the letter “%(subject)s” to %(to)s") % {"subject": trigger.subject, "to": person}


def _notice(trigger: Trigger, _occasion: Occasion) -> str:
    who = trigger.person or trigger.role or _("nobody")
    return _("tell %(who)s “%(subject)s”") % {"who": who, "subject": trigger.subject}


def _code(trigger: Trigger, _occasion: Occasion) -> str:
    name = trigger.promotion.name if trigger.promotion else _("no promotion")
    return _("give the company a code of “%(name)s”") % {"name": name}


def _task(trigger: Trigger, _occasion: Occasion) -> str:
    who = trigger.person or _("nobody in particular")
    return _("plan the task “%(subject)s” for %(who)s") % {"subject": trigger.subject, "who": who}


_ACTS = {
    Trigger.Act.LETTER: _letter,
    Trigger.Act.NOTICE: _notice,
    Trigger.Act.CODE: _code,
    Trigger.Act.TASK: _task,
}


def limits_in_words(trigger: Trigger) -> str:
    """Its limits as one sentence."""
    said = [str(trigger.get_once_display())]
    if trigger.act == Trigger.Act.LETTER:
        said.append(
            ngettext("at most %(n)d letter a week", "at most %(n)d letters a week", trigger.per_week)
            % {"n": trigger.per_week}
            + " "
            + _("to one contact, of all triggers together")
        )
    said.append(ngettext("at most %(n)d time a day", "at most %(n)d times a day", trigger.daily_max)
                % {"n": trigger.daily_max})  # fmt: skip
    if trigger.disturbs:
        said += _quiet(trigger)
    words = "; ".join(said)
    return f"{words[:1].upper()}{words[1:]}."


def _quiet(trigger: Trigger) -> list[str]:
    said = []
    if trigger.quiet_begins is not None and trigger.quiet_ends is not None:
        quiet = {"begins": f"{trigger.quiet_begins:%H:%M}", "ends": f"{trigger.quiet_ends:%H:%M}"}
        said.append(_("never between %(begins)s and %(ends)s") % quiet)
    if trigger.workdays:
        said.append(_("only Monday to Friday"))
    return said
