"""Under which keys registrations and named accounts are filed, by what rules they are compared. The vendor's alone."""

from collections.abc import Iterable
from datetime import date
from hashlib import blake2b
from typing import Any, ClassVar, NamedTuple

from django.conf import settings
from django.db import connections, models
from django.db.models import Q
from django.utils.timezone import localdate, now
from django.utils.translation import gettext_lazy as _

from core.scoping import ScopedModel, ScopedQuerySet
from deals.matching import HOUSE, Company, Rules
from deals.matching.filing import Filed
from deals.models.deals import Deal
from partners.models import COUNTRY

BLOCK = 48  # how many rows are read of one key: what matters longest first, then the newest
CANDIDATES = 50  # how many are compared in full
# How much sharing a key promises. Where a key files more than BLOCK, it says little.
PROMISE = {"same": 40, "joined": 30, "pair": 12, "near": 12, "short": 10, "head": 6, "tail": 6, "word": 8}
STRONG_PROMISE = 100
CROWDED = 0.3  # what a key still promises that files BLOCK or more
OVER = 0.1  # and what it promises of a registration that ended long ago


def token_of(vendor_id: int, key: Filed) -> int:
    """64 bits that stand for a key of a vendor. Two keys with one token are harmless: candidates are compared."""
    said = f"{vendor_id}|{key.kind}|{key.value}".encode()
    return int.from_bytes(blake2b(said, digest_size=8).digest(), "big", signed=True)


class Candidate(NamedTuple):
    """A registration, or a named account, that may be the same company."""

    deal: int | None
    account: int | None


class MatchKeyManager(models.Manager):
    """Reads the index of keys."""

    def candidates(self, vendor_id: int, keys: list[Filed]) -> list[Candidate]:
        """At most CANDIDATES that share keys, the most promising first. One statement, of bounded work: BLOCK rows are
        read of each key, however many are filed under it; what ended long ago gives way to what still matters."""
        if not keys:
            return []
        table = connections[self.db].ops.quote_name(self.model._meta.db_table)
        # Django's union() cannot limit its parts on SQLite.
        part = (  # names of one's own table only
            f"SELECT * FROM (SELECT %s AS at, deal_id, account_id, until FROM {table} "  # noqa: S608
            f"WHERE token = %s ORDER BY until DESC, id DESC LIMIT {BLOCK}) AS part"
        )
        asked = [value for at, key in enumerate(keys) for value in (at, token_of(vendor_id, key))]
        with connections[self.db].cursor() as cursor:
            cursor.execute(" UNION ALL ".join([part] * len(keys)), asked)
            return _ranked(keys, cursor.fetchall())


def _ranked(keys: list[Filed], rows: Iterable[tuple[int, int | None, int | None, date | str]]) -> list[Candidate]:
    blocks: dict[int, list[Candidate]] = {}
    until: dict[Candidate, str] = {}
    for at, deal, account, day in rows:
        candidate = Candidate(deal, account)
        blocks.setdefault(int(at), []).append(candidate)
        until[candidate] = str(day)
    promise: dict[Candidate, float] = {}
    for at, block in blocks.items():
        worth = PROMISE.get(keys[at].kind, STRONG_PROMISE) * (CROWDED if len(block) == BLOCK else 1)
        for candidate in block:
            promise[candidate] = promise.get(candidate, 0) + worth
    today = str(localdate())
    best = sorted(
        promise.items(),
        key=lambda item: (
            -item[1] * (OVER if until[item[0]] < today else 1),
            -(item[0].deal or 0),
            -(item[0].account or 0),
        ),
    )
    return [candidate for candidate, _worth in best[:CANDIDATES]]


class NamedAccount(ScopedModel):
    """A company that a vendor keeps to itself, or is at already: registrations for it wait for a person. The list goes
    one way, from the vendor's own system into the portal; no partner ever sees it."""

    scope: ClassVar[str] = "owned"
    visible_through = ("vendor",)

    class Kind(models.TextChoices):
        NAMED = "named_account", _("Named account")
        INCUMBENT = "incumbent", _("Customer of ours")
        PIPELINE = "pipeline", _("In our own pipeline")

    vendor = models.ForeignKey("partners.Organisation", on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(_("kind"), max_length=14, choices=Kind, default=Kind.NAMED)
    name = models.CharField(_("name"), max_length=200)
    country = models.CharField(_("country"), max_length=2, validators=[COUNTRY], default="IT")
    vat = models.CharField(_("VAT number"), max_length=20, blank=True)
    domain = models.CharField(_("web domain"), max_length=120, blank=True)
    postcode = models.CharField(_("postcode"), max_length=12, blank=True)
    city = models.CharField(_("city"), max_length=100, blank=True)
    product_line = models.CharField(_("product line"), max_length=80, blank=True)
    until = models.DateField(_("until"), null=True, blank=True)
    note = models.CharField(_("note"), max_length=300, blank=True)
    reference = models.CharField(_("reference"), max_length=60, blank=True)
    created = models.DateTimeField(default=now)

    class Meta:
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["vendor", "reference"], condition=~Q(reference=""), name="one_account_per_reference"
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def company(self) -> Company:
        """As it is compared."""
        return Company.known(
            name=self.name,
            country=self.country,
            vat=self.vat,
            domain=self.domain,
            postcode=self.postcode,
            city=self.city,
        )

    @property
    def is_over(self) -> bool:
        """True after its last day."""
        return self.until is not None and self.until < localdate()


class MatchKey(models.Model):
    """One key of a submitted registration or of a named account: `token` stands for vendor, kind and value.

    An integer for each key keeps a million customers in a few hundred megabytes, and one index answers all kinds.
    `until` is the last day on which it is known to matter, date.max while no end is in sight: of a crowded key what
    ended long ago is read last.
    """

    scope: ClassVar[str] = "reached"
    reached_through: ClassVar[str] = "deal"

    token = models.BigIntegerField()
    deal = models.ForeignKey(Deal, null=True, on_delete=models.CASCADE, related_name="match_keys")
    account = models.ForeignKey(NamedAccount, null=True, on_delete=models.CASCADE, related_name="match_keys")
    until = models.DateField(default=date.max, db_default=date.max)

    objects: ClassVar = MatchKeyManager()

    class Meta:
        indexes = [models.Index(fields=["token", "until", "id"], name="match_by_token")]
        constraints = [
            models.CheckConstraint(
                condition=Q(deal=None, account__isnull=False) | Q(deal__isnull=False, account=None),
                name="match_key_of_one",
            )
        ]

    def __str__(self) -> str:
        return f"{self.token}: {self.deal_id or self.account_id}"


class MatchRulesQuerySet(ScopedQuerySet):
    """Verbs on rules."""

    def of(self, vendor_id: int, version: int | None = None) -> Rules:
        """A vendor's rules of this version, or those of today; the house's where it never set any."""
        rows = self.filter(vendor_id=vendor_id)
        row: Any = (rows.filter(version=version) if version else rows.order_by("-version")).first()
        found: Rules = row.rules if row else HOUSE
        return found


class MatchRules(ScopedModel):
    """One version of the rules by which a vendor compares customers. Written once, never changed."""

    scope: ClassVar[str] = "owned"
    visible_through = ("vendor",)

    vendor = models.ForeignKey("partners.Organisation", on_delete=models.CASCADE, related_name="+")
    version = models.PositiveIntegerField()
    values = models.JSONField()
    created = models.DateTimeField(default=now)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    objects: ClassVar = MatchRulesQuerySet.as_manager()

    class Meta:
        ordering = ["-version"]
        constraints = [models.UniqueConstraint(fields=["vendor", "version"], name="one_rules_per_version")]

    def __str__(self) -> str:
        return f"{self.vendor} {self.version}"

    @property
    def rules(self) -> Rules:
        """As they are applied."""
        return Rules.restored(self.version, self.values)
