"""Everything that changes a campaign."""

from campaigns.actions.assets import delete_asset, save_asset, use_letter
from campaigns.actions.planning import (
    cancel_campaign,
    change_campaign,
    delete_campaign,
    finish_campaign,
    open_campaign,
    plan_campaign,
    start_campaign,
)
from campaigns.actions.seats import (
    accept_invitation,
    agree_share,
    change_details,
    decline_invitation,
    invite,
    leave_campaign,
    remove_participant,
    share_budget,
)
from campaigns.actions.spending import change_expense, record_expense, remove_expense
from campaigns.actions.steps import delete_step, finish_step, save_step

__all__ = [
    "accept_invitation",
    "agree_share",
    "cancel_campaign",
    "change_campaign",
    "change_details",
    "change_expense",
    "decline_invitation",
    "delete_asset",
    "delete_campaign",
    "delete_step",
    "finish_campaign",
    "finish_step",
    "invite",
    "leave_campaign",
    "open_campaign",
    "plan_campaign",
    "record_expense",
    "remove_expense",
    "remove_participant",
    "save_asset",
    "save_step",
    "share_budget",
    "start_campaign",
    "use_letter",
]
