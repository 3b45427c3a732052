"""Whose funds, requests and claims the routes show: of Aurora with Brenta, in a fund for Brenta alone."""

from typing import Any

from funds.models import Claim, Fund, FundRequest

Row = tuple[str, str, dict[str, Any]]
_OF_FUND = {"detail": "get", "edit": "get", "allocate": "post", "ask": "get"}
_OF_REQUEST = {
    "request": "get",
    "request_edit": "get",
    "submit": "post",
    "delete": "post",
    "take": "post",
    "review": "get",
    "release": "post",
    "hand_back": "post",
    "reject": "post",
    "cancel": "post",
    "claim_new": "get",
}
_OF_CLAIM = {
    "claim": "get",
    "claim_edit": "get",
    "claim_submit": "post",
    "claim_delete": "post",
    "claim_take": "post",
    "claim_return": "post",
    "claim_decide": "post",
    "claim_settle": "post",
    "claim_take_back": "post",
    "proof_add": "post",
}
_API = {
    "fund-detail": ("get", "fund"),
    "fund-allocate": ("post", "fund"),
    "fund-statement": ("get", "fund"),
    "fund-request-detail": ("get", "fund_request"),
    "fund-request-submit": ("post", "fund_request"),
    "fund-request-take": ("post", "fund_request"),
    "fund-request-review": ("post", "fund_request"),
    "fund-request-release": ("post", "fund_request"),
    "fund-request-hand-back": ("post", "fund_request"),
    "fund-request-reject": ("post", "fund_request"),
    "fund-request-cancel": ("post", "fund_request"),
    "fund-claim-detail": ("get", "fund_claim"),
    "fund-claim-proof": ("post", "fund_claim"),
    "fund-claim-submit": ("post", "fund_claim"),
    "fund-claim-return": ("post", "fund_claim"),
    "fund-claim-decide": ("post", "fund_claim"),
    "fund-claim-settle": ("post", "fund_claim"),
    "fund-claim-take-back": ("post", "fund_claim"),
}
ROUTES: dict[str, Row] = {
    **{f"funds:{name}": (method, "fund", {}) for name, method in _OF_FUND.items()},
    **{f"funds:{name}": (method, "fund_request", {}) for name, method in _OF_REQUEST.items()},
    **{f"funds:{name}": (method, "fund_claim", {}) for name, method in _OF_CLAIM.items()},
    **{f"api:{name}": (method, kind, {}) for name, (method, kind) in _API.items()},
    "funds:proof": ("get", "fund_claim", {"file_pk": 1}),
    "funds:proof_remove": ("post", "fund_claim", {"file_pk": 1}),
}
PRIVATE: set[str] = set()
WITHOUT_RECORD: dict[str, str] = {}


def records(world: Any) -> dict[str, Any]:
    """One of each, of Aurora and Brenta."""
    aurora, brenta = world.orgs["aurora"], world.orgs["brenta"]
    fund = Fund.objects.filter(vendor=aurora, partnership__partner=brenta).first()
    return {
        "fund": fund,
        "fund_request": FundRequest.objects.filter(fund=fund, partner=brenta, state="submitted").first(),
        "fund_claim": Claim.objects.filter(vendor=aurora, partner=brenta).first(),
    }
