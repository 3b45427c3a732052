"""What of the forums waits for somebody: to read, to answer, to look at as a moderator."""

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.waiting import Waiting
from forums.marked import follows_any, unread_topics
from forums.models import Survey, Topic
from forums.own import not_acknowledged, not_answered
from forums.places import to_moderate
from partners.actors import Actor

MOST = 5


def counts(actor: Actor) -> dict[str, int]:
    """The badge of the forums: followed topics with something unread, and what waits for a moderator."""
    if not actor.can("forums.view"):
        return {}
    number = unread_topics(actor).count() if follows_any(actor) else 0
    return {"forums": number + (to_moderate(actor) if actor.can("forums.moderate") else 0)}


def waiting(actor: Actor) -> list[Waiting]:
    """Announcements to read, surveys to answer, posts to look at."""
    if not actor.can("forums.view") or actor.membership is None:
        return []
    return [*_to_moderate(actor), *_announcements(actor), *_surveys(actor)]


def _to_moderate(actor: Actor) -> list[Waiting]:
    number = to_moderate(actor) if actor.can("forums.moderate") else 0
    if not number:
        return []
    title = ngettext("%(n)d post waits for a moderator", "%(n)d posts wait for a moderator", number) % {"n": number}
    sub, url = _("Held posts and reports on your boards."), reverse("forums:moderation")
    return [Waiting(title, sub, url, _("Look"), tone="warn", count=number)]


def _announcements(actor: Actor) -> list[Waiting]:
    topics = Topic.objects.visible_to(actor).listed_for(actor).filter(kind=Topic.Kind.ANNOUNCEMENT, hidden_at=None)
    rows = not_acknowledged(actor, topics).select_related("board__organisation").order_by("-created")[:MOST]
    return [
        Waiting(topic.title, f"{topic.board} · {topic.board.organisation}", topic.get_absolute_url(), _("Read it"))
        for topic in rows
    ]


def _surveys(actor: Actor) -> list[Waiting]:
    if not actor.can("forums.post"):
        return []
    rows = Survey.objects.visible_to(actor).filter(state=Survey.State.OPEN, topic=None)
    found = not_answered(actor, rows).select_related("board__organisation").order_by("closes_at", "pk")[:MOST]
    return [
        Waiting(survey.title, str(survey.board.organisation), survey.get_absolute_url(), _("Answer"), survey.closes_at)
        for survey in found
        if survey.is_open
    ]
