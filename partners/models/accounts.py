"""People and the companies they act for."""

from typing import Any, ClassVar

from django.apps import apps
from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q, Subquery
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _

from core.scoping import ActsFor, ScopedModel, ScopedQuerySet

CURRENCY = RegexValidator(r"^[A-Z]{3}$", _("Write the three letters of ISO 4217, such as EUR."))
COUNTRY = RegexValidator(r"^[A-Z]{2}$", _("Write the two letters of ISO 3166, such as IT."))


class UserManager(BaseUserManager["User"]):
    """Accounts are known by their e-mail address."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """Create an account; without a password it can only be entered by invitation or reset."""
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """Create a platform operator."""
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)


class User(AbstractBaseUser, PermissionsMixin):
    """A person. What they may do comes from their memberships, never from here."""

    scope: ClassVar[str] = "global"

    email = models.EmailField(_("e-mail"), unique=True)
    name = models.CharField(_("name"), max_length=120)
    language = models.CharField(_("language"), max_length=5, default="en")
    time_zone = models.CharField(_("time zone"), max_length=40, default="Europe/Rome")
    is_active = models.BooleanField(default=True)
    is_staff = models.BooleanField(default=False)
    date_joined = models.DateTimeField(default=now)

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name"]
    objects = UserManager()

    def __str__(self) -> str:
        return self.name or self.email

    def get_full_name(self) -> str:
        """The name as the person wrote it."""
        return str(self)


class OrganisationQuerySet(ScopedQuerySet):
    """Verbs on organisations."""

    def partners_of(self, organisation: "Organisation") -> "OrganisationQuerySet":
        """Companies with which the organisation has an active partnership, in either direction."""
        active = apps.get_model("partners", "Partnership").objects.filter(state="active")
        return self.filter(
            Q(pk__in=active.filter(vendor=organisation).values("partner"))
            | Q(pk__in=active.filter(partner=organisation).values("vendor"))
        )


class Organisation(ScopedModel):
    """A company in the portal. It has no type: it may be vendor to one and partner to another."""

    scope: ClassVar[str] = "shared"

    name = models.CharField(_("name"), max_length=200)
    legal_name = models.CharField(_("legal name"), max_length=200, blank=True)
    country = models.CharField(_("country"), max_length=2, validators=[COUNTRY], default="IT")
    city = models.CharField(_("city"), max_length=100, blank=True)
    vat_id = models.CharField(_("VAT number"), max_length=20, blank=True)
    gln = models.CharField(_("GLN"), max_length=13, blank=True)
    duns = models.CharField(_("D-U-N-S"), max_length=9, blank=True)
    currency = models.CharField(_("currency"), max_length=3, validators=[CURRENCY], default="EUR")
    website = models.URLField(_("web site"), blank=True)
    requires_second_factor = models.BooleanField(_("requires a second factor"), default=False)
    # Its logo (partners.Logo), on the row itself: a page that names an organisation asks nothing more to show it.
    logo_code = models.CharField(max_length=32, blank=True)
    logo_width = models.PositiveSmallIntegerField(default=0)  # pixels
    logo_height = models.PositiveSmallIntegerField(default=0)
    created = models.DateTimeField(default=now)

    objects: ClassVar = OrganisationQuerySet.as_manager()

    class Meta:
        ordering = ["name", "pk"]

    def __str__(self) -> str:
        return self.name

    @classmethod
    def visibility(cls, actor: ActsFor) -> Q:
        """Oneself, and every company with which there is or was a partnership."""
        me = actor.organisation.pk
        edges = apps.get_model("partners", "Partnership").objects
        return (
            Q(pk=me)
            | Q(pk__in=Subquery(edges.filter(vendor=me).values("partner")))
            | Q(pk__in=Subquery(edges.filter(partner=me).values("vendor")))
        )

    @property
    def logo_path(self) -> str:
        """Where its logo is, within the portal; empty without one. Open to all; another logo has another address."""
        return reverse("logos:show", args=[self.logo_code]) if self.logo_code else ""

    @property
    def logo_url(self) -> str:
        """The same from outside, for letters and other systems."""
        return f"{settings.BASE_URL}{self.logo_path}" if self.logo_code else ""

    @property
    def logo_says_name(self) -> bool:
        """Whether the logo is so wide that the name stands in it; beside a sign that is not, the name is written."""
        return bool(self.logo_code) and self.logo_width >= 2 * self.logo_height

    def logo_within(self, width: int, height: int) -> tuple[int, int]:
        """The size at which its logo fits into a box, in the box's unit; never larger than it is."""
        share = min(1, width / (self.logo_width or 1), height / (self.logo_height or 1))
        return max(round(self.logo_width * share), 1), max(round(self.logo_height * share), 1)

    def party_ids(self) -> set[int]:
        """What happens to an organisation's own settings concerns itself."""
        return {self.pk}
