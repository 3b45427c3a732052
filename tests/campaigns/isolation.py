"""Campaigns in the isolation table: one that Aurora runs with Brenta, and neither Dolomiti nor a stranger."""

from typing import Any

from campaigns.models import Campaign, Expense

Row = tuple[str, str, dict[str, Any]]
_PAGES = {
    "detail": "get",
    "edit": "get",
    "delete": "post",
    "plan": "post",
    "start": "post",
    "finish": "post",
    "cancel": "post",
    "invite": "post",
    "budget": "get",
    "accept": "post",
    "decline": "post",
    "leave": "post",
    "agree": "post",
    "details": "get",
    "calendar": "get",
    "ics": "get",
    "step_new": "get",
    "assets": "get",
    "asset_new": "get",
    "results": "get",
    "spending": "get",
    "expense_new": "get",
}
_OWN = {"expense": "get", "expense_delete": "post", "expense_file": "get"}
_WITHIN = {
    "invite_again": ("post", "seat_pk"),
    "remove": ("post", "seat_pk"),
    "step": ("get", "step_pk"),
    "step_done": ("post", "step_pk"),
    "step_delete": ("post", "step_pk"),
    "asset": ("get", "asset_pk"),
    "asset_edit": ("get", "asset_pk"),
    "asset_delete": ("post", "asset_pk"),
    "asset_print": ("get", "asset_pk"),
    "asset_pdf": ("get", "asset_pk"),
    "asset_use": ("post", "asset_pk"),
}
_API = {
    "detail": "get",
    "plan": "post",
    "start": "post",
    "finish": "post",
    "cancel": "post",
    "seats": "get",
    "invite": "post",
    "remove": "post",
    "budget": "post",
    "accept": "post",
    "decline": "post",
    "leave": "post",
    "agree": "post",
    "details": "post",
    "results": "get",
    "steps": "get",
    "step-done": "post",
    "assets": "get",
}
ROUTES: dict[str, Row] = {
    **{f"campaigns:{name}": (method, "campaign", {}) for name, method in _PAGES.items()},
    **{f"campaigns:{name}": (method, "campaign", {key: 1}) for name, (method, key) in _WITHIN.items()},
    **{f"campaigns:{name}": (method, "campaign", {"expense_pk": 1}) for name, method in _OWN.items()},
    **{
        f"api:campaign-expense-{name}": (method, "expense", {})
        for name, method in (("detail", "get"), ("file", "post"))
    },
    **{f"api:campaign-{name}": (method, "campaign", {}) for name, method in _API.items()},
}
PRIVATE = {"expense"}
WITHOUT_RECORD = {
    "campaigns_public:page": "the code of a participant's landing page; it shows nothing but the page and its form",
}


def records(world: Any) -> dict[str, Any]:
    """Aurora's campaign that runs, and what Brenta spent on it."""
    campaign = Campaign.objects.filter(owner=world.orgs["aurora"], state="running").first()
    spent = Expense.objects.filter(campaign=campaign, organisation=world.orgs["brenta"]).first()
    return {"campaign": campaign, "expense": spent}
