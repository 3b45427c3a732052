"""Forms of campaigns."""

from campaigns.forms.campaigns import BudgetForm, CampaignForm, InviteForm
from campaigns.forms.seats import AcceptForm, DetailsForm, ReasonForm, RefuseForm
from campaigns.forms.spending import ExpenseForm
from campaigns.forms.work import AssetForm, StepForm

__all__ = [
    "AcceptForm", "AssetForm", "BudgetForm", "CampaignForm", "DetailsForm", "ExpenseForm", "InviteForm", "ReasonForm",
    "RefuseForm", "StepForm",
]  # fmt: skip
