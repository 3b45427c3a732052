"""The acting organisation of a signed-in person, on every request."""

import hashlib
from collections.abc import Callable

from allauth.usersessions.models import UserSession
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.utils import timezone, translation
from django.utils.functional import SimpleLazyObject

from partners.actors import choose, memberships_of
from partners.agreements import agreements_due
from partners.models import User

Handler = Callable[[HttpRequest], HttpResponse]
ONCE_IN = 60  # seconds
LANGUAGE_COOKIE = "django_language"


class ActorMiddleware:
    """Sets `request.actor` (None for strangers) and `request.memberships`, read anew on every request.

    `request.agreements_due` (what the organisation has been asked to accept) is read only where a page asks for it.
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        user = request.user
        memberships = memberships_of(user) if isinstance(user, User) and user.is_active else []
        chosen = request.session.get("organisation_id")
        request.memberships = memberships  # type: ignore[attr-defined]
        request.actor = choose(user, memberships, chosen, "web") if isinstance(user, User) else None  # type: ignore[attr-defined]
        request.agreements_due = SimpleLazyObject(lambda: agreements_due(request.actor))  # type: ignore[attr-defined]
        return self.get_response(request)


class SessionActivityMiddleware:
    """Notes where and when a session was last seen, once a minute: on every request it would cost four statements."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        key = request.session.session_key
        if key and request.user.is_authenticated:
            place = f"{key}{request.META.get('REMOTE_ADDR')}{request.META.get('HTTP_USER_AGENT')}"
            if cache.add(f"seen-{hashlib.sha256(place.encode()).hexdigest()}", 1, ONCE_IN):
                UserSession.objects.create_from_request(request)
        return self.get_response(request)


class PersonalLocaleMiddleware:
    """A signed-in person reads their own language and time zone; a stranger's come from the browser."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        user = request.user
        if not isinstance(user, User):
            return self.get_response(request)
        request.LANGUAGE_CODE = user.language
        with translation.override(user.language), timezone.override(user.time_zone):
            return self.get_response(request)
