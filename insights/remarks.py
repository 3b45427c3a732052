"""How a partner is doing, in words: from what it registered lately against the time before. Pure."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Text = str | Promise


@dataclass(frozen=True, slots=True)
class Remark:
    """A word with its tone, and the sentence behind it."""

    word: Text
    tone: str
    sentence: Text


NEW = Remark(_("New"), "info", _("Has not registered a deal yet."))
SILENT = Remark(_("Silent"), "bad", _("Registered deals before, and none in these days."))
COOLING = Remark(_("Cooling"), "warn", _("Registers less than half of what it did before."))
GROWING = Remark(_("Growing"), "good", _("Registers at least half as much again as before."))
CARELESS = Remark(_("Needs help"), "warn", _("More than a third of its registrations had to be returned."))
STEADY = Remark(_("Steady"), "good", _("Registers about as much as before."))
QUIET = Remark(_("Quiet"), "still", _("Has not registered a deal in these days, nor in those before."))


def remark_on(*, now: int, before: int, ever: bool, decided: int, first_time: int) -> Remark:
    """The remark on a partner that registered `now` deals in the days and `before` in as many days before."""
    if not ever:
        return NEW
    if not now:
        return SILENT if before else QUIET
    if decided >= 5 and (decided - first_time) * 3 > decided:
        return CARELESS
    if before >= 4 and now * 2 < before:
        return COOLING
    return GROWING if now >= 3 and now * 2 >= before * 3 else STEADY
