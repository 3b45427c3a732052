"""How often an actor may ask."""

from typing import TYPE_CHECKING

from rest_framework.request import Request
from rest_framework.throttling import SimpleRateThrottle

from api.authentication import actor_of

if TYPE_CHECKING:
    from rest_framework.views import APIView


class ActorThrottle(SimpleRateThrottle):
    """A budget per service account or per person and organisation; a stranger's per address."""

    scope = "actor"

    def get_cache_key(self, request: Request, view: "APIView") -> str:
        """The bucket that this request draws from."""
        actor = actor_of(request)
        if actor is None:
            return f"throttle.{self.scope}.{self.get_ident(request)}"
        account, user = actor.service_account, actor.user
        who = f"s{account.pk}" if account else f"u{user.pk if user else 0}.{actor.organisation.pk}"
        return f"throttle.{self.scope}.{who}"


class InboundThrottle(ActorThrottle):
    """Documents posted to the EDI door have a budget of their own."""

    scope = "inbound"
