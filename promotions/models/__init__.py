"""What the promotions app keeps: promotions and who pays for them, their codes, and each use of them."""

from promotions.models.codes import PromotionCode
from promotions.models.promotions import Promotion, PromotionShare
from promotions.models.redemptions import Redemption, RedemptionShare

__all__ = ["Promotion", "PromotionCode", "PromotionShare", "Redemption", "RedemptionShare"]
