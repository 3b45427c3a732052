"""Routes of promotions, and whose record they name: drafts of Brenta's own, which even its vendor does not see."""

from typing import Any

from tests.promotions.factories import CodeFactory, PromotionFactory

ROUTES: dict[str, Any] = {
    "promotions:detail": ("get", "own_promotion", {}),
    "promotions:edit": ("get", "own_promotion", {}),
    "promotions:step": ("post", "own_promotion", {"name": "activate"}),
    "promotions:uses": ("get", "own_promotion", {}),
    "promotions:rehearsal": ("get", "own_promotion", {}),
    "promotions:codes": ("get", "own_promotion", {}),
    "promotions:codes_new": ("post", "own_promotion", {}),
    "api:promotion-detail": ("get", "own_promotion", {}),
    "api:promotion-activate": ("post", "own_promotion", {}),
    "api:promotion-pause": ("post", "own_promotion", {}),
    "api:promotion-resume": ("post", "own_promotion", {}),
    "api:promotion-end": ("post", "own_promotion", {}),
    "api:promotion-cancel": ("post", "own_promotion", {}),
    "api:promotion-make-codes": ("get", "own_promotion", {}),
    "api:promotion-redemptions": ("get", "own_promotion", {}),
}
PRIVATE = {"own_promotion"}
WITHOUT_RECORD: dict[str, str] = {}


def records(world: Any) -> dict[str, Any]:
    """A draft of Brenta's with a code."""
    promotion = PromotionFactory(vendor=world.orgs["brenta"], state="draft", codes_kind="many")
    CodeFactory(promotion=promotion, single=True)
    return {"own_promotion": promotion}
