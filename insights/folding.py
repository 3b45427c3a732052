"""From the trail of one deal to what the figures need of it. Pure: no database, no clock.

The trail is the measure: columns of the deal may be overwritten (an appeal clears who decided), entries never are.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

DECISIONS = {
    "deal.approved": "approved",
    "deal.approved_by_rule": "rule",
    "deal.deemed_approved": "deemed",
    "deal.rejected": "rejected",
}
ENDINGS = {
    "deal.won": "won",
    "deal.won_by_hand": "won",
    "deal.lost": "lost",
    "deal.expired": "expired",
    "deal.withdrawn": "withdrawn",
    "deal.revoked": "revoked",
}
CONFLICTS = frozenset({"deal.queued", "deal.matched"})
VERBS = frozenset(
    {
        "deal.submitted",
        "deal.returned",
        "deal.resubmitted",
        "deal.extension_granted",
        "deal.reinstatement_granted",
        *DECISIONS,
        *ENDINGS,
        *CONFLICTS,
    }
)
LEAST_AFTER_RETURN = 60  # business minutes that a reviewer has at least, once a corrected registration comes back


class Entry(Protocol):
    """What is read of an entry of the trail."""

    verb: str
    created: datetime
    user_id: int | None
    data: dict


class Clock(Protocol):
    """The vendor's business time."""

    def between(self, start: datetime, end: datetime) -> int:
        """Business minutes from one moment to another."""
        ...

    def add(self, start: datetime, minutes: int) -> datetime | None:
        """The moment so many business minutes later."""
        ...


@dataclass
class Fold:
    """The state of the fold; its public fields are those of DealFact, and `met_at` that of ConflictFact."""

    clock: Clock
    promised: int
    submitted_at: datetime | None = None
    returns: int = 0
    decided_at: datetime | None = None
    decision: str = ""
    minutes: int | None = None
    in_time: bool | None = None
    reviewer_id: int | None = None
    approved_at: datetime | None = None
    extensions: int = 0
    outcome: str = ""
    closed_at: datetime | None = None
    due_at: datetime | None = None
    met_at: datetime | None = None
    _running_since: datetime | None = field(default=None, repr=False)
    _spent: int = field(default=0, repr=False)

    def values(self) -> dict[str, object]:
        """The columns of DealFact."""
        names = (
            "submitted_at returns promised due_at decided_at decision minutes in_time reviewer_id approved_at "
            "extensions outcome closed_at"
        )
        return {name: getattr(self, name) for name in names.split()}

    def take(self, entry: Entry) -> None:
        """What one entry changes."""
        if entry.verb == "deal.submitted":
            self.submitted_at = self.submitted_at or entry.created
            self.promised = int(entry.data.get("promised") or self.promised)
            self._run(entry.created)
        elif self.submitted_at is None:
            return  # what happened to a draft counts nowhere
        elif entry.verb == "deal.returned":
            self._stop(entry.created)
        elif entry.verb == "deal.resubmitted":
            self.promised = max(self.promised, self._spent + LEAST_AFTER_RETURN) if self._open() else self.promised
            self._run(entry.created)
        elif entry.verb in DECISIONS:
            self._decide(entry)
        elif entry.verb in ENDINGS:
            self.outcome, self.closed_at, self.due_at = ENDINGS[entry.verb], entry.created, None
        elif entry.verb in CONFLICTS:
            self.met_at = self.met_at or entry.created
        elif entry.verb == "deal.extension_granted":
            self.extensions += 1
        elif entry.verb == "deal.reinstatement_granted":
            self.outcome, self.closed_at = "", None

    def _open(self) -> bool:
        return self.decided_at is None and not self.outcome

    def _run(self, moment: datetime) -> None:
        if self._open() and self._running_since is None:
            self._running_since = moment
            self.due_at = self.clock.add(moment, self.promised - self._spent)

    def _stop(self, moment: datetime) -> None:
        if not self._open():
            return
        self.returns += 1
        self.due_at = None
        if self._running_since is not None:
            self._spent += self.clock.between(self._running_since, moment)
            self._running_since = None

    def _decide(self, entry: Entry) -> None:
        decision = DECISIONS[entry.verb]
        if decision != "rejected":
            self.approved_at = self.approved_at or entry.created
        if self.decided_at is not None:
            return
        if self._running_since is not None:
            self._spent += self.clock.between(self._running_since, entry.created)
        self.decided_at, self.decision, self.reviewer_id = entry.created, decision, entry.user_id
        self.minutes, self.due_at = self._spent, None
        self.in_time = self.minutes <= self.promised and decision != "deemed"


def fold(entries: Iterable[Entry], *, promised: int, clock: Clock, key: Callable[[Entry], object]) -> Fold:
    """The fold over a deal's entries in the order of `key`; `submitted_at` is None where it never was submitted.

    `promised` (business minutes) holds where the entry of the submission does not say it itself.
    """
    state = Fold(clock=clock, promised=promised)
    for entry in sorted(entries, key=key):  # type: ignore[arg-type]
        state.take(entry)
    return state
