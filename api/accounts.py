"""Named accounts of a vendor, fed from its own system: one way, and never seen by partners."""

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from api.scoping import ScopedViewSet
from deals import actions
from deals.actions.accounts import FIELDS
from deals.models import NamedAccount


class AccountSerializer(serializers.ModelSerializer):
    """A named account. `kind`: named_account, incumbent or pipeline; `until`: its last day, null without an end."""

    class Meta:
        model = NamedAccount
        fields = ["id", *FIELDS, "created"]
        read_only_fields = ["id", "created"]


class AccountViewSet(ScopedViewSet):
    """One's own named accounts."""

    model = NamedAccount
    serializer_class = AccountSerializer
    capability = "deals.terms"

    def create(self, request: Request) -> Response:
        """Add an account."""
        return self.shown(actions.save_account(actor=self.actor, values=self.said()), 201)

    def partial_update(self, request: Request, pk: str | None = None) -> Response:
        """Change an account."""
        account = self.get_object()
        return self.shown(actions.save_account(actor=self.actor, values=self.said(partial=True), account=account))

    def destroy(self, request: Request, pk: str | None = None) -> Response:
        """Take an account off the list."""
        actions.delete_account(actor=self.actor, account=self.get_object())
        return Response(status=204)
