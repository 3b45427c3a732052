"""Boards, who may read them, their tags and the people they call experts."""

from typing import ClassVar, Self

from django.db import models
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils.text import slugify
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _

from core.scoping import ActsFor, ScopedModel, ScopedQuerySet
from partners.models import Organisation, Partnership


class BoardQuerySet(ScopedQuerySet):
    """Verbs on boards."""

    def listed_for(self, actor: ActsFor) -> Self:
        """Of those that the actor sees, the ones that a list shows: public boards of companies that one does not
        work with are found by their address."""
        near = Organisation.objects.partners_of(actor.organisation).values("pk")
        ours = Q(organisation=actor.organisation.pk) | ~Q(audience=Board.Audience.PUBLIC) | Q(organisation__in=near)
        membership = getattr(actor, "membership", None)
        if membership is not None:
            from forums.models.marks import Follow

            followed = Follow.objects.filter(membership=membership.pk, board__isnull=False)
            ours |= Q(pk__in=followed.values("board"))
        return self.filter(ours)

    def moderated_by(self, actor: ActsFor) -> Self:
        """The boards that the actor keeps in order: those of their organisation, when their role says so."""
        held = "forums.moderate" in getattr(actor, "capabilities", frozenset())
        return self.filter(organisation=actor.organisation.pk) if held else self.none()


class Board(ScopedModel):
    """A place for topics. Who reads it follows from its audience; the organisation that owns it keeps it in order."""

    scope: ClassVar[str] = "shared"

    class Audience(models.TextChoices):
        OWN = "own", _("Only us")
        PROGRAMME = "programme", _("All our active partners")
        INVITED = "invited", _("Organisations that we invite")
        PUBLIC = "public", _("Everybody, without signing in")

    class Openers(models.TextChoices):
        ALL = "all", _("Everybody who reads the board and may write")
        OWNER = "owner", _("Only we; others answer")

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(_("name"), max_length=80)
    description = models.CharField(_("what it is for"), max_length=300, blank=True)
    icon = models.CharField(max_length=30, default="messages-square")
    audience = models.CharField(_("who reads it"), max_length=10, choices=Audience, default=Audience.PROGRAMME)
    tier = models.ForeignKey(
        "partners.Tier", null=True, blank=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("from tier")
    )
    openers = models.CharField(_("who opens topics"), max_length=10, choices=Openers, default=Openers.ALL)
    hold_first = models.BooleanField(_("look at the first post of a newcomer before others see it"), default=False)
    created = models.DateTimeField(default=now)
    archived_at = models.DateTimeField(null=True)

    objects: ClassVar = BoardQuerySet.as_manager()

    class Meta:
        ordering = ["organisation__name", "name", "pk"]
        constraints = [models.UniqueConstraint(fields=["organisation", "name"], name="one_board_per_name")]

    def __str__(self) -> str:
        return self.name

    @property
    def slug(self) -> str:
        """The readable end of its public address."""
        return slugify(f"{self.organisation} {self.name}")[:80] or "board"

    @property
    def is_public(self) -> bool:
        """True where everybody reads."""
        return self.audience == self.Audience.PUBLIC

    def get_absolute_url(self) -> str:
        """Where the board opens."""
        return reverse("forums:board", args=[self.pk])

    @classmethod
    def visibility(cls, actor: ActsFor) -> Q:
        """One's own, those of vendors whose active partner one is (of the tier asked for), invitations, public ones."""
        me = actor.organisation.pk
        edges = Partnership.objects.active().filter(partner=me, vendor=OuterRef("organisation"))
        high_enough = edges.filter(tier__rank__gte=OuterRef("tier__rank"))
        programme = (Q(tier=None) & Q(Exists(edges))) | Q(Exists(high_enough))
        seats = BoardSeat.objects.filter(organisation=me).values("board")
        return (
            Q(organisation=me)
            | Q(audience=cls.Audience.PUBLIC)
            | (Q(audience=cls.Audience.PROGRAMME) & programme)
            | Q(audience=cls.Audience.INVITED, pk__in=seats)
        )

    def readers(self) -> QuerySet[Organisation]:
        """The organisations that it is for: of a public board, the owner and its active partners."""
        edges = Partnership.objects.active().filter(vendor=self.organisation_id)
        if self.audience == self.Audience.PROGRAMME and self.tier is not None:
            edges = edges.filter(tier__rank__gte=self.tier.rank)
        theirs = Q(pk=self.organisation_id)
        if self.audience in {self.Audience.PROGRAMME, self.Audience.PUBLIC}:
            theirs |= Q(pk__in=edges.values("partner"))
        if self.audience == self.Audience.INVITED:
            theirs |= Q(pk__in=self.seats.values("organisation"))
        return Organisation.objects.filter(theirs)

    def party_ids(self) -> set[int]:
        """The organisations that hear of what happens to the board itself."""
        return set(self.readers().values_list("pk", flat=True))


class BoardSeat(models.Model):
    """An organisation that was invited to a board."""

    scope: ClassVar[str] = "reached"
    reached_through: ClassVar[str] = "board"

    board = models.ForeignKey(Board, on_delete=models.CASCADE, related_name="seats")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisation", "board"], name="one_board_seat")]

    def __str__(self) -> str:
        return f"{self.organisation_id} at {self.board_id}"


class Tag(models.Model):
    """A word by which topics of a board are found."""

    scope: ClassVar[str] = "reached"
    reached_through: ClassVar[str] = "board"

    board = models.ForeignKey(Board, on_delete=models.CASCADE, related_name="tags")
    name = models.CharField(max_length=30)

    class Meta:
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["board", "name"], name="one_tag_per_name")]

    def __str__(self) -> str:
        return self.name


class Expert(models.Model):
    """A person whom the owner of a board calls its expert, and for what."""

    scope: ClassVar[str] = "reached"
    reached_through: ClassVar[str] = "board"

    board = models.ForeignKey(Board, on_delete=models.CASCADE, related_name="experts")
    membership = models.ForeignKey("partners.Membership", on_delete=models.CASCADE, related_name="+")
    subject = models.CharField(_("expert for"), max_length=60)
    created = models.DateTimeField(default=now)

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["membership", "board"], name="one_expert_mark")]

    def __str__(self) -> str:
        return self.subject
