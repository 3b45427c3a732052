"""The door for AS2: one address for all partners."""

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from django.http.request import UnreadablePostError
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST


@csrf_exempt
@require_POST
def receive(request: HttpRequest) -> HttpResponse:
    """A message or a receipt of a partner (RFC 4130); who it is, its certificate proves."""
    try:
        body = request.body
    except RequestDataTooBig:
        return HttpResponse("A message may have 20 MB at most.", status=413, content_type="text/plain")
    except UnreadablePostError:
        return HttpResponse(status=400)
    try:
        from edi.transports.as2.receiving import take
    except ImportError:  # the extra "edi" is not installed
        return HttpResponse("AS2 is not offered here.", status=501, content_type="text/plain")
    reply = take(request.headers, body)
    response = HttpResponse(reply.body, status=reply.status)
    del response["Content-Type"]
    for name, value in reply.headers.items():
        response[name] = value
    return response
