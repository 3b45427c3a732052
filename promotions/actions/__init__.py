"""Everything that changes a promotion."""

from promotions.actions.codes import make_codes
from promotions.actions.redeeming import commit, release, renew
from promotions.actions.running import (
    activate,
    cancel,
    end,
    end_overdue,
    pause,
    reopen,
    restore,
    resume,
)
from promotions.actions.writing import FIELDS, LATE, LINKS, save_promotion

__all__ = [
    "FIELDS",
    "LATE",
    "LINKS",
    "activate",
    "cancel",
    "commit",
    "end",
    "end_overdue",
    "make_codes",
    "pause",
    "release",
    "renew",
    "reopen",
    "restore",
    "resume",
    "save_promotion",
]
