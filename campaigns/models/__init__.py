"""What the campaigns app keeps."""

from campaigns.models.assets import Asset, AssetVersion
from campaigns.models.campaigns import Campaign
from campaigns.models.expenses import Expense
from campaigns.models.participants import Participant, Visit
from campaigns.models.steps import Step

__all__ = ["Asset", "AssetVersion", "Campaign", "Expense", "Participant", "Step", "Visit"]
