"""A request as the partner writes it and as the vendor decides it."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.errors import DomainError
from deals.forms.pieces import NumberField
from funds.actions import LineDecision, LineInput
from funds.actions.asking import MOST_LINES
from funds.models import Activity, RequestLine


def _named(form: forms.Form) -> None:
    """In a table the head of the column is the label; for a screen reader each field carries its own."""
    for field in form.fields.values():
        look = "form-select" if isinstance(field.widget, forms.Select) else "form-control"
        field.widget.attrs |= {"aria-label": str(field.label), "class": f"{look} {field.widget.attrs.get('class', '')}"}


def _money(label: Any, **options: Any) -> NumberField:
    widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off", "class": "num", "size": 8})
    return NumberField(label=label, max_digits=14, decimal_places=2, min_value=Decimal(0), widget=widget, **options)


def _day(label: Any) -> forms.DateField:
    return forms.DateField(label=label, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))


class RequestForm(forms.Form):
    """The head of a request; its activities are a formset beside it."""

    title = forms.CharField(label=_("Title"), max_length=120)
    note = forms.CharField(
        label=_("Note to the vendor"), max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )


class LineForm(forms.Form):
    """One activity."""

    activity = forms.ChoiceField(label=_("Activity"), choices=Activity.choices)
    title = forms.CharField(label=_("What"), max_length=120)
    audience = forms.CharField(label=_("Audience"), max_length=120, required=False)
    starts = _day(_("From"))
    ends = _day(_("Until"))
    expected_leads = forms.IntegerField(label=_("Leads expected"), min_value=0, max_value=100_000, required=False)
    cost = _money(_("Cost"))
    own_share = _money(_("Own share"), required=False, help_text=_("What you pay yourself."))
    asked = _money(_("Asked"), help_text=_("What the fund should pay."))

    def line(self) -> LineInput:
        """What the action takes."""
        said = {name: self.cleaned_data[name] for name in self.fields if name != "DELETE"}
        return LineInput(
            **said | {"own_share": said["own_share"] or Decimal(0), "expected_leads": said["expected_leads"] or 0}
        )


class BaseLines(forms.BaseFormSet):
    """The activities of a request."""

    def lines(self) -> list[LineInput]:
        """Those that were filled in and not taken away."""
        return [form.line() for form in self.kept()]

    def kept(self) -> list[LineForm]:
        """The forms of those."""
        return [form for form in self.forms if form.has_changed() and not form.cleaned_data.get("DELETE")]

    def add_refusal(self, error: DomainError) -> bool:
        """Put a refusal at the line it names; False where it names none."""
        named = [form for at, form in enumerate(self.kept(), 1) if str(at) == error.field]
        for form in named:
            form.add_error(None, error.message)
        return bool(named)


LinesFormSet = forms.formset_factory(
    LineForm,
    formset=BaseLines,
    extra=0,
    min_num=1,
    can_delete=True,
    max_num=MOST_LINES,
    absolute_max=MOST_LINES + 1,
    validate_max=True,
)


class DecisionForm(forms.Form):
    """The decision on one activity."""

    decision = forms.ChoiceField(
        label=_("Decision"),
        choices=[
            (RequestLine.Decision.ACCEPTED, _("Accept")),
            (RequestLine.Decision.CHANGED, _("Change")),
            (RequestLine.Decision.DENIED, _("Deny")),
            (RequestLine.Decision.RETURNED, _("Return")),
        ],
    )
    approved = _money(_("Approved"), required=False)
    reason = forms.CharField(label=_("Reason"), max_length=300, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _named(self)


class ReviewForm(forms.Form):
    """All activities of a request on one screen, and a note."""

    note = forms.CharField(
        label=_("Note to the partner"), max_length=1000, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(self, *args: Any, lines: list[RequestLine], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        data = self.data if self.is_bound else None
        self.rows = [(line, DecisionForm(data, initial=_begin(line), prefix=f"l{line.position}")) for line in lines]

    def is_valid(self) -> bool:
        """Note and lines."""
        return all([super().is_valid(), *(form.is_valid() for _line, form in self.rows)])

    def decisions(self) -> list[LineDecision]:
        """What the action takes."""
        return [LineDecision(position=line.position, **form.cleaned_data) for line, form in self.rows]

    def add_refusal(self, error: DomainError) -> None:
        """Put a refusal of the action at its line, or on top."""
        row = next((form for line, form in self.rows if str(line.position) == error.field), None)
        (row or self).add_error(None, error.message)


def _begin(line: RequestLine) -> dict[str, Any]:
    decided = line.decision != RequestLine.Decision.OPEN
    return {
        "decision": line.decision or RequestLine.Decision.ACCEPTED,
        "approved": line.approved if decided else line.asked,
        "reason": line.reason,
    }
