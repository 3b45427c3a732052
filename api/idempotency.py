"""`Idempotency-Key` on writes (IETF draft-ietf-httpapi-idempotency-key-header): the same key does the work once."""

import hashlib
from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.db import IntegrityError, transaction
from django.http import HttpResponse
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django_tasks import task
from rest_framework.request import Request
from rest_framework.response import Response

from api.authentication import actor_of
from api.errors import problem
from api.models import IdempotentAnswer
from partners.actors import Actor

KEEP = timedelta(days=7)
WRITES = frozenset({"POST", "PUT", "PATCH", "DELETE"})


if TYPE_CHECKING:
    from rest_framework.views import APIView as Mixed
else:
    Mixed = object  # importing views here would import the API in a circle


class IdempotentMixin(Mixed):
    """Gives a DRF view Idempotency-Key. The first request with a key holds it; only answers below 500 are kept."""

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        """Answer a repeated write from memory, else do it and remember the answer."""
        self._held: IdempotentAnswer | None = None
        response = super().dispatch(request, *args, **kwargs)
        if self._held is not None:
            _remember(self._held, response)
        return response

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """After authentication and throttling, before the handler."""
        super().initial(request, *args, **kwargs)
        key = request.headers.get("Idempotency-Key", "")
        actor = actor_of(request)
        if key and request.method in WRITES and actor is not None:
            self._hold(request, actor, key)

    def _hold(self, request: Request, actor: Actor, key: str) -> None:
        fingerprint = hashlib.sha256(
            f"{request.method} {request.get_full_path()}\n".encode() + request.body
        ).hexdigest()
        mine = {"organisation": actor.organisation, "actor": actor_key(actor), "key": key[:200]}
        try:
            with transaction.atomic():
                self._held = IdempotentAnswer.objects.create(**mine, request_sha256=fingerprint)
            return
        except IntegrityError:
            kept = IdempotentAnswer.objects.visible_to(actor).filter(**mine).first()
        replace_handler(self, _repeated(kept, fingerprint))


def _remember(held: IdempotentAnswer, response: Response | HttpResponse) -> None:
    if response.status_code >= 500 or response.status_code in {401, 403, 429}:
        held.delete()
        return
    if isinstance(response, Response):
        response.render()
    held.status, held.body = response.status_code, bytes(response.content)
    held.content_type, held.etag = response.get("Content-Type", ""), response.get("ETag", "")
    held.save(update_fields=["status", "body", "content_type", "etag"])


def replace_handler(view: Any, answer: Callable[..., HttpResponse]) -> None:
    """Make DRF's dispatch call `answer` in place of the view's own method."""
    setattr(view, view.request.method.lower(), answer)


def _repeated(kept: IdempotentAnswer | None, fingerprint: str) -> Callable[..., HttpResponse]:
    def answer(*_args: Any, **_kwargs: Any) -> HttpResponse:
        if kept is None or kept.status is None:
            return problem(
                409, "in_progress", _("The first request with this Idempotency-Key is still being worked on.")
            )
        if kept.request_sha256 != fingerprint:
            return problem(422, "key_reused", _("This Idempotency-Key was used for another request. Nothing was done."))
        response = HttpResponse(bytes(kept.body), status=kept.status, content_type=kept.content_type)
        response["Idempotency-Replayed"] = "true"
        if kept.etag:
            response["ETag"] = kept.etag
        return response

    return answer


def actor_key(actor: Actor) -> str:
    """Which person or machine a key belongs to."""
    return (
        f"account:{actor.service_account.pk}" if actor.service_account else f"user:{actor.user.pk if actor.user else 0}"
    )


@task()
def forget_old_answers() -> None:
    """Drop answers kept for longer than a week, and keys whose request never ended within a day."""
    IdempotentAnswer.objects.filter(created__lt=now() - KEEP).delete()
    IdempotentAnswer.objects.filter(status=None, created__lt=now() - timedelta(days=1)).delete()
