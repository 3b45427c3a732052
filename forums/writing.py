"""What writing of any kind shares: clean text, limits against floods, tags."""

from collections.abc import Iterable
from datetime import timedelta

from django.utils.timezone import now
from django.utils.translation import gettext as _

from core.errors import DomainError
from forums.models import Board, Post, Tag, Topic
from partners.models import Membership

MAX_BODY = 20_000
MAX_TITLE = 200
MAX_TAGS = 5
MAX_TAG = 30
POSTS = ((8, 60), (60, 3600))  # posts of one member in so many seconds
TOPICS = ((3, 60), (12, 3600))


class FloodError(DomainError):
    """Too much in a short time."""

    code = "flood"


def clean_body(body: str, *, may_be_empty: bool = False) -> str:
    """The text without what no database or screen takes. Raises DomainError when it is empty or too long."""
    body = body.replace("\0", "").replace("\r\n", "\n").encode("utf-8", "replace").decode().strip()
    if not body and not may_be_empty:
        raise DomainError(_("Write something first."), field="body")
    if len(body) > MAX_BODY:
        words = {"length": len(body), "most": MAX_BODY}
        raise DomainError(
            _("The text has %(length)s characters; %(most)s is the most. Nothing was posted.") % words, field="body"
        )
    return body


def clean_title(title: str) -> str:
    """One line. Raises DomainError when it is empty or too long."""
    title = " ".join("".join(letter if letter.isprintable() else " " for letter in title).split())
    if not title:
        raise DomainError(_("Give the topic a title."), field="title")
    if len(title) > MAX_TITLE:
        raise DomainError(_("The title is longer than %(most)s characters.") % {"most": MAX_TITLE}, field="title")
    return title


def clean_tags(tags: Iterable[str]) -> list[str]:
    """Tags in lower case, each once. Raises DomainError for too many or a long one."""
    found = {" ".join(tag.lower().replace("\0", "").split()).strip("#, ") for tag in tags}
    chosen = sorted(tag for tag in found if tag)
    if len(chosen) > MAX_TAGS:
        raise DomainError(_("A topic has %(most)s tags at most.") % {"most": MAX_TAGS}, field="tags")
    if any(len(tag) > MAX_TAG for tag in chosen):
        raise DomainError(_("A tag has %(most)s letters at most.") % {"most": MAX_TAG}, field="tags")
    return chosen


def tags_of(board: Board, names: Iterable[str]) -> list[Tag]:
    """The board's tags of these names, made where they are new."""
    return [Tag.objects.get_or_create(board=board, name=name)[0] for name in names]


def refuse_flood(membership: Membership, *, topics: bool = False) -> None:
    """Raises FloodError when the member has written too much lately."""
    rows = Topic.objects.filter(membership=membership) if topics else Post.objects.filter(membership=membership)
    for most, seconds in TOPICS if topics else POSTS:
        if rows.filter(created__gt=now() - timedelta(seconds=seconds)).count() >= most:
            raise FloodError(
                _("You wrote %(most)s times within %(minutes)s min. Wait a moment; your text is kept.")
                % {"most": most, "minutes": seconds // 60}
            )


def is_newcomer(membership: Membership, board: Board) -> bool:
    """True for somebody of another company of whom no post stands yet on the boards of the company that owns it."""
    if membership.organisation_id == board.organisation_id:
        return False
    known = Post.objects.standing().filter(membership=membership, topic__board__organisation=board.organisation_id)
    return not known.filter(topic__held_at=None).exists()
