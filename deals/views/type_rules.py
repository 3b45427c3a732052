"""The rules by which registrations of a type are approved by themselves: the editor, and the test on past deals."""

import csv
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from core.errors import DomainError
from core.listing.columns import guarded
from core.web import render_partial, version_of, wants_partial
from deals import actions, rules
from deals.forms import rules as editor
from deals.forms.pieces import CURRENCIES
from deals.models import RegistrationType
from deals.trial import Trial, try_out
from deals.views.terms import fetch_type, shown
from deals.vocabulary import catalogue_of
from partners.access import MemberRequest, member_required

LISTED = 100


@require_http_methods(["GET", "POST"])
@member_required("deals.terms")
def type_rules(request: MemberRequest, pk: int) -> HttpResponse:
    """The rules of one type. A press of any button but *Save* stores nothing."""
    row = fetch_type(request.actor, pk)
    fields = catalogue_of(row)
    if request.method != "POST":
        return _page(request, row, fields, editor.drafts_of(row.rules, fields))
    act = request.POST.get("act", "save")
    drafts = editor.read(request.POST)
    if act not in ("save", "trial", "trial-csv"):
        return _page(request, row, fields, editor.pressed(drafts, act))
    try:
        said = editor.rules_of(drafts, fields, row.vendor.currency)
        if act == "save":
            actions.save_type(actor=request.actor, type_=row, fields={"rules": said}, version=version_of(request))
            messages.success(request, _("Saved. It holds for what is submitted from now on."))
            return redirect("deals:type_rules", pk=pk)
        trial = try_out(request.actor, row, rules.clean(said, row.rules, fields), "only_type" in request.POST)
    except DomainError as error:
        return _page(request, row, fields, drafts, problem=error.message, status=422)
    return _csv(trial) if act == "trial-csv" else _page(request, row, fields, drafts, trial=trial)


def _page(
    request: MemberRequest, row: RegistrationType, fields: dict[str, rules.Field], drafts: list[Any], **context: Any
) -> HttpResponse:
    status, trial = context.pop("status", 200), context.get("trial")
    context |= {
        "rules": editor.shown(drafts, fields, row.vendor.currency),
        "sentences": [(each, rules.sentence(each, fields)) for each in row.rules],
        "currencies": CURRENCIES,
        "hits": trial.hits[:LISTED] if trial else (),
        "only_type": "only_type" in request.POST,
        "version": request.POST.get("version") or row.version,
    }
    if wants_partial(request):
        return render_partial(request, "deals/type_rules.html", "editor", {"type": row, **context}, status)
    return shown(request, "deals/type_rules.html", row, "deals:type_rules", **context, status=status)


def _csv(trial: Trial) -> HttpResponse:
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="rules-tried-out.csv"'
    response.write("\ufeff")
    table = csv.writer(response)
    heads = (_("Number"), _("Project"), _("Partner"), _("Value"), _("Currency"), _("State"), _("Rule"), _("Check"))
    table.writerow(heads)
    for hit in trial.hits:
        deal, check = hit.deal, _("in conflict") if hit.contested else _("clear")
        row = (deal.number, deal.title, deal.partner, deal.amount, deal.currency, deal.get_state_display())
        table.writerow([guarded(str(each)) for each in (*row, hit.rule, check)])
    return response
