"""How the verbs of the forums read in the trail, and whom they tell."""

from collections.abc import Callable, Iterable

from django.db.models import Q
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from core.audit import describe
from core.models import TrailEntry, TrailReader
from forums.models import Follow, ModerationEntry, Post, Topic
from inbox.rules import holders, kind, notify
from partners.models import Membership

SEE = "forums.view"
MODERATE = "forums.moderate"

describe("board.made", _("%(actor)s made the board %(title)s"), tone="good", capability=SEE)
describe("board.changed", _("%(actor)s changed the board %(title)s"), capability=SEE)
describe("board.archived", _("%(actor)s archived the board %(title)s"), tone="warn", capability=SEE)
describe("board.reopened", _("%(actor)s opened the board %(title)s again"), tone="good", capability=SEE)
describe(
    "board.expert_named", _("%(actor)s called %(who)s an expert for %(subject)s on %(title)s"), tone="good",
    capability=SEE,
)  # fmt: skip
describe("board.expert_gone", _("%(actor)s took the expert's mark from %(who)s"), capability=SEE)
describe("topic.opened", _("%(actor)s opened “%(title)s” on %(board)s"), tone="info", capability=SEE)
describe("topic.announced", _("%(actor)s announced “%(title)s” on %(board)s"), tone="info", capability=SEE)
describe("topic.held", _("%(actor)s wrote “%(title)s”, which waits for a moderator"), tone="warn", capability=MODERATE)
describe("topic.changed", _("%(actor)s changed the topic “%(title)s”"), capability=SEE)
describe("topic.answered", _("%(actor)s accepted the answer of %(who)s to “%(title)s”"), tone="good", capability=SEE)
describe("topic.reopened", _("%(actor)s took the accepted answer of “%(title)s” back"), capability=SEE)
describe("topic.stepped", _("“%(title)s” is now: %(word)s"), tone="info", capability=SEE)
describe("topic.acknowledged", _("%(actor)s confirmed to have read “%(title)s”"), tone="good", capability=SEE)
describe("post.added", _("%(actor)s wrote in “%(title)s”"), capability=SEE)
describe(
    "post.held", _("%(actor)s wrote in “%(title)s”; the post waits for a moderator"), tone="warn", capability=MODERATE
)
describe("post.released", _("There is a new post in “%(title)s”"), capability=SEE)
describe("post.edited", _("%(actor)s changed a post in “%(title)s”"), capability=SEE)
describe("post.deleted", _("%(actor)s deleted a post in “%(title)s”"), tone="warn", capability=SEE)
describe("post.reported", _("A post in “%(title)s” was reported"), tone="warn", capability=MODERATE)
describe("moderation.done", _("A moderator of “%(title)s”: %(what)s"), tone="warn", capability=SEE)
describe("moderation.settled", _("%(actor)s settled the reports on a post in “%(title)s”"), capability=MODERATE)
describe("survey.saved", _("%(actor)s wrote the survey “%(title)s”"), capability=SEE)
describe("survey.opened", _("%(actor)s asks you: “%(title)s”"), tone="info", capability=SEE)
describe("survey.answered", _("%(actor)s answered the survey “%(title)s”"), capability=SEE)
describe("survey.closed", _("The survey “%(title)s” is closed"), capability=SEE)
describe("article.saved", _("%(actor)s wrote the article “%(title)s”"), capability=SEE)
describe("article.published", _("%(actor)s published the article “%(title)s”"), tone="good", capability=SEE)
describe("article.withdrawn", _("%(actor)s withdrew the article “%(title)s”"), tone="warn", capability=SEE)

kind("forum_mentions", _("Mentions in forums"), _("Somebody names you in a post."))
kind("forums", _("Forums"), _("Topics and boards that you follow, answers to you, announcements."))
kind(
    "forum_moderation", _("Moderation of forums"), _("What waits for you as a moderator, and what concerns your posts.")
)


def _readers(entry: TrailEntry) -> set[int]:
    return set(TrailReader.objects.filter(entry=entry).values_list("organisation_id", flat=True))


def _live(condition: Q) -> Iterable[Membership]:
    found = Membership.objects.filter(condition, active=True, user__is_active=True)
    return found.select_related("user", "organisation").prefetch_related("roles").order_by("pk")


def _mentioned(entry: TrailEntry) -> Iterable[Membership]:
    return _live(Q(pk__in=entry.data.get("members", ())))


def _member(entry: TrailEntry) -> Iterable[Membership]:
    return _live(Q(pk=entry.data.get("member") or 0))


def _everybody(entry: TrailEntry) -> Iterable[Membership]:
    return holders(_readers(entry), SEE)


def _of_board(entry: TrailEntry) -> Iterable[Membership]:
    """Whoever follows the board of a new topic."""
    board = Topic.objects.filter(pk=entry.target_id).values("board")
    return _live(Q(pk__in=Follow.objects.filter(board__in=board).values("membership")))


def _of_topic(entry: TrailEntry) -> Iterable[Membership]:
    """Whoever follows a topic."""
    return _live(Q(pk__in=Follow.objects.filter(topic=entry.target_id, muted=False).values("membership")))


def _and_answerer(entry: TrailEntry) -> Iterable[Membership]:
    return [*_member(entry), *_of_topic(entry)]


def _and_voters(entry: TrailEntry) -> Iterable[Membership]:
    first = Post.objects.filter(topic=entry.target_id, seq=1)
    return [*_of_topic(entry), *_live(Q(pk__in=first.values("votes__membership")))]


def _moderators(entry: TrailEntry) -> Iterable[Membership]:
    topic = Topic.objects.select_related("board").filter(pk=entry.target_id).first()
    return holders([topic.board.organisation_id], MODERATE) if topic else ()


def _topic_url(entry: TrailEntry) -> str:
    post = entry.data.get("post")
    return reverse("forums:post", args=[post]) if post else reverse("forums:topic", args=[entry.target_id])


def _queue_url(_entry: TrailEntry) -> str:
    return reverse("forums:moderation")


def _log_url(_entry: TrailEntry) -> str:
    return reverse("forums:log")


def _survey_url(entry: TrailEntry) -> str:
    return reverse("forums:survey", args=[entry.target_id])


def _board_url(entry: TrailEntry) -> str:
    return reverse("forums:board", args=[entry.target_id])


def _titled(text: str | Promise) -> Callable[[TrailEntry], str]:
    return lambda entry: str(text) % {"title": entry.title, "who": entry.user or entry.organisation}


def _deed(entry: TrailEntry) -> str:
    """What a moderator did, for whom it concerns."""
    deed = dict(ModerationEntry.Act.choices).get(str(entry.data.get("act", "")), "")
    return f"{entry.title}: {deed}"


for verb in ("post.added", "topic.opened", "topic.announced", "post.released"):
    says = _titled(_("%(who)s mentioned you in “%(title)s”"))
    notify(verb, to=_mentioned, url=_topic_url, kind="forum_mentions", title=says, action=_("Answer"))
notify("post.added", to=_of_topic, url=_topic_url, kind="forums", title=_titled(_("%(who)s wrote in “%(title)s”")))
notify("post.released", to=_of_topic, url=_topic_url, kind="forums")
notify("topic.opened", to=_of_board, url=_topic_url, kind="forums", title=_titled(_("%(who)s opened “%(title)s”")))
notify("topic.announced", to=_everybody, url=_topic_url, kind="forums", action=_("Read it"))
notify("topic.answered", to=_and_answerer, url=_topic_url, kind="forums")
notify("topic.stepped", to=_and_voters, url=_topic_url, kind="forums")
notify("board.expert_named", to=_member, url=_board_url, kind="forums")
notify("survey.opened", to=_everybody, url=_survey_url, kind="forums", action=_("Answer"))
for verb in ("topic.held", "post.held", "post.reported"):
    notify(verb, to=_moderators, url=_queue_url, kind="forum_moderation", action=_("Look"), urgent=True)
notify("moderation.done", to=_member, url=_log_url, kind="forum_moderation", title=_deed, action=_("Read why"))
