"""States change only through the table on the model."""

from typing import ClassVar, NamedTuple, Protocol

from django.utils.translation import gettext as _

from core.errors import InvalidTransition


class Transition(NamedTuple):
    """One named step: from any of `sources` to `target`."""

    sources: frozenset[str]
    target: str


class HasState(Protocol):
    """A record with a `state` and the table of its steps."""

    TRANSITIONS: ClassVar[dict[str, Transition]]
    state: str

    def get_state_display(self) -> str: ...


def can_move(obj: HasState, name: str) -> bool:
    """True when the record's state allows the named step."""
    return obj.state in obj.TRANSITIONS[name].sources


def move(obj: HasState, name: str) -> tuple[str, str]:
    """Apply the named step of the model's table in memory and return (before, after). Raises InvalidTransition."""
    transition = obj.TRANSITIONS[name]
    before = obj.state
    if before not in transition.sources:
        shown = obj.get_state_display()
        raise InvalidTransition(_("That step is not possible now: this is %(state)s.") % {"state": shown.lower()})
    obj.state = transition.target
    return before, transition.target
