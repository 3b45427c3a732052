"""The log of a trigger: whom it reached, and why it did not reach the others."""

from typing import Any

from django.http.response import HttpResponseBase
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from automation.models import Run
from automation.presenting import who_of
from automation.views.triggers import SEES, fetch
from core.listing import Choice, Column, Empty, Listing, Period, View
from partners.access import MemberRequest, member_required


def _why(row: Run) -> Any:
    if row.letter is not None and row.state == Run.State.DONE:
        return row.letter.get_state_display()
    return row.get_why_display() if row.why else ""


LIST = Listing(
    key="runs",
    title=gettext_lazy("Log"),
    columns=(
        Column("happened_at", gettext_lazy("Happened"), kind="ago", sort="happened_at"),
        Column("title", gettext_lazy("About")),
        Column("who", gettext_lazy("Reaches"), get=who_of),
        Column("state", gettext_lazy("State"), kind="state"),
        Column("why", gettext_lazy("Why, or the letter"), get=_why),
        Column("due_at", gettext_lazy("Due"), kind="ago", sort="due_at", phone=False, shown=False),
        Column("settled_at", gettext_lazy("Settled"), kind="ago", phone=False),
        Column("version", gettext_lazy("Version"), kind="number", phone=False, shown=False),
    ),
    filters=(
        Choice("state", gettext_lazy("State"), choices=Run.State.choices),
        Choice("why", gettext_lazy("Why"), choices=Run.Why.choices),
        Period("happened_at", gettext_lazy("Happened")),
    ),
    views=(
        View("all", gettext_lazy("All")),
        View("done", gettext_lazy("Done"), "state=done"),
        View("waiting", gettext_lazy("Waiting"), "state=waiting"),
        View("left_out", gettext_lazy("Left out"), "state=left_out"),
    ),
    search=("title",),
    default_sort="-happened_at",
    template="automation/runs.html",
    empty=Empty(
        gettext_lazy("Nothing here"),
        gettext_lazy("Each occasion stands here from the moment the trigger is started, with what came of it."),
    ),
)


@require_GET
@member_required(SEES)
def index(request: MemberRequest, pk: int) -> HttpResponseBase:
    """Each occasion and what became of it."""
    row = fetch(request.actor, pk)
    rows = Run.objects.visible_to(request.actor).filter(trigger=row).select_related("contact", "partner", "letter")
    return LIST.respond(request, rows, trigger=row)
