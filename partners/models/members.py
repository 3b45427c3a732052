"""Who belongs to an organisation, and what their roles allow."""

from typing import ClassVar

from django.db import models
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _

from core.scoping import ScopedModel, ScopedQuerySet
from partners.capabilities import effective, preset_codes
from partners.models.accounts import Organisation, User


class Role(ScopedModel):
    """A named set of capabilities, owned and edited by an organisation.

    The administrator preset is fixed and holds whatever the portal knows: nothing an organisation needs can get lost.
    """

    ADMINISTRATOR: ClassVar[str] = "administrator"

    scope: ClassVar[str] = "owned"
    visible_through = ("organisation",)

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="roles")
    name = models.CharField(_("name"), max_length=60)
    preset = models.CharField(max_length=20, blank=True)
    capabilities = models.JSONField(default=list)

    class Meta:
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["organisation", "name"], name="one_role_per_name")]

    def __str__(self) -> str:
        return self.name

    @property
    def fixed(self) -> bool:
        """True for the administrator preset, which nobody edits or deletes."""
        return self.preset == self.ADMINISTRATOR

    def codes(self) -> set[str]:
        """The capabilities it holds now."""
        return set(preset_codes(self.preset)) if self.fixed else set(self.capabilities)


class MembershipQuerySet(ScopedQuerySet):
    """Verbs on memberships."""

    def live(self) -> "MembershipQuerySet":
        """Open memberships of active people, with what is needed to know what they may do."""
        return self.filter(active=True, user__is_active=True).select_related("user").prefetch_related("roles")


class Membership(ScopedModel):
    """A person in an organisation."""

    scope: ClassVar[str] = "owned"
    visible_through = ("organisation",)

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="memberships")
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="memberships")
    roles = models.ManyToManyField(Role, related_name="memberships", verbose_name=_("roles"))
    job_title = models.CharField(_("job title"), max_length=80, blank=True)
    active = models.BooleanField(default=True)
    created = models.DateTimeField(default=now)

    objects: ClassVar = MembershipQuerySet.as_manager()

    class Meta:
        ordering = ["user__name", "pk"]
        constraints = [models.UniqueConstraint(fields=["user", "organisation"], name="one_membership_per_organisation")]

    def __str__(self) -> str:
        return str(self.user)

    def capabilities(self) -> frozenset[str]:
        """What the roles together give. Uses prefetched roles where there are any."""
        return effective({code for role in self.roles.all() for code in role.codes()})

    @property
    def state_tone(self) -> str:
        """The tone in which the membership is shown."""
        return "good" if self.active else "still"

    def get_state_display(self) -> str:
        """Open or closed, in words."""
        return str(_("Active") if self.active else _("Closed"))
