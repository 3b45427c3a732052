"""The people at an end customer, and which of them a vendor is told of."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _

from core.scoping import ActsFor, ScopedModel
from deals.models.customers import EndCustomer
from deals.models.deals import Deal


class Contact(ScopedModel):
    """A person at an end customer. Belongs to the organisation that typed it, and is seen by nobody else."""

    scope: ClassVar[str] = "owned"
    visible_through = ("organisation",)

    class Part(models.TextChoices):
        DECIDES = "decides", _("Decides")
        PAYS = "pays", _("Holds the budget")
        JUDGES = "judges", _("Judges the technology")
        BUYS = "buys", _("Buys")
        USES = "uses", _("Will use it")
        SUPPORTS = "supports", _("Is on our side")
        OTHER = "other", _("Another part")

    organisation = models.ForeignKey("partners.Organisation", on_delete=models.CASCADE, related_name="+")
    customer = models.ForeignKey(EndCustomer, on_delete=models.CASCADE, related_name="contacts")
    name = models.CharField(_("name"), max_length=120)
    role = models.CharField(_("role"), max_length=120, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)  # kept in lower case
    phone = models.CharField(_("telephone"), max_length=20, blank=True)  # E.164
    part = models.CharField(_("part in the decision"), max_length=8, choices=Part, default=Part.OTHER)
    note = models.TextField(_("note"), max_length=2000, blank=True)
    created = models.DateTimeField(default=now)

    class Meta:
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["customer", "email"], condition=~Q(email=""), name="one_contact_per_address"
            )
        ]

    def __str__(self) -> str:
        return self.name


class ToldContact(ScopedModel):
    """A contact that the partner tells the vendor of, on one deal: name, role, e-mail, telephone and part, no note."""

    scope: ClassVar[str] = "shared"
    visible_through = ("vendor", "partner")

    deal = models.ForeignKey(Deal, on_delete=models.CASCADE, related_name="told_contacts")
    vendor = models.ForeignKey("partners.Organisation", on_delete=models.PROTECT, related_name="+")
    partner = models.ForeignKey("partners.Organisation", on_delete=models.PROTECT, related_name="+")
    contact = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="told")

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["deal", "contact"], name="a_contact_is_told_once")]

    def __str__(self) -> str:
        return str(self.contact)

    @classmethod
    def visibility(cls, actor: ActsFor) -> Q:
        """The partner, and the vendor once it sees the deal."""
        me = actor.organisation.pk
        return Q(partner=me) | (Q(vendor=me) & ~Q(deal__state=Deal.State.DRAFT))
