"""The vendor's queue: the list at the left, one registration at the right, the next one after each decision."""

from django.db.models import QuerySet
from django.http import HttpResponse
from django.views.decorators.http import require_GET

from core.listing.paging import count_of
from core.web import key_of, render_partial
from deals.models import Deal
from deals.plans import asking
from deals.views.records import fetch, record_context
from partners.access import MemberRequest, member_required

SHOWN = 100
FROM_QUEUE = "?from=queue"


def _rows(request: MemberRequest) -> QuerySet[Deal]:
    actor = request.actor
    waiting = Deal.objects.visible_to(actor).waiting_for_review(actor.organisation.pk).with_pending_approval()
    return waiting.select_related("partner", "owner", "conflict_check")


def next_after(request: MemberRequest, deal: Deal) -> Deal | None:
    """What to open once this one is decided: the most urgent of the others."""
    return _rows(request).exclude(pk=deal.pk).first()


@require_GET
@member_required("deals.decide")
def queue(request: MemberRequest) -> HttpResponse:
    """The page; `?deal=` says which one is open, else the most urgent is."""
    wanted = key_of(request.GET.get("deal", ""))
    chosen = _rows(request).filter(pk=wanted).first() if wanted else None
    partial = "list" if request.GET.get("part") == "list" else "queue"
    return show_queue(request, chosen or _rows(request).first(), partial=partial)


def show_queue(
    request: MemberRequest, deal: Deal | None, *, problem: str = "", status: int = 200, partial: str = "queue"
) -> HttpResponse:
    """The queue with this deal open."""
    rows = _rows(request)
    asks = asking(request.actor)
    context = {"asks": asks, "rows": rows[:SHOWN], "total": count_of(rows), "deal": None, "problem": problem}
    if deal is not None and partial == "queue":
        fresh = fetch(request.actor, deal.pk)
        context |= record_context(request, fresh, FROM_QUEUE)
    elif deal is not None:
        context["deal"] = deal
    return render_partial(request, "deals/queue.html", partial, context, status)
