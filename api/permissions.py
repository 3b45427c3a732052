"""Kept free of views: DRF's default permission class in the module of a viewset makes an import cycle."""

from typing import TYPE_CHECKING

from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from api.authentication import actor_of

if TYPE_CHECKING:
    from rest_framework.views import APIView


class HasActor(BasePermission):
    """Somebody must act, and hold the view's `capability` where it names one (rows are scoped by the queryset)."""

    def has_permission(self, request: Request, view: "APIView") -> bool:
        """True with a live actor; the sentence of a refusal is set as the message."""
        from partners.access import holds

        actor = actor_of(request)
        if actor is None:
            return False
        capability = getattr(view, "capability", None)
        if capability is None:
            return True
        verdict = holds(actor, capability)
        self.message = str(verdict.reason)
        return bool(verdict)
