"""Letters handed over by a mail server or provider: POST /inbound/mail/."""

import base64
import binascii
import hmac
import json

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpRequest, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from inbox.inbound.letters import AT_MOST
from inbox.inbound.receiving import receive

# The field in which providers hand over the letter as it came: SendGrid, Mailgun, Mandrill's and others' own.
FIELDS = ("email", "body-mime", "message", "raw", "mime")
OVERHEAD = 1_000_000  # octets that a form or JSON may add


@csrf_exempt  # no browser posts here: the secret in the header is the proof
@require_POST
def mail(request: HttpRequest) -> JsonResponse:
    """Receive one letter: the body itself (message/rfc822), a field or file of a form, or `RawEmail` of JSON.

    200 with what became of it, also for one that is ignored or refused: providers must not try those again. 401 without
    the secret, 404 where none is set, 413 for one that is too large, 422 where there is no letter.
    """
    if not settings.INBOUND_MAIL_SECRET:
        raise Http404
    if not _knows_the_secret(request):
        return JsonResponse({"detail": "The secret is missing or wrong."}, status=401)
    length = request.headers.get("Content-Length", "")
    if length.isdigit() and int(length) > AT_MOST + OVERHEAD:
        return JsonResponse({"detail": "The letter is too large."}, status=413)
    try:
        raw = _letter(request)
    except RequestDataTooBig:
        return JsonResponse({"detail": "The letter is too large."}, status=413)
    if not raw:
        return JsonResponse({"detail": "There is no letter: have the provider send it as it came."}, status=422)
    result = receive(raw)
    return JsonResponse({"outcome": result.outcome, "reason": result.reason})


def _knows_the_secret(request: HttpRequest) -> bool:
    """X-Filiera-Secret, a bearer token, or the password of basic authentication, which some providers only know."""
    given = request.headers.get("X-Filiera-Secret", "")
    scheme, _space, credentials = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() == "bearer":
        given = credentials
    elif scheme.lower() == "basic":
        try:
            given = base64.b64decode(credentials, validate=True).decode().partition(":")[2]
        except (binascii.Error, ValueError):
            return False
    return hmac.compare_digest(given.encode(), settings.INBOUND_MAIL_SECRET.encode())


def _letter(request: HttpRequest) -> bytes:
    if request.content_type in {"multipart/form-data", "application/x-www-form-urlencoded"}:
        for name in FIELDS:
            if isinstance(file := request.FILES.get(name), UploadedFile):
                return file.read()
            if text := request.POST.get(name):
                return text.encode("utf-8", "surrogateescape")
        return b""
    if request.content_type == "application/json":
        try:
            found = json.loads(request.body).get("RawEmail", "")
        except (ValueError, AttributeError, RecursionError):
            return b""
        return found.encode("utf-8", "replace") if isinstance(found, str) else b""
    return request.body
