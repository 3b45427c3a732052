"""The places of the forums, as tabs over their pages, and what waits for their moderators."""

from collections import defaultdict
from dataclasses import dataclass

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from forums.models import Board, Post, Report, Topic
from partners.actors import Actor


@dataclass(frozen=True, slots=True)
class Place:
    """A tab."""

    key: str
    label: str | Promise
    url: str
    count: int = 0


@dataclass(frozen=True, slots=True)
class Reported:
    """A post with the open reports on it."""

    post: Post
    reports: list[Report]


def open_reports(actor: Actor) -> list[Reported]:
    """Reported posts on boards that the actor moderates, the first reported first."""
    rows = Report.objects.visible_to(actor).filter(settled_at=None, post__deleted_at=None)
    related = ("post__author", "post__organisation", "post__topic__board", "membership__user")
    found: defaultdict[int, list[Report]] = defaultdict(list)
    for report in rows.select_related(*related).order_by("pk")[:500]:
        found[report.post_id].append(report)
    return [Reported(reports[0].post, reports) for reports in found.values()]


def to_moderate(actor: Actor) -> int:
    """How much waits for the actor as a moderator: held posts and topics, posts that were reported."""
    boards = list(Board.objects.moderated_by(actor).values_list("pk", flat=True))
    if not boards:
        return 0
    held = Post.objects.filter(topic__board__in=boards, seq=None, deleted_at=None).count()
    topics = Topic.objects.filter(board__in=boards, held_at__isnull=False, hidden_at=None).count()
    reports = Report.objects.visible_to(actor).filter(settled_at=None, post__deleted_at=None)
    return held + topics + reports.values("post").distinct().count()


def places(actor: Actor) -> list[Place]:
    """The tabs that this reader finds."""
    found = [
        Place("boards", _("Boards"), reverse("forums:home")),
        Place("topics", _("Topics"), reverse("forums:topics")),
        Place("articles", _("Knowledge"), reverse("forums:articles")),
        Place("surveys", _("Surveys"), reverse("forums:surveys")),
        Place("people", _("People"), reverse("forums:people")),
    ]
    if actor.can("forums.moderate"):
        found.append(Place("moderation", _("Moderation"), reverse("forums:moderation"), to_moderate(actor)))
    return found
