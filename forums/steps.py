"""What a moderator may say of an idea, as buttons."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from forums.models import Topic
from forums.permissions import may_step
from partners.actors import Actor

LABELS: dict[str, str | Promise] = {
    "plan": _("Plan it"),
    "start": _("Start it"),
    "finish": _("Mark as done"),
    "decline": _("Decline it"),
    "reopen": _("Open it again"),
}


@dataclass(frozen=True, slots=True)
class Step:
    """A step that is possible now."""

    name: str
    label: str | Promise
    url: str


def steps_of(actor: Actor, topic: Topic) -> list[Step]:
    """The steps that the actor may take."""
    if topic.kind != Topic.Kind.IDEA:
        return []
    names = [name for name in LABELS if may_step(actor, topic, name)]
    return [Step(name, LABELS[name], reverse("forums:topic_step", args=[topic.pk, name])) for name in names]
