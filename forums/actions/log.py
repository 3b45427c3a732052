"""The log of moderation: one row a deed, and its entry of the trail, which tells the person whom it concerns."""

from django.utils.translation import gettext as _

from core.audit import record
from core.errors import DomainError
from forums.models import ModerationEntry, Post, Topic
from partners.access import person_of
from partners.actors import Actor


def log(actor: Actor, act: str, topic: Topic, reason: str = "", *, post: Post | None = None) -> ModerationEntry:
    """Note what a moderator did, and why, for the other moderators and for whom it concerns."""
    whose = post or topic
    entry = ModerationEntry.objects.create(
        board=topic.board,
        topic=topic,
        post=post,
        act=act,
        reason=reason.strip()[:500],
        moderator=person_of(actor),
        concerned=whose.membership,
    )
    record(
        actor=actor,
        verb="moderation.done",
        target=topic,
        parties={topic.board.organisation_id, whose.organisation_id},
        act=act,
        what=str(entry.get_act_display()),
        reason=entry.reason,
        post=post.pk if post else None,
        member=whose.membership_id,
    )
    return entry


def needed(reason: str) -> str:
    """The reason, without which nobody's words are touched. Raises DomainError."""
    reason = " ".join(reason.split())
    if not reason:
        raise DomainError(_("Say why, in a sentence that the author will read."), field="reason")
    return reason[:300]
