"""What is refused before anything else looks at it."""

from collections.abc import Callable

from django.core.exceptions import BadRequest
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _

Handler = Callable[[HttpRequest], HttpResponse]


class NoNulInAddresses:
    """PostgreSQL stores no NUL: a path with one leads nowhere (404), a query with one is refused (400)."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if "\x00" in request.path:
            raise Http404
        if "%00" in request.META.get("QUERY_STRING", ""):
            raise BadRequest(_("The address holds a character that cannot stand in it."))
        return self.get_response(request)


class SameForEverybody:
    """What says that it is public and never changes depends on nobody's cookies and language: caches may share it."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        kept = response.get("Cache-Control", "")
        if "public" in kept and "immutable" in kept:
            for header in ("Vary", "Content-Language"):
                response.headers.pop(header, None)
        return response
