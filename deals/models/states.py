"""The states of a registration, which both sides see, and the steps between them."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from core.states import Transition


class State(models.TextChoices):
    """How far a registration is."""

    DRAFT = "draft", _("Draft")
    SUBMITTED = "submitted", _("Submitted")
    IN_REVIEW = "in_review", _("In review")
    RETURNED = "returned", _("Returned")
    APPROVED = "approved", _("Approved")
    REJECTED = "rejected", _("Rejected")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    WON = "won", _("Won")
    LOST = "lost", _("Lost")
    EXPIRED = "expired", _("Expired")
    REVOKED = "revoked", _("Revoked")


OPEN = (State.SUBMITTED, State.IN_REVIEW, State.RETURNED, State.APPROVED)
WAITING = (State.SUBMITTED, State.IN_REVIEW)  # for a reviewer
PENDING = (State.SUBMITTED, State.IN_REVIEW, State.RETURNED)
TONES = {
    State.DRAFT: "still",
    State.SUBMITTED: "info",
    State.IN_REVIEW: "info",
    State.RETURNED: "warn",
    State.APPROVED: "good",
    State.REJECTED: "bad",
    State.WITHDRAWN: "still",
    State.WON: "good",
    State.LOST: "bad",
    State.EXPIRED: "still",
    State.REVOKED: "bad",
}
TRANSITIONS: dict[str, Transition] = {
    "submit": Transition(frozenset({State.DRAFT}), State.SUBMITTED),
    "take": Transition(frozenset({State.SUBMITTED}), State.IN_REVIEW),
    "release": Transition(frozenset({State.IN_REVIEW}), State.SUBMITTED),
    "return": Transition(frozenset({State.IN_REVIEW}), State.RETURNED),
    "resubmit": Transition(frozenset({State.RETURNED}), State.SUBMITTED),
    "approve": Transition(frozenset({State.IN_REVIEW}), State.APPROVED),
    "approve_by_rule": Transition(frozenset({State.SUBMITTED}), State.APPROVED),
    "reject": Transition(frozenset(PENDING), State.REJECTED),
    "withdraw": Transition(frozenset(OPEN), State.WITHDRAWN),
    "win": Transition(frozenset({State.APPROVED}), State.WON),
    "lose": Transition(frozenset({State.APPROVED}), State.LOST),
    "expire": Transition(frozenset({State.APPROVED}), State.EXPIRED),
    "reinstate": Transition(frozenset({State.EXPIRED}), State.APPROVED),
    "revoke": Transition(frozenset({State.APPROVED}), State.REVOKED),
    "reopen": Transition(frozenset({State.REJECTED}), State.SUBMITTED),
    "deem": Transition(frozenset({State.SUBMITTED, State.IN_REVIEW}), State.APPROVED),
}
