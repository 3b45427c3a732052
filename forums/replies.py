"""Topics in e-mail: the post that a mail is about comes along, and what is answered is posted in the topic."""

from collections.abc import Sequence

from django.core.files.uploadedfile import UploadedFile
from django.shortcuts import get_object_or_404

from core.models import TrailEntry
from forums.actions import add_post
from forums.models import Post, Topic
from forums.permissions import may_answer
from inbox import replies
from partners.actors import Actor

CODE = "t"
OPENING = {"topic.opened", "topic.announced"}  # told with the first post of the topic


def quote(actor: Actor, entry: TrailEntry) -> replies.Quote | None:
    """The post that an entry of the trail is about, if the actor may see it and it stands."""
    seq = 1 if entry.verb in OPENING else entry.data.get("seq")
    if not isinstance(seq, int):
        return None
    seen = Post.objects.visible_to(actor).standing().filter(topic=entry.target_id, seq=seq)
    found = seen.select_related("author", "organisation", "topic__board").prefetch_related("files").first()
    if found is None:
        return None
    return replies.Quote(
        author=str(found.author),
        organisation=str(found.organisation),
        text=found.body,
        html=found.html,
        target_id=found.topic_id,
        item=seq,
        place=found.topic.title,
        files=[each.name for each in found.files.all()],
        answerable=may_answer(actor, found.topic).allowed,
    )


def post(*, actor: Actor, target_id: int, item: int, text: str, files: Sequence[UploadedFile], client_id: str) -> str:
    """Post the answer in the topic, as an answer to its post number `item`; returns its address."""
    topic = get_object_or_404(Topic.objects.visible_to(actor), pk=target_id)
    above = Post.objects.visible_to(actor).filter(topic=topic, seq=item).values_list("pk", flat=True).first()
    written = add_post(actor=actor, topic=topic, body=text, files=files, client_id=client_id, reply_to=above)
    return written.get_absolute_url()


replies.register(CODE, label="forums.topic", quote=quote, post=post)
