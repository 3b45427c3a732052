"""What a partner changes in many deals at once: stage, forecast, who sells."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from core.bulk import chosen, on_each
from deals.actions import revise_deal
from deals.forms.beside import ColleagueField
from deals.models import Deal, Forecast, Stage
from partners.access import MemberRequest, member_required
from partners.actors import Actor
from partners.models import Membership

KEEP = _("Leave as it is")


class BulkForm(forms.Form):
    """What is to be set; an empty field leaves each deal as it is."""

    stage = forms.ChoiceField(label=_("Stage"), choices=[("", KEEP), *Stage.choices], required=False)
    forecast = forms.ChoiceField(label=_("Forecast"), choices=[("", KEEP), *Forecast.choices], required=False)
    seller = ColleagueField(label=_("Sold by"), required=False)

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["seller"].offer(actor, KEEP)  # type: ignore[attr-defined]

    def values(self) -> dict[str, Any]:
        """Only what was chosen."""
        found = {name: value for name, value in self.cleaned_data.items() if value not in ("", None)}
        if "seller" in found:
            found["seller"] = Membership._meta.get_field("user").related_model(pk=found["seller"])
        return found


@require_POST
@member_required("deals.register")
def revise(request: MemberRequest) -> HttpResponse:
    """Ask what is to be set in the chosen deals, then set it; those that do not take it are left, and counted."""
    rows = Deal.objects.visible_to(request.actor).filter(pk__in=chosen(request))
    mine = list(rows.filter(partner=request.actor.organisation).order_by("pk"))
    if not mine:
        messages.warning(request, _("None of the chosen deals is yours to change."))
        return redirect("deals:list")
    asked = "set" in request.POST
    form = BulkForm(request.POST if asked else None, actor=request.actor)
    if not (asked and form.is_valid() and form.values()):
        return render(request, "deals/bulk.html", {"form": form, "rows": mine}, status=422 if asked else 200)
    _set(request, mine, form.values())
    return redirect("deals:list")


def _set(request: MemberRequest, rows: list[Deal], values: dict[str, Any]) -> None:
    changed, left = on_each(rows, lambda deal: revise_deal(actor=request.actor, deal=deal, fields=values))
    if changed:
        messages.success(request, ngettext("%(n)d deal changed.", "%(n)d deals changed.", changed) % {"n": changed})
    if left:
        sentence = ngettext("%(n)d deal stays as it is.", "%(n)d deals stay as they are.", left)
        messages.warning(request, sentence % {"n": left})
