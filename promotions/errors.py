"""Why a promotion cannot be written so."""

from core.errors import DomainError


class PromotionRefused(DomainError):
    """What was written does not make a promotion; `field` says where."""

    code = "promotion_invalid"
