"""Accounts, sets of entries, entries, and the sums that make long accounts quick to read."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any, ClassVar, NoReturn

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.timezone import localdate, now
from django.utils.translation import gettext_lazy as _

from core.scoping import ScopedModel, ScopedQuerySet
from partners.models import CURRENCY


class AppendOnly(TypeError):
    """What was booked stays as it is; a mistake is booked back."""


class AppendOnlyQuerySet(ScopedQuerySet):
    """Rows that may be added and read, never changed or deleted."""

    def update(self, **_columns: Any) -> NoReturn:
        """Always raises AppendOnly."""
        raise AppendOnly("the ledger is append-only")

    def delete(self) -> NoReturn:
        """Always raises AppendOnly."""
        raise AppendOnly("the ledger is append-only")

    def bulk_update(self, objs: Iterable[Any], fields: Iterable[str], batch_size: int | None = None) -> NoReturn:
        """Always raises AppendOnly."""
        raise AppendOnly("the ledger is append-only")


class AppendOnlyModel(ScopedModel):
    """A row of the ledger: written once."""

    objects: ClassVar = AppendOnlyQuerySet.as_manager()

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Insert the row. Raises AppendOnly for one that is there already."""
        if not self._state.adding:
            raise AppendOnly("the ledger is append-only")
        super().save(*args, **kwargs)

    def delete(self, *_args: Any, **_kwargs: Any) -> NoReturn:
        """Always raises AppendOnly."""
        raise AppendOnly("the ledger is append-only")


class Account(AppendOnlyModel):
    """One pot of money of a vendor; where it is a partner's share of a purse, the partner sees it as well."""

    scope: ClassVar[str] = "shared"
    visible_through = ("vendor", "partner")

    class Kind(models.TextChoices):
        SOURCE = "source", _("Set aside by the vendor")
        AVAILABLE = "available", _("Available")
        RESERVED = "reserved", _("Reserved")
        CLAIMED = "claimed", _("Claimed")
        PAID = "paid", _("Paid")
        EXPIRED = "expired", _("Expired")
        EARNED = "earned", _("Earned")

    # The source is the vendor's own pocket and is always below zero; what was earned may be reversed after it was paid.
    UNGUARDED = frozenset({Kind.SOURCE, Kind.EARNED})

    vendor = models.ForeignKey("partners.Organisation", on_delete=models.PROTECT, related_name="+")
    partner = models.ForeignKey("partners.Organisation", null=True, on_delete=models.PROTECT, related_name="+")
    purse = models.CharField(max_length=60)
    kind = models.CharField(max_length=10, choices=Kind)
    currency = models.CharField(max_length=3, validators=[CURRENCY])

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["vendor", "purse", "kind", "currency"],
                condition=Q(partner=None),
                name="one_account_of_the_vendor",
            ),
            models.UniqueConstraint(
                fields=["vendor", "partner", "purse", "kind", "currency"],
                condition=Q(partner__isnull=False),
                name="one_account_of_a_partner",
            ),
            models.CheckConstraint(condition=~Q(vendor=F("partner")), name="no_account_with_oneself"),
        ]

    def __str__(self) -> str:
        return f"{self.purse} {self.kind}"

    @property
    def guarded(self) -> bool:
        """True where the balance may never fall below zero."""
        return self.kind not in self.UNGUARDED


class EntrySet(AppendOnlyModel):
    """One thing that happened to the money of one purse: who booked what, about which record, for which day."""

    scope: ClassVar[str] = "shared"
    visible_through = ("vendor", "partner")

    class Verb(models.TextChoices):
        ALLOCATE = "allocate", _("Set aside")
        ACCRUE = "accrue", _("Accrued")
        RESERVE = "reserve", _("Reserved")
        RELEASE = "release", _("Released")
        EARN = "earn", _("Earned")
        PAY = "pay", _("Paid")
        CLAW_BACK = "claw_back", _("Clawed back")
        EXPIRE = "expire", _("Expired")

    vendor = models.ForeignKey("partners.Organisation", on_delete=models.PROTECT, related_name="+")
    partner = models.ForeignKey("partners.Organisation", null=True, on_delete=models.PROTECT, related_name="+")
    purse = models.CharField(max_length=60)
    currency = models.CharField(max_length=3)
    verb = models.CharField(max_length=10, choices=Verb)
    key = models.CharField(max_length=120)  # what makes it happen once, however often it is asked
    about = models.CharField(max_length=60, blank=True)  # the label of a model, as the trail writes it
    about_id = models.BigIntegerField(null=True)
    day = models.DateField(default=localdate)
    note = models.CharField(max_length=300, blank=True)
    organisation = models.ForeignKey("partners.Organisation", on_delete=models.PROTECT, related_name="+")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    created = models.DateTimeField(default=now)

    class Meta:
        ordering = ["-pk"]
        constraints = [models.UniqueConstraint(fields=["vendor", "key"], name="one_set_of_entries_per_key")]
        indexes = [
            models.Index(fields=["vendor", "purse", "id"], name="sets_of_purse"),
            models.Index(fields=["partner", "purse", "id"], name="sets_of_partner"),
            models.Index(fields=["about", "about_id"], name="sets_about"),
        ]

    def __str__(self) -> str:
        return f"{self.verb} {self.key}"


class Entry(AppendOnlyModel):
    """An amount that came into an account (positive) or left it (negative)."""

    scope: ClassVar[str] = "reached"
    reached_through: ClassVar[str] = "entry_set"

    entry_set = models.ForeignKey(EntrySet, on_delete=models.PROTECT, related_name="entries")
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="entries", db_index=False)
    amount = models.DecimalField(max_digits=18, decimal_places=4)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(amount=0), name="entry_moves_something"),
            models.UniqueConstraint(fields=["entry_set", "account"], name="one_entry_per_account"),
        ]
        # The amount is in the index, so that a balance is read from it alone.
        indexes = [models.Index(fields=["account", "id", "amount"], name="entries_of_account")]

    def __str__(self) -> str:
        return f"{self.account_id}: {self.amount}"


class Closing(AppendOnlyModel):
    """The sum of an account through one of its entries: what it says can be summed again, it only saves the time."""

    scope: ClassVar[str] = "reached"
    reached_through: ClassVar[str] = "account"

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="closings", db_index=False)
    through = models.BigIntegerField()  # the key of the last entry in the sum
    amount = models.DecimalField(max_digits=18, decimal_places=4)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["account", "through"], name="one_closing_per_entry")]

    def __str__(self) -> str:
        return f"{self.account_id} through {self.through}: {self.amount}"


ZERO = Decimal(0)
