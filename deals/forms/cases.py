"""What a reviewer types about a conflict case."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from deals.actions.judging import OTHERS, Answer
from deals.models import CaseSide, ConflictCase, Deal

HIDDEN_TO_PARTNERS = gettext_lazy("Only your own reviewers read this.")


def _text(label: Any, rows: int, **options: Any) -> forms.CharField:
    return forms.CharField(label=label, max_length=2000, widget=forms.Textarea(attrs={"rows": rows}), **options)


class ReasonForm(forms.Form):
    """Why a case is dismissed or reopened."""

    reason = _text(gettext_lazy("Why"), 3, help_text=HIDDEN_TO_PARTNERS)


class OpenCaseForm(forms.Form):
    """Which other registration may name the same customer, and why."""

    number = forms.CharField(
        label=gettext_lazy("Number of the other deal"), max_length=24, help_text=gettext_lazy("Such as D-004021-7.")
    )
    reason = _text(gettext_lazy("Why"), 3, help_text=HIDDEN_TO_PARTNERS)


class AddDealForm(forms.Form):
    """Which registration comes into a case."""

    number = forms.CharField(label=gettext_lazy("Number of the deal"), max_length=24)


class TalkForm(forms.Form):
    """What every partner of a case is asked."""

    message = _text(
        gettext_lazy("Message to each partner"),
        4,
        help_text=gettext_lazy("Each reads it in a talk of its own and does not learn that others are asked."),
    )


class SayForm(forms.Form):
    """A message to one partner."""

    message = _text(gettext_lazy("Message"), 2)


class NoteForm(forms.Form):
    """The vendor's own note about a case."""

    note = forms.CharField(
        label=gettext_lazy("Internal note"),
        max_length=4000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=HIDDEN_TO_PARTNERS,
    )


class MemberForm(forms.Form):
    """To whom a case is given."""

    member = forms.ChoiceField(label=gettext_lazy("Who decides"), required=False)

    def __init__(self, *args: Any, members: Iterable[tuple[int, str]] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["member"].choices = [("", _("Nobody yet")), *members]  # type: ignore[attr-defined]


class DecisionForm(forms.Form):
    """Who holds the customer, with a fate and a sentence for each side; field names end with the id of the deal.

    Every side but the keeper is answered, and told why unless it goes on waiting behind.
    """

    use_required_attribute = False  # a side that keeps the customer is asked nothing, whichever that will be

    outcome = forms.ChoiceField(
        label=gettext_lazy("Decision"), choices=ConflictCase.Outcome.choices, widget=forms.RadioSelect
    )
    keeper = forms.IntegerField(required=False, min_value=1, max_value=2**62)
    reason = _text(gettext_lazy("Why"), 2, help_text=HIDDEN_TO_PARTNERS)

    def __init__(self, *args: Any, deals: Iterable[Deal], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.deals = list(deals)
        fates = [(fate.value, CaseSide.Fate(fate).label) for fate in OTHERS]
        for deal in self.deals:
            fits = [pair for pair in fates if deal.state in Deal.PENDING or pair[0] != CaseSide.Fate.BEHIND]
            asked = self._asked(deal)
            self.fields[f"fate_{deal.pk}"] = forms.ChoiceField(
                label=gettext_lazy("What becomes of it"), choices=fits, required=asked, initial=CaseSide.Fate.DUPLICATE
            )
            self.fields[f"note_{deal.pk}"] = _text(
                gettext_lazy("Sentence to the partner"),
                2,
                required=asked and self.data.get(f"fate_{deal.pk}") != CaseSide.Fate.BEHIND,
                error_messages={"required": gettext_lazy("Write a sentence to the partner.")},
                initial=_("We cannot protect this registration. You may appeal within ten days."),
            )

    def _asked(self, deal: Deal) -> bool:
        """Whether this side needs an answer, as far as the choice is made; on an empty form every side does."""
        if not self.is_bound:
            return True
        keeper = self.data.get("keeper")
        known = any(keeper == str(each.pk) for each in self.deals)
        return known and keeper != str(deal.pk) and self.data.get("outcome") == ConflictCase.Outcome.KEEPS

    def answers(self) -> dict[int, Answer]:
        """What becomes of each side that does not keep the customer."""
        said = self.cleaned_data
        return {
            deal.pk: Answer(said[f"fate_{deal.pk}"], said[f"note_{deal.pk}"])
            for deal in self.deals
            if deal.pk != said["keeper"]
        }

    def chosen(self) -> Deal | None:
        """The deal that keeps the customer."""
        return next((deal for deal in self.deals if deal.pk == self.cleaned_data["keeper"]), None)
