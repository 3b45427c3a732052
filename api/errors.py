"""One shape for every refusal: problem+json (RFC 9457)."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.views import set_rollback

from core.errors import DomainError, StaleObject

TITLES = {
    400: "Bad request",
    401: "Not signed in",
    403: "Not allowed",
    404: "Not found",
    405: "Method not allowed",
    406: "Not acceptable",
    409: "Conflict",
    412: "Precondition failed",
    413: "Too large",
    415: "Unsupported media type",
    422: "Unprocessable",
    429: "Too many requests",
}


def handle(error: Exception, context: dict[str, Any]) -> Response | None:
    """DRF's exception handler: domain rules become 409, everything known becomes a problem document."""
    set_rollback()
    if isinstance(error, StaleObject):
        return problem(412, error.code, error.message)
    if isinstance(error, DomainError):
        return problem(409, error.code, error.message, **({"field": error.field} if error.field else {}))
    if isinstance(error, Http404):
        return problem(404, "not_found", "There is nothing here that you may see.")
    if isinstance(error, PermissionDenied):
        return problem(403, "not_allowed", str(error) or "You may not do that.")
    if isinstance(error, exceptions.ValidationError):
        return problem(400, "invalid", "Some fields are missing or wrong.", errors=error.detail)
    if isinstance(error, exceptions.APIException):
        return _of_api_exception(error)
    return None


def _of_api_exception(error: exceptions.APIException) -> Response:
    headers = {}
    if wait := getattr(error, "wait", None):
        headers["Retry-After"] = str(int(wait) + 1)
    if challenge := getattr(error, "auth_header", None):
        headers["WWW-Authenticate"] = challenge
    response = problem(error.status_code, getattr(error.detail, "code", "invalid"), str(error.detail))
    for name, value in headers.items():
        response[name] = value
    return response


def problem(status: int, code: str, detail: str, **more: Any) -> Response:
    """A problem document: type, title, status, code, detail and whatever else helps the caller."""
    body = {"type": f"urn:filiera:problem:{code}", "title": TITLES.get(status, "Error"), "status": status, "code": code}
    response = Response({**body, "detail": detail, **more}, status=status)
    response.content_type = "application/problem+json"
    return response
