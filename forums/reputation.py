"""What others found useful, counted from the rows whenever it is asked for: no counter that may drift.

An accepted answer is worth ten points, each vote for a post two. Votes of colleagues of one's own company do not count,
nor does an answer that one accepted oneself, so that nobody makes points alone.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import Count, F, Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from forums.models import Board, Expert, Post, Topic, Vote
from partners.actors import Actor
from partners.models import Membership

FOR_ANSWER = 10
FOR_VOTE = 2
SHOWN = 20


@dataclass(frozen=True, slots=True)
class Badge:
    """A mark that figures earn."""

    label: str | Promise
    icon: str
    help: str | Promise


@dataclass(slots=True)
class Standing:
    """What one member's posts were worth to others, on the boards that the asker reads."""

    member: Membership | None = None
    posts: int = 0
    accepted: int = 0
    votes: int = 0
    subjects: list[str] = field(default_factory=list)

    @property
    def points(self) -> int:
        """Ten for an accepted answer, two for a vote."""
        return FOR_ANSWER * self.accepted + FOR_VOTE * self.votes

    @property
    def badges(self) -> list[Badge]:
        """Which marks the figures earn."""
        earned = [
            (bool(self.subjects), Badge(_("Expert"), "badge-check", ", ".join(self.subjects))),
            (self.accepted >= 10, Badge(_("Solver"), "trophy", _("Ten accepted answers"))),
            (1 <= self.accepted < 10, Badge(_("Answerer"), "award", _("An accepted answer"))),
            (self.votes >= 10, Badge(_("Helpful"), "thumbs-up", _("Ten votes of others"))),
        ]
        return [badge for holds, badge in earned if holds]


def _boards(actor: Actor) -> QuerySet[Board]:
    return Board.objects.visible_to(actor).listed_for(actor)


def standings(actor: Actor, members: Iterable[int] | None = None, board: Board | None = None) -> dict[int, Standing]:
    """The standing of members by their key (all who wrote, when none are named), in five queries."""
    boards = _boards(actor)
    places = Q(topic__board__in=boards.values("pk"), topic__held_at=None, topic__hidden_at=None)
    if board is not None:
        places &= Q(topic__board=board)
    posts = Post.objects.standing().filter(places, membership__isnull=False)
    if members is not None:
        posts = posts.filter(membership__in=list(members))
    found: defaultdict[int, Standing] = defaultdict(Standing)
    for pk, many in posts.order_by().values_list("membership").annotate(n=Count("pk")):
        found[pk].posts = many
    solved = posts.filter(pk__in=_accepted()).exclude(topic__membership=F("membership"))
    for pk, many in solved.order_by().values_list("membership").annotate(n=Count("pk")):
        found[pk].accepted = many
    votes = Vote.objects.filter(post__in=posts.values("pk"))
    others = votes.exclude(membership__organisation=F("post__organisation"))
    for pk, many in others.order_by().values_list("post__membership").annotate(n=Count("pk")):
        found[pk].votes = many
    experts = Expert.objects.filter(membership__in=list(found), board__in=boards.values("pk"))
    if board is not None:
        experts = experts.filter(board=board)
    for pk, subject in experts.values_list("membership", "subject"):
        found[pk].subjects.append(subject)
    return dict(found)


def _accepted() -> QuerySet:
    return Topic.objects.filter(kind=Topic.Kind.QUESTION, accepted__isnull=False).values("accepted")


def most_helpful(actor: Actor, board: Board | None = None, most: int = SHOWN) -> list[Standing]:
    """Who helped others most, the first of them first; only those who have a point."""
    every = standings(actor, board=board)
    ranked = sorted(every.items(), key=lambda item: (-item[1].points, -item[1].posts, item[0]))
    chosen = [(pk, standing) for pk, standing in ranked if standing.points][:most]
    people = Membership.objects.select_related("user", "organisation").in_bulk([pk for pk, _standing in chosen])
    for pk, standing in chosen:
        standing.member = people.get(pk)
    return [standing for _pk, standing in chosen if standing.member]
