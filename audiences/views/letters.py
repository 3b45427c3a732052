"""What letters lead to: the picture that counts, links, and the way out. No account, no cookie, no names."""

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from audiences import tokens
from audiences.actions import hearing
from audiences.recipients import known

PICTURE = bytes.fromhex("47494638396101000100800000000000ffffff21f90401000000002c00000000010001000002024401003b")


@require_safe
@never_cache
def opened(request: HttpRequest, token: str) -> HttpResponse:
    """The picture in a letter; a forged token gets the same, and counts nothing."""
    named = tokens.read(tokens.OPENED, token)
    if named and request.method == "GET":
        hearing.note_opened(recipient_id=named.recipient_id)
    return HttpResponse(PICTURE, content_type="image/gif")


@require_safe
@never_cache
def follow(request: HttpRequest, token: str) -> HttpResponseBase:
    """A link in a letter: leads to the address that the mailing names, and to no other."""
    named = tokens.read(tokens.FOLLOWED, token)
    if named is None:
        raise Http404
    url = hearing.note_followed(recipient_id=named.recipient_id, number=named.link, counted=request.method == "GET")
    if url is None:
        raise Http404
    response = HttpResponseRedirect(url)
    response["Referrer-Policy"] = "no-referrer"
    return response


@csrf_exempt  # RFC 8058: the reader's mail provider posts, with nothing but the signed address
@require_http_methods(["GET", "POST"])
@never_cache
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    """The way out. Looking changes nothing, as scanners of mail follow every link; sending the form does."""
    named = tokens.read(tokens.UNSUBSCRIBE, token)
    if named is None:
        raise Http404
    test = named.recipient_id == 0  # a letter that was sent as a test
    recipient = None if test else known(named.recipient_id)
    if recipient is None and not test:
        raise Http404
    done = request.method == "POST"
    if done and recipient is not None:
        hearing.unsubscribe(recipient_id=recipient.pk)
    context = {"done": done, "test": test, "organisation": recipient.organisation if recipient else ""}
    return render(request, "audiences/unsubscribe.html", context)
