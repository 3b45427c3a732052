"""How far a sale is, and what its partner counts on."""

from decimal import Decimal

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

MAX_AMOUNT = Decimal("999999999999.99")


class Stage(models.TextChoices):
    """How far the sale is, in the partner's own view."""

    QUALIFIED = "qualified", _("Qualified")
    DESIGN = "design", _("Design")
    PROPOSAL = "proposal", _("Proposal")
    NEGOTIATION = "negotiation", _("Negotiation")
    COMMITMENT = "commitment", _("Commitment")


class Forecast(models.TextChoices):
    """What the partner counts on. Left open, the stage says it: a commitment is committed, the rest is pipeline."""

    PIPELINE = "pipeline", _("Pipeline")
    BEST_CASE = "best_case", _("Best case")
    COMMITTED = "committed", _("Committed")
    OMITTED = "omitted", _("Left out")


PROBABILITY = {Stage.QUALIFIED: 20, Stage.DESIGN: 40, Stage.PROPOSAL: 60, Stage.NEGOTIATION: 75, Stage.COMMITMENT: 90}


def category_is(category: str) -> Q:
    """The condition for deals that the forecast counts so (Forecast), by the partner's word or by the stage."""
    by_stage = Q(forecast="", stage=Stage.COMMITMENT)
    if category == Forecast.COMMITTED:
        return Q(forecast=category) | by_stage
    if category == Forecast.PIPELINE:
        return Q(forecast=category) | (Q(forecast="") & ~Q(stage=Stage.COMMITMENT))
    return Q(forecast=category)
