"""Conflict cases: the list, and the page on which the sides stand beside each other."""

from typing import Any

from django.db.models import Count
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_safe

from chat.models import Message, Room
from core.audit import timeline_of
from core.listing import Choice, Column, Empty, Listing, Period, View
from deals.comparing import compare, numbers_of
from deals.forms.cases import DecisionForm, MemberForm, NoteForm
from deals.models import CaseSide, ConflictCase, Deal, ReviewTalk
from deals.permissions import may_judge
from deals.views import case_dialogs
from inbox.rules import holders
from partners.access import MemberRequest, member_required
from partners.actors import Actor

SAID = 6  # messages of each talk on the page


def _owners(actor: Actor) -> list[tuple[int, str]]:
    return [(each.user_id, str(each.user)) for each in holders([actor.organisation.pk], "deals.decide")]


LIST = Listing(
    key="cases",
    title=gettext_lazy("Conflicts"),
    columns=(
        Column("customer_name", gettext_lazy("End customer"), kind="link", sort="customer_name"),
        Column("number", gettext_lazy("Number"), kind="code", sort="number"),
        Column("sides_count", gettext_lazy("Deals"), kind="number"),
        Column("state", gettext_lazy("State"), kind="state"),
        Column("outcome", gettext_lazy("Decision"), get=lambda case: case.get_outcome_display(), phone=False),
        Column("owner", gettext_lazy("Who decides"), get=lambda case: str(case.owner or ""), phone=False),
        Column("opened_at", gettext_lazy("Opened"), kind="ago", sort="opened_at"),
        Column("decided_at", gettext_lazy("Decided"), kind="ago", phone=False, shown=False),
    ),
    filters=(
        Choice("state", gettext_lazy("State"), choices=ConflictCase.State.choices),
        Choice("outcome", gettext_lazy("Decision"), choices=ConflictCase.Outcome.choices),
        Choice("owner", gettext_lazy("Who decides"), choices=_owners),
        Period("opened_at", gettext_lazy("Opened")),
    ),
    views=(
        View("waiting", gettext_lazy("To decide"), "state=open&state=room"),
        View("decided", gettext_lazy("Decided"), "state=decided"),
        View("all", gettext_lazy("All")),
    ),
    search=("number", "customer_name", "note"),
    default_sort="opened_at",
    row_url=lambda case: case.get_absolute_url(),
    live="conflictcase",
    links=(
        (gettext_lazy("Queue"), "deals:queue"),
        (gettext_lazy("Known customers"), "deals:clusters"),
        (gettext_lazy("Limits"), "deals:limits"),
    ),
    empty=Empty(
        gettext_lazy("No conflicts to decide"),
        gettext_lazy("When two partners register the same customer, both deals stand here beside each other."),
        gettext_lazy("To the queue"),
        "deals:queue",
        "scale",
    ),
)


def fetch_case(actor: Actor, pk: int) -> ConflictCase:
    """The case with all that its page names, or 404."""
    rows = ConflictCase.objects.visible_to(actor).select_related("vendor", "owner", "opened_by", "decided_by")
    return get_object_or_404(rows, pk=pk)


@require_safe
@member_required("deals.decide")
def index(request: MemberRequest) -> HttpResponseBase:
    """The vendor's cases."""
    rows = ConflictCase.objects.visible_to(request.actor).select_related("owner")
    return LIST.respond(request, rows.annotate(sides_count=Count("sides")))


@require_GET
@member_required("deals.decide")
def detail(request: MemberRequest, pk: int) -> HttpResponse:
    """The case page."""
    return show_case(request, fetch_case(request.actor, pk))


def show_case(
    request: MemberRequest,
    case: ConflictCase,
    *,
    problem: str = "",
    status: int = 200,
    form: DecisionForm | None = None,
) -> HttpResponse:
    """The sides beside each other, the decision, the talks, the note and the history."""
    actor = request.actor
    found = compare(actor, case)
    open_deals = [side.deal for side in found.sides if side.deal.state in Deal.OPEN]
    decision = form or DecisionForm(deals=open_deals, initial={"outcome": ConflictCase.Outcome.KEEPS})
    members = [(each.pk, str(each.user)) for each in holders([case.vendor_id], "deals.decide")]
    owner = next((each for each in holders([case.vendor_id], "deals.decide") if each.user_id == case.owner_id), None)
    before, after = _neighbours(actor, case)
    context = {
        "case": case,
        "found": found,
        "columns": [_column(number, side, decision) for number, side in numbers_of(found.sides)],
        "decision": decision,
        "may": may_judge(actor, case),
        "talks": _talks(actor, found.sides),
        "note_form": NoteForm(initial={"note": case.note}),
        "member_form": MemberForm(members=members, initial={"member": owner.pk if owner else ""}),
        "dialogs": case_dialogs.of_case(case),
        "history": timeline_of(actor, case),
        "previous": before,
        "next": after,
        "problem": problem,
    }
    return render(request, "deals/case.html", context, status=status)


def _column(number: int, side: CaseSide, form: DecisionForm) -> dict[str, Any]:
    """One side with its part of the decision."""
    deal = side.deal
    part: dict[str, Any] = {"fate": None, "note": None}
    if f"fate_{deal.pk}" in form.fields:
        part = {"fate": form[f"fate_{deal.pk}"], "note": form[f"note_{deal.pk}"]}
    chosen = str(form["keeper"].value() or "") == str(deal.pk)
    return {"key": number, "side": side, "deal": deal, "chosen": chosen, **part}


def _talks(actor: Actor, sides: list[CaseSide]) -> list[dict[str, Any]]:
    """The talk with each partner, its last words below each other; every side has one, opened or not."""
    talks = {
        talk.deal_id: talk for talk in ReviewTalk.objects.visible_to(actor).filter(deal__in=[s.deal_id for s in sides])
    }
    label = ReviewTalk._meta.label_lower
    ids = [talk.pk for talk in talks.values()]
    rooms = {room.record_id: room for room in Room.objects.visible_to(actor).filter(record=label, record_id__in=ids)}
    said: dict[int, list[Message]] = {}
    newest = Message.objects.visible_to(actor).for_display().filter(room__in=rooms.values()).said().order_by("-pk")
    for message in newest[:100]:
        said.setdefault(message.room_id, []).append(message)
    found = []
    for side in sides:
        talk = talks.get(side.deal_id)
        room = rooms.get(talk.pk) if talk else None
        words = list(reversed(said.get(room.pk, [])[:SAID])) if room else []
        found.append({"deal": side.deal, "room": room, "messages": words, "open": side.deal.state in Deal.OPEN})
    return found


def _neighbours(actor: Actor, case: ConflictCase) -> tuple[ConflictCase | None, ConflictCase | None]:
    """The cases before and after this one among those that wait."""
    waiting = ConflictCase.objects.visible_to(actor).pending().exclude(pk=case.pk)
    before = waiting.filter(opened_at__lte=case.opened_at).order_by("-opened_at", "-pk").first()
    after = waiting.filter(opened_at__gt=case.opened_at).in_turn().first()
    return before, after


@require_GET
@member_required("deals.view")
def talk(request: MemberRequest, pk: int) -> HttpResponse:
    """Leads from a private talk to what it is about: the case for who decides, the registration for everybody else."""
    actor = request.actor
    row = get_object_or_404(ReviewTalk.objects.visible_to(actor), pk=pk)
    if actor.organisation.pk == row.vendor_id and actor.can("deals.decide"):
        case = ConflictCase.objects.visible_to(actor).filter(sides__deal=row.deal_id).order_by("-pk").first()
        if case is not None:
            return redirect(case)
    return redirect("deals:detail", pk=row.deal_id)
