"""What approvers do on the page of a deal."""

from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from core.errors import InvalidTransition
from deals import actions
from deals.forms import AgreeForm, HandBackForm, RefuseStepForm
from deals.models import ApprovalStep, Deal
from deals.permissions import may_vote
from deals.plans import plan_of, running
from deals.views.acts import _act, _decide, _step
from partners.access import MemberRequest, member_required, require


def _my_step(request: MemberRequest, deal: Deal) -> ApprovalStep:
    """The step that asks the reader. Whoever may not answer at all is not told whether there is one."""
    require(may_vote(request.actor, deal))
    approval = running(deal)
    if approval is None:
        raise InvalidTransition(_("This deal does not wait for approval."))
    seat = plan_of(approval, deal).seat_of(request.actor.user.pk if request.actor.user else None)
    if seat is None or seat[0].row is None:
        raise PermissionDenied(_("No step of this deal asks you now, or you have answered it before."))
    return seat[0].row


@require_POST
@member_required("deals.approve")
def answer(request: MemberRequest, pk: int, answer: str) -> HttpResponse:
    """Agree, refuse or give back, from the dialog of that name."""
    kinds: dict[str, tuple[type[forms.Form], Any, str]] = {
        "agree": (AgreeForm, actions.approve_step, _("Agreed. Your colleagues see it.")),
        "refuse": (RefuseStepForm, actions.refuse_step, _("Refused. The partner was told why.")),
        "hand-back": (HandBackForm, actions.hand_back, _("Given back. The reviewer was told.")),
    }
    if answer not in kinds:
        raise Http404
    shape, action, done = kinds[answer]

    def run(deal: Deal, said: dict[str, Any]) -> Deal:
        return action(actor=request.actor, step=_my_step(request, deal), **said)

    return _decide(request, pk, f"step-{answer}", shape(request.POST, prefix=f"step-{answer}"), done, run)


@require_POST
@member_required("deals.decide")
def recall(request: MemberRequest, pk: int) -> HttpResponse:
    """Call a deal back that waits for approval."""
    return _act(request, pk, _("The deal is back with you."), _step(request, actions.recall))
