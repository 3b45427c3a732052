"""How a trigger is shown: the acts on offer, its numbers, its versions."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from automation.actions.standing import mailings_of
from automation.models import Run, Trigger
from automation.permissions import may_activate, may_keep
from automation.sentences import limits_in_words, sentence
from core.audit import timeline_of
from core.states import can_move
from deals.presenting import Act
from partners.access import Verdict, holds
from partners.actors import Actor

LATEST = 10
VERSIONS = 20


@dataclass(frozen=True, slots=True)
class Number:
    """A number that opens its rows."""

    label: str | Promise
    value: int
    url: str
    tone: str = "still"


def who_of(run: Run) -> str:
    """Whom a run reaches, in words; a contact that was erased is nobody any more."""
    if run.contact is not None:
        return str(run.contact)
    if run.addressee.startswith("partner:"):
        return str(run.partner or "")
    if run.state == Run.State.DONE and not run.addressee:
        return ngettext("%(n)d colleague", "%(n)d colleagues", run.reached) % {"n": run.reached}
    return ""


def acts_on(actor: Actor, row: Trigger) -> list[Act]:
    """What can be done with a trigger, the primary act last."""
    keep = may_keep(actor)

    def to(name: str, *more: str) -> str:
        return reverse(f"automation:{name}", args=[row.pk, *more])

    acts = []
    if row.state != Trigger.State.ACTIVE:
        sure = _("Delete this trigger and its log? Letters that left stay with the mailings.")
        acts.append(Act(_("Delete"), keep, to("delete"), quiet=True, danger=True, confirm=sure))
    acts.append(Act(_("Dry run"), may_see(actor), to("rehearsal"), method="get", key="D"))
    acts.append(Act(_("Edit"), keep, to("edit"), method="get", key="E"))
    if can_move(row, "pause"):
        acts.append(Act(_("Pause"), keep, to("step", "pause"), key="P", primary=True))
    else:
        sure = _("Start it? From now on it acts by itself, within its limits.")
        acts.append(Act(_("Start…"), may_activate(actor, row), to("step", "activate"), primary=True, confirm=sure))
    return acts


def may_see(actor: Actor) -> Verdict:
    """Look at it and try it."""
    return holds(actor, "automation.view")


def trigger_context(actor: Actor, row: Trigger) -> dict[str, Any]:
    """All that the page of a trigger shows."""
    counted = dict(row.runs.order_by().values_list("state").annotate(many=Count("pk")))
    reasons = row.runs.order_by().filter(state=Run.State.LEFT_OUT).values_list("why").annotate(many=Count("pk"))
    latest = row.runs.select_related("contact", "partner", "letter")[:LATEST]
    return {
        "trigger": row,
        "words": sentence(row),
        "limits": limits_in_words(row),
        "numbers": [
            _number(row, Run.State.DONE, counted, "good"),
            _number(row, Run.State.WAITING, counted, "info"),
            _number(row, Run.State.LEFT_OUT, counted, "still"),
        ],
        "waiting": counted.get(Run.State.WAITING, 0),
        "reasons": [
            (Run.Why(why).label, many, _log(row, view="left_out", state=Run.State.LEFT_OUT, why=why))
            for why, many in sorted(reasons, key=lambda each: -each[1])
        ],
        "latest": [(each, who_of(each)) for each in latest],
        "letters": mailings_of(row) if actor.can("audiences.view") else [],
        "versions": row.versions.select_related("user")[:VERSIONS],
        "history": timeline_of(actor, row),
        "may_keep": may_keep(actor),
    }


def _number(row: Trigger, state: Run.State, counted: dict[str, int], tone: str) -> Number:
    value = counted.get(state, 0)
    return Number(state.label, value, _log(row, view=state, state=state), tone if value else "still")


def _log(row: Trigger, **query: str) -> str:
    return f"{reverse('automation:runs', args=[row.pk])}?{urlencode(query)}"
