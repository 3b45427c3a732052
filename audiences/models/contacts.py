"""People to whom an organisation may write, what they agreed to, and whom it must leave alone."""

from typing import Any, ClassVar

from django.conf import settings
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _

from audiences import keys
from core.scoping import ActsFor, ScopedModel, ScopedQuerySet
from deals import identity
from partners.models import COUNTRY


class Purpose(models.TextChoices):
    """For what somebody may be written to. Consent is given for one at a time (GDPR, article 6, 1 a)."""

    NEWS = "news", _("News and offers")
    EVENTS = "events", _("Invitations to events")
    SERVICE = "service", _("Service and safety notes")


class ContactQuerySet(ScopedQuerySet):
    """Verbs on contacts."""

    def agreed_to(self, purpose: str) -> "ContactQuerySet":
        """Whose consent to a purpose is in force."""
        return self.filter(Exists(Consent.objects.filter(contact=OuterRef("pk"), purpose=purpose, withdrawn_at=None)))

    def suppressed(self) -> "ContactQuerySet":
        """Whose address may not be written to, whatever they agreed to."""
        return self.filter(_listed())

    def unsuppressed(self) -> "ContactQuerySet":
        """Whose address is not on the list of suppressed ones."""
        return self.filter(~_listed())

    def with_suppression(self) -> "ContactQuerySet":
        """Each with `suppressed_for`: why it may not be written to, or None."""
        why = Suppression.objects.filter(organisation=OuterRef("organisation"), key=OuterRef("suppression_key"))
        return self.annotate(suppressed_for=Subquery(why.values("reason")[:1]))

    def tagged(self, names: list[str]) -> "ContactQuerySet":
        """Who carries any of these tags."""
        return self.filter(pk__in=ContactTag.objects.filter(name__in=names).values("contact"))


class Contact(ScopedModel):
    """A person one writes to. Belongs to the organisation that keeps it, and is seen by nobody else."""

    scope: ClassVar[str] = "owned"
    visible_through = ("organisation",)

    organisation = models.ForeignKey("partners.Organisation", on_delete=models.CASCADE, related_name="contacts")
    name = models.CharField(_("name"), max_length=120)
    first_name = models.CharField(_("how we call them"), max_length=60, blank=True)
    email = models.EmailField(_("e-mail"), max_length=254, blank=True)
    phone = models.CharField(_("telephone"), max_length=40, blank=True)
    company = models.CharField(_("company"), max_length=200, blank=True)
    country = models.CharField(_("country"), max_length=2, blank=True, validators=[COUNTRY])
    language = models.CharField(_("language"), max_length=8, blank=True)
    more = models.JSONField(_("own fields"), default=dict, blank=True)  # the name of a field → its text
    source = models.CharField(_("source"), max_length=120, blank=True)
    imported = models.ForeignKey(
        "audiences.ContactImport", null=True, blank=True, on_delete=models.SET_NULL, related_name="contacts"
    )
    email_key = models.CharField(max_length=254, blank=True, editable=False)
    name_key = models.CharField(max_length=300, blank=True, editable=False)
    domain = models.CharField(max_length=120, blank=True, editable=False)  # "" for hosts that many share
    suppression_key = models.CharField(max_length=64, blank=True, editable=False)
    created = models.DateTimeField(default=now)
    version = models.PositiveIntegerField(default=1)

    objects: ClassVar = ContactQuerySet.as_manager()

    class Meta:
        ordering = ["name", "pk"]
        indexes = [
            models.Index(fields=["organisation", "-created"], name="contacts_by_age"),
            models.Index(fields=["organisation", "domain"], name="contacts_by_domain"),
            models.Index(fields=["suppression_key"], name="contacts_by_hash"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "email_key"], condition=~Q(email_key=""), name="one_contact_an_address"
            ),
            models.UniqueConstraint(
                fields=["organisation", "name_key"], condition=Q(email_key=""), name="one_contact_a_name"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Keep the keys by which the same person is recognised in step with what was typed."""
        self.set_keys()
        fields = kwargs.get("update_fields")
        if fields is not None and {"name", "company", "email"} & set(fields):
            kwargs["update_fields"] = {*fields, "email_key", "name_key", "domain", "suppression_key"}
        super().save(*args, **kwargs)

    def set_keys(self) -> None:
        """The keys, from what was typed."""
        self.email_key = keys.email_key(self.email)
        self.name_key = keys.name_key(self.name, self.company)
        self.domain = identity.domain_of(self.email) if self.email else ""
        self.suppression_key = keys.suppression_key(self.organisation_id, self.email) if self.email else ""

    def get_absolute_url(self) -> str:
        """The contact's page."""
        return reverse("audiences:contact", args=[self.pk])

    @property
    def called(self) -> str:
        """By what name a letter greets them: as written, else the first word of the name."""
        return self.first_name or self.name.split(" ", 1)[0]


class ContactTag(models.Model):
    """One word by which contacts are grouped."""

    scope: ClassVar[str] = "reached"
    reached_through: ClassVar[str] = "contact"

    contact = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="tags")
    name = models.CharField(max_length=40)

    class Meta:
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["contact", "name"], name="one_tag_a_contact")]
        indexes = [models.Index(fields=["name", "contact"], name="contacts_by_tag")]

    def __str__(self) -> str:
        return self.name

    @classmethod
    def of(cls, actor: ActsFor) -> QuerySet:
        """The tags of the contacts that the actor may see."""
        return cls.objects.filter(contact__in=Contact.objects.visible_to(actor))


class Consent(models.Model):
    """One consent to one purpose: when, where and in which words it was given, and when and how it ended.

    Rows are never changed but to end them: together they are the history.
    """

    scope: ClassVar[str] = "reached"
    reached_through: ClassVar[str] = "contact"

    contact = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="consents")
    purpose = models.CharField(_("purpose"), max_length=8, choices=Purpose)
    source = models.CharField(_("where it was given"), max_length=120)
    wording = models.TextField(_("in which words"), max_length=2000, blank=True)
    given_at = models.DateTimeField(_("given"))
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_how = models.CharField(max_length=120, blank=True)

    class Meta:
        ordering = ["-given_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["contact", "purpose"], condition=Q(withdrawn_at=None), name="one_consent_in_force"
            )
        ]

    def __str__(self) -> str:
        return f"{self.purpose} {self.source}"


class Suppression(ScopedModel):
    """An address that must not be written to, as a hash: it outlives the contact."""

    scope: ClassVar[str] = "owned"
    visible_through = ("organisation",)

    class Reason(models.TextChoices):
        UNSUBSCRIBED = "unsubscribed", _("unsubscribed")
        BOUNCED = "bounced", _("the address does not exist")
        COMPLAINED = "complained", _("complained of spam")
        ERASED = "erased", _("erased at their wish")
        HAND = "hand", _("by hand")

    FOR_EVER = (Reason.COMPLAINED, Reason.ERASED)

    organisation = models.ForeignKey("partners.Organisation", on_delete=models.CASCADE, related_name="+")
    key = models.CharField(max_length=64)
    reason = models.CharField(max_length=12, choices=Reason)
    created = models.DateTimeField(default=now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisation", "key"], name="suppressed_once")]

    def __str__(self) -> str:
        return f"{self.reason} {self.key[:8]}"


def _listed() -> Exists:
    of_address = Suppression.objects.filter(organisation=OuterRef("organisation"), key=OuterRef("suppression_key"))
    return Exists(of_address)


class AudienceSettings(ScopedModel):
    """How an organisation writes to its contacts. Without a row the defaults hold."""

    scope: ClassVar[str] = "owned"
    visible_through = ("organisation",)

    organisation = models.OneToOneField(
        "partners.Organisation", on_delete=models.CASCADE, related_name="audience_settings"
    )
    tracking = models.BooleanField(_("count opens and clicks"), default=True)
    four_eyes = models.BooleanField(_("whoever wrote a mailing does not send it"), default=False)
    per_minute = models.PositiveIntegerField(
        _("e-mails a minute"), default=300, validators=[MaxValueValidator(100_000)]
    )
    fields = models.JSONField(default=list, blank=True)  # the names of one's own fields
    updated_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")

    def __str__(self) -> str:
        return str(self.organisation)

    @classmethod
    def of(cls, organisation: Any) -> "AudienceSettings":
        """The organisation's settings, stored or not."""
        return cls.objects.filter(organisation=organisation).first() or cls(organisation=organisation)
