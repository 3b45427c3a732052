"""Which rows an actor may reach at all. Every door starts from `Model.objects.visible_to(actor)`.

Each model says how it is scoped, and a test over all models checks that it does:

- `owned`    one organisation holds the row (`visible_through = ("organisation",)`)
- `shared`   several organisations are parties, each named by a column of the row itself
- `reached`  only through a scoped parent, never queried at a door by itself (`reached_through = "room"`)
- `global`   the same for everybody (reference data, accounts)
"""

from functools import reduce
from operator import or_
from typing import TYPE_CHECKING, ClassVar, Protocol, Self, cast

from django.db import models
from django.db.models import Q

if TYPE_CHECKING:
    from partners.models import Organisation


class ActsFor(Protocol):
    """What scoping needs to know of an actor."""

    @property
    def organisation(self) -> "Organisation": ...


class ScopedQuerySet(models.QuerySet):
    """The queryset verb that every door uses."""

    def visible_to(self, actor: ActsFor) -> Self:
        """Rows that the acting organisation is a party to."""
        model = cast(type[ScopedModel], self.model)
        return self.filter(model.visibility(actor))


class ScopedModel(models.Model):
    """A model that belongs to organisations; `visible_through` names the columns that make one a party."""

    scope: ClassVar[str] = "owned"
    visible_through: ClassVar[tuple[str, ...]] = ()

    objects = ScopedQuerySet.as_manager()

    class Meta:
        abstract = True

    @classmethod
    def visibility(cls, actor: ActsFor) -> Q:
        """The condition under which the acting organisation sees a row; models with more to say override this."""
        return reduce(or_, (Q(**{path: actor.organisation.pk}) for path in cls.visible_through))

    def party_ids(self) -> set[int]:
        """Organisations that may hear of what happens to this row. Columns only: no query."""
        ids = (getattr(self, f"{path}_id") for path in self.visible_through)
        return {pk for pk in ids if pk is not None}
