"""A vendor's form as everybody sees it: no account, no cookie, and embeddable in other sites.

Nobody is signed in here, so there is nothing that another site could misuse in somebody's name: instead of a cookie, a
signed stamp in the form says when it was opened, and makes a submission that is sent again the same one.
"""

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import wraps
from typing import Any

from csp.decorators import csp_replace
from django.core import signing
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from core.errors import DomainError
from core.forms import at_its_field
from leads.actions import receive_lead
from leads.forms.publishing import PublicForm
from leads.limits import may_submit
from leads.models import LeadForm
from leads.publics import published
from partners.adapter import client_address

MAX_BODY = 64 * 1024  # octets; the longest honest form has a tenth of it
SALT = "leads.form"
LIVES = 24 * 3600  # seconds for which an opened form can be sent
FASTEST = 2  # seconds: nobody fills it in quicker


def unkept(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """For pages that everybody may open: nobody keeps them."""

    @wraps(view)
    def open_to_all(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = view(request, *args, **kwargs)
        response["Cache-Control"] = "no-store"
        return response

    return open_to_all


@csrf_exempt
@xframe_options_exempt
@csp_replace({"frame-ancestors": ["*"]})
@require_http_methods(["GET", "POST"])
@unkept
def form(request: HttpRequest, code: str) -> HttpResponse:
    """The form, and what was written into it."""
    row = get_object_or_404(published(), code=code)
    return FormPage("leads/public.html", row, {"embed": request.GET.get("embed") == "1"}).answer(request)


@dataclass(frozen=True, slots=True)
class FormPage:
    """A page with a published form in it: the template, the form, what the template names beside `row`, and `detail`,
    which part of the form's origin the page is."""

    template: str
    row: LeadForm
    context: Mapping[str, Any]
    detail: str = ""

    def answer(self, request: HttpRequest) -> HttpResponse:
        """Show the page, or take in what was written: once, within limits, and machines apart."""
        row = self.row
        if not row.open:
            return self._say(request, _("This form is closed. Thank you for your interest."), 410)
        if request.method != "POST":
            return self._show(request, PublicForm(form=row))
        if not may_submit(row.pk, client_address(request)):
            return self._say(request, _("That was a lot at once. Please try again in an hour."), 429)
        if _is_too_large(request):
            return self._say(request, _("That was too long. Nothing was sent; please write less."), 413)
        return self._take(request, PublicForm(request.POST, form=row))

    def _take(self, request: HttpRequest, filled: PublicForm) -> HttpResponse:
        row, stamp = self.row, _stamp_of(request, self.row.code)
        if not filled.is_valid():
            return self._show(request, filled, status=422)
        if stamp is None:
            late = _("The page was open for long. Please send it once more.")
            return self._show(request, filled, problem=late, status=422)
        once, hasty = stamp
        spam = filled.is_spam or hasty
        try:
            receive_lead(form=row, fields=filled.values(), once=once, spam=spam, detail=self.detail)
        except DomainError as error:
            at_its_field(filled, error)
            return self._show(request, filled, status=422)
        # the same words for spam, and for who is known already
        return self._say(request, row.thanks or _("Thank you. Somebody will get in touch with you."))

    def _show(self, request: HttpRequest, filled: PublicForm, *, problem: str = "", status: int = 200) -> HttpResponse:
        stamp = signing.TimestampSigner(salt=f"{SALT}.{self.row.code}").sign(secrets.token_urlsafe(16))
        return self._render(request, {"form": filled, "stamp": stamp, "problem": problem}, status)

    def _say(self, request: HttpRequest, sentence: str, status: int = 200) -> HttpResponse:
        return self._render(request, {"sentence": sentence}, status)

    def _render(self, request: HttpRequest, said: dict[str, Any], status: int) -> HttpResponse:
        return render(request, self.template, {"row": self.row, **self.context, **said}, status=status)


def _is_too_large(request: HttpRequest) -> bool:
    length = request.META.get("CONTENT_LENGTH") or "0"
    if not length.isdecimal() or int(length) > MAX_BODY:
        return True
    try:
        return len(request.body) > MAX_BODY
    except RequestDataTooBig:
        return True


def _stamp_of(request: HttpRequest, code: str) -> tuple[str, bool] | None:
    """The name of the submission, and whether it came too quickly for a person; None for a stamp that does not hold."""
    signer = signing.TimestampSigner(salt=f"{SALT}.{code}")
    text = request.POST.get("stamp", "")[:200]
    try:
        once = signer.unsign(text, max_age=LIVES)
    except signing.BadSignature:
        return None
    try:
        signer.unsign(text, max_age=FASTEST)
    except signing.SignatureExpired:
        return once, False
    return once, True
