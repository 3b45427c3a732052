"""Who asks: a service account by its bearer key, or a signed-in person by the session of the portal."""

from typing import Any, cast

from django.conf import settings
from django.utils.translation import gettext_lazy as _
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication, SessionAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from partners.actors import Actor, actor_for, actor_for_key


def client_address(request: Request) -> str | None:
    """The caller's address: behind N trusted proxies the Nth from the right of X-Forwarded-For."""
    hops = [hop.strip() for hop in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",") if hop.strip()]
    if settings.TRUSTED_PROXIES and len(hops) >= settings.TRUSTED_PROXIES:
        return hops[-settings.TRUSTED_PROXIES]
    return request.META.get("REMOTE_ADDR")


def actor_of(request: Request) -> Actor | None:
    """Who asks, as the classes below found out; None for a stranger."""
    return cast(Actor | None, request.auth)


class ServiceKeyAuthentication(BaseAuthentication):
    """`Authorization: Bearer flr_…`; request.auth becomes the Actor."""

    def authenticate(self, request: Request) -> tuple[None, Actor] | None:
        """None when no bearer key was sent; AuthenticationFailed when one was and is not live."""
        scheme, _space, key = request.META.get("HTTP_AUTHORIZATION", "").partition(" ")
        if scheme.lower() != "bearer":
            return None
        actor = actor_for_key(key.strip(), client_address(request))
        if actor is None:
            raise AuthenticationFailed(
                _("This key is unknown, expired, revoked, or used from a network that it may not use.")
            )
        return None, actor

    def authenticate_header(self, request: Request) -> str:
        """Makes a missing key a 401 rather than a 403."""
        return 'Bearer realm="Filiera API"'


class MemberAuthentication(SessionAuthentication):
    """The session of the portal, with CSRF protection; request.auth becomes the Actor."""

    def authenticate(self, request: Request) -> tuple[Any, Actor | None] | None:
        """The person, and the actor for the organisation they chose."""
        found = super().authenticate(request)
        if found is None:
            return None
        user = found[0]
        return user, actor_for(user, request.session.get("organisation_id"), "api")


class ServiceKeyScheme(OpenApiAuthenticationExtension):
    """How the OpenAPI document describes bearer keys."""

    target_class = ServiceKeyAuthentication
    name = "serviceKey"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        """An HTTP bearer scheme."""
        return {"type": "http", "scheme": "bearer", "description": "A key of a service account."}


class MemberScheme(OpenApiAuthenticationExtension):
    """How the OpenAPI document describes the session."""

    target_class = MemberAuthentication
    name = "session"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        """A cookie scheme."""
        return {"type": "apiKey", "in": "cookie", "name": "sessionid"}
