"""The rules of routing: in order, in sentences, tried on the last weeks; and what each partner takes."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from core.forms import tried
from leads.actions import rules as actions
from leads.choosing import Network
from leads.forms.rules import IntakeForm, RuleForm
from leads.models import Intake, RoutingRule
from leads.sentences import choice, clocks, conditions
from leads.trials import DAYS, trial
from partners.access import MemberRequest, member_required
from partners.models import Partnership

NEEDS = "leads.rules"


def _rule(request: MemberRequest, pk: int) -> RoutingRule:
    return get_object_or_404(RoutingRule.objects.visible_to(request.actor), pk=pk)


@require_GET
@member_required(NEEDS)
def index(request: MemberRequest) -> HttpResponse:
    """The rules as sentences, and the partners with what they take."""
    actor = request.actor
    network = Network(actor.organisation.pk)
    names = {edge.pk: str(edge.partner) for edge in network.edges}
    rules = [
        {"rule": rule, "conditions": conditions(rule), "choice": choice(rule, names), "clocks": clocks(rule)}
        for rule in RoutingRule.objects.visible_to(actor)
    ]
    return render(request, "leads/rules.html", {"rules": rules, "candidates": network.candidates(), "last": len(rules)})


@require_http_methods(["GET", "POST"])
@member_required(NEEDS)
def new(request: MemberRequest) -> HttpResponse:
    """Write a rule."""
    return _edit(request, None)


@require_http_methods(["GET", "POST"])
@member_required(NEEDS)
def edit(request: MemberRequest, pk: int) -> HttpResponse:
    """Change a rule."""
    return _edit(request, _rule(request, pk))


def _edit(request: MemberRequest, rule: RoutingRule | None) -> HttpResponse:
    form = RuleForm(request.POST or None, actor=request.actor, rule=rule or RoutingRule(active=True))
    if tried(form, lambda _said: actions.save_rule(actor=request.actor, fields=form.values(), rule=rule)):
        messages.success(request, _("Saved. It holds for what is routed from now on."))
        return redirect("leads:rules")
    return render(request, "leads/rule.html", {"form": form, "rule": rule}, status=422 if form.errors else 200)


@require_POST
@member_required(NEEDS)
def move(request: MemberRequest, pk: int) -> HttpResponse:
    """Ask a rule earlier, or later."""
    actions.move_rule(actor=request.actor, rule=_rule(request, pk), up=request.POST.get("to") == "up")
    return redirect("leads:rules")


@require_POST
@member_required(NEEDS)
def delete(request: MemberRequest, pk: int) -> HttpResponse:
    """Delete a rule."""
    actions.delete_rule(actor=request.actor, rule=_rule(request, pk))
    messages.success(request, _("The rule is deleted. What was offered by it stays offered."))
    return redirect("leads:rules")


@require_GET
@member_required(NEEDS)
def rehearse(request: MemberRequest) -> HttpResponse:
    """What the rules would have done with the leads of the last weeks."""
    found = trial(request.actor)
    context: dict[str, Any] = {"trial": found, "days": DAYS, "rows": found.rows[:100]}
    return render(request, "leads/trial.html", context)


@require_http_methods(["GET", "POST"])
@member_required(NEEDS)
def intake(request: MemberRequest, pk: int) -> HttpResponse:
    """What one partner takes."""
    mine = Partnership.objects.visible_to(request.actor).filter(vendor=request.actor.organisation)
    edge = get_object_or_404(mine.select_related("partner"), pk=pk)
    row = Intake.objects.visible_to(request.actor).filter(partnership=edge).first()
    form = IntakeForm(request.POST or None, instance=row or Intake(partnership=edge, vendor=request.actor.organisation))
    if form.is_bound and form.is_valid():
        actions.set_intake(actor=request.actor, partnership=edge, fields=form.cleaned_data)
        messages.success(request, _("Saved."))
        return redirect("leads:rules")
    return render(request, "leads/intake.html", {"form": form, "edge": edge}, status=422 if form.errors else 200)
