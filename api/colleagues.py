"""People of one's own organisation, by their ids."""

from typing import Any

from django.db.models import QuerySet
from rest_framework import serializers

from partners.models import Membership


class ColleagueField(serializers.PrimaryKeyRelatedField):
    """A person of one's own organisation; anybody else is as good as missing."""

    def get_queryset(self) -> QuerySet:
        """One's own live colleagues."""
        return Membership.objects.visible_to(self.context["request"].auth).live()

    def to_internal_value(self, data: Any) -> Any:
        """The person behind the id."""
        found = self.get_queryset().filter(user=data).first() if isinstance(data, int) and 0 < data < 2**63 else None
        if found is None:
            self.fail("does_not_exist", pk_value=data)
        return found.user
