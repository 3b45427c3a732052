"""Base classes of the API: which rows exist is never a viewset's to decide."""

from typing import TYPE_CHECKING, Any, ClassVar, cast

from django.db.models import Model, QuerySet
from django.utils.translation import gettext as _
from rest_framework.exceptions import APIException
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import BaseSerializer
from rest_framework.viewsets import GenericViewSet, ReadOnlyModelViewSet

from api.idempotency import IdempotentMixin
from core.scoping import ScopedModel
from partners.actors import Actor


class PreconditionFailed(APIException):
    """If-Match names a version that is no longer the current one."""

    status_code = 412
    default_code = "stale"
    default_detail = _("Somebody changed this since you read it. Read it again, then repeat your change.")


def etag_of(row: Any) -> str:
    """The strong ETag of a row that counts its versions (RFC 9110, 8.8.3)."""
    return f'"{row._meta.model_name}-{row.pk}-{row.version}"'


if TYPE_CHECKING:

    class Mixed(IdempotentMixin, GenericViewSet):
        """What the mixin is mixed into."""

else:
    Mixed = IdempotentMixin


class ScopedMixin(Mixed):
    """Rows through `visible_to`, Idempotency-Key on writes, ETag on rows that have a `version`, If-Match on changes.

    Subclasses name `model`, `serializer_class`, and the `capability` that reading takes.
    """

    model: ClassVar[type[ScopedModel]]
    capability: ClassVar[str | None] = None

    @property
    def actor(self) -> Actor:
        """Who asks."""
        return cast(Actor, self.request.auth)  # a stranger gets no further than HasActor

    def get_queryset(self) -> QuerySet:
        """The rows that the actor may see; subclasses add select_related and prefetch_related."""
        if getattr(self, "swagger_fake_view", False):
            return self.model.objects.none()
        return self.model.objects.visible_to(self.actor)

    def get_object(self) -> Any:
        """The row, or 404 whether it is missing or somebody else's; 412 when If-Match names another version."""
        row = super().get_object()
        wanted = self.request.headers.get("If-Match", "*")
        changes = self.request.method not in {"GET", "HEAD"} and hasattr(row, "version")
        if changes and wanted != "*" and etag_of(row) not in [each.strip() for each in wanted.split(",")]:
            raise PreconditionFailed
        return row

    def said(
        self, shape: type[BaseSerializer] | None = None, row: Model | None = None, **options: Any
    ) -> dict[str, Any]:
        """What the caller sent, in that shape (the view's own without one), compared with `row` where there is one.
        400 with the path of each wrong field otherwise."""
        form = (shape or self.get_serializer_class())(
            row, data=self.request.data, context=self.get_serializer_context(), **options
        )
        form.is_valid(raise_exception=True)
        return dict(form.validated_data)

    def shown(self, row: Model, status: int = 200) -> Response:
        """The row as the serializer of the view shows it, read anew, with its ETag."""
        fresh = self.get_queryset().get(pk=row.pk)
        response = Response(self.get_serializer(fresh).data, status=status)
        if hasattr(fresh, "version"):
            response["ETag"] = etag_of(fresh)
        return response


class ScopedViewSet(ScopedMixin, ReadOnlyModelViewSet):
    """List and retrieve; changes are @action methods that call the app's own actions."""

    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """One row, with its ETag."""
        row = self.get_object()
        response = Response(self.get_serializer(row).data)
        if hasattr(row, "version"):
            response["ETag"] = etag_of(row)
        return response


class ScopedGenericViewSet(ScopedMixin, GenericViewSet):
    """For nouns that are not plain rows."""
