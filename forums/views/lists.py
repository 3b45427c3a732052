"""Topics in tables: of one board, and of all."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.http.response import HttpResponseBase
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from core.listing import Choice, Column, Empty, Flag, Listing, View
from core.numbers import format_number
from core.templatetags import ui
from forums.marked import own_follows, read_numbers
from forums.models import Board, Topic
from forums.models.topics import TopicQuerySet
from forums.places import places
from partners.access import MemberRequest, member_required
from partners.actors import Actor

FRESH = 14  # days for which a topic that one has never opened is marked as new


@dataclass(frozen=True, slots=True)
class Title:
    """The title of a topic as a cell, with its kind, tags and what is unread; in CSV the title alone."""

    topic: Any

    def __str__(self) -> str:
        return str(self.topic.title)

    def __html__(self) -> str:
        topic = self.topic
        signs = [ui.icon("pin", 14, str(_("Pinned")))] if topic.pinned_at else []
        signs += [ui.icon("lock", 14, str(_("Locked")))] if topic.locked_at else []
        tags = format_html_join(" ", '<span class="tag">{}</span>', ((tag.name,) for tag in topic.tags.all()))
        return format_html(
            '<span class="topic-line">{}<span><span class="topic-title{}">{}</span> {}{} {}</span></span>',
            ui.icon(topic.icon, 16, topic.get_kind_display()),
            " unread" if self._unread else "",
            topic.title,
            format_html_join("", "{}", ((sign,) for sign in signs)),
            self._mark(),
            tags,
        )

    @property
    def _unread(self) -> int:
        if self.topic.read_seq is None:
            return 0
        return max(0, self.topic.last_seq - self.topic.read_seq)

    def _mark(self) -> SafeString | str:
        if self._unread:
            return format_html(' <b class="badge-count">{}</b>', format_number(self._unread))
        fresh = (now() - self.topic.created).days < FRESH
        return format_html(' <span class="topic-new">{}</span>', _("new")) if self._is_new and fresh else ""

    @property
    def _is_new(self) -> bool:
        return self.topic.read_seq is None


LIST = Listing(
    key="topics",
    title=_("Topics"),
    columns=(
        Column("title", _("Topic"), kind="link", get=Title),
        Column("board", _("Board"), get=lambda topic: topic.board.name, phone=False),
        Column("author", _("Opened by"), kind="who", get=lambda topic: (topic.author, topic.organisation), phone=False),
        Column("state", _("State"), kind="badge", get=lambda topic: topic.shown_state),
        Column("answers", _("Posts"), kind="number", get=lambda topic: topic.answers, phone=False),
        Column("votes", _("Votes"), kind="number", sort="votes"),
        Column("last_at", _("Last post"), kind="ago", sort="last_at"),
        Column("created", _("Opened"), kind="ago", sort="created", phone=False, shown=False),
    ),
    views=(
        View("latest", _("Latest")),
        View("unread", _("Unread"), "unread=1"),
        View("unanswered", _("Unanswered"), "unanswered=1"),
        View("ideas", _("Ideas"), "kind=idea&sort=-votes"),
        View("mine", _("Mine"), "mine=1"),
        View("followed", _("Followed"), "followed=1"),
    ),
    search_in="search_text",
    default_sort="-last_at",
    row_url=lambda topic: topic.get_absolute_url(),
    live="topic",
    template="forums/topics.html",
    empty=Empty(
        _("No topics here yet"),
        _("Ask a question, propose an idea or start a discussion. Everybody who reads the board can answer."),
        icon="messages-square",
    ),
)


def _tags(rows: QuerySet[Topic]) -> Iterable[tuple[str, str]]:
    names = rows.exclude(tags=None).order_by("tags__name").values_list("tags__name", flat=True)
    return [(name, name) for name in names.distinct()[:200]]


def listing_for(actor: Actor, rows: QuerySet[Topic], listing: Listing) -> Listing:
    """The list with the filters that depend on who asks, and on what there is."""
    me = actor.membership.pk if actor.membership else 0
    unread = Topic.objects.visible_to(actor).unread_by(me)
    topics, boards = own_follows(actor)
    question = Q(kind=Topic.Kind.QUESTION, accepted=None)
    filters = (
        Choice("kind", _("Kind"), choices=Topic.Kind.choices),
        _OneOf("tag", _("Tag"), choices=_tags(rows)),
        Choice("state", _("Idea is"), choices=Topic.State.choices),
        Flag("unanswered", _("Unanswered"), question),
        Flag("unread", _("Unread"), Q(pk__in=unread.values("pk"))),
        Flag("mine", _("Mine"), Q(membership=me)),
        Flag("followed", _("Followed"), Q(pk__in=topics) | Q(board__in=boards)),
    )
    return replace(listing, filters=filters)


@dataclass(frozen=True, slots=True)
class _OneOf(Choice):
    """A filter over a to-many relation, which must not double a row."""

    def apply(self, rows: QuerySet, params: Any, actor: Any) -> QuerySet:
        """Keep the topics that have one of the chosen tags."""
        chosen = [option["value"] for option in self.options(params, actor)["on"]]
        if not chosen:
            return rows
        return rows.filter(pk__in=Topic.objects.visible_to(actor).filter(tags__name__in=chosen).values("pk"))


def marked(actor: Actor, rows: TopicQuerySet) -> QuerySet:
    """The rows with what the list shows, and up to where the actor has read each (`read_seq`)."""
    read = read_numbers(actor).filter(topic=OuterRef("pk")).values("last_seq")[:1]
    return rows.for_rows().annotate(read_seq=Subquery(read))


@require_GET
@member_required("forums.view")
def topics(request: MemberRequest) -> HttpResponseBase:
    """The topics of all boards that the actor reads."""
    actor = request.actor
    rows = Topic.objects.visible_to(actor).listed_for(actor)
    listing = listing_for(actor, rows, LIST)
    return listing.respond(request, marked(actor, rows), places=places(actor), board=None)


def of_board(board: Board) -> Listing:
    """The table of one board."""
    columns = tuple(replace(column, shown=column.shown and column.key != "board") for column in LIST.columns)
    return replace(LIST, key="board-topics", title=board.name, columns=columns, template="forums/board.html")
