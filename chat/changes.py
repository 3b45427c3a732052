"""Which records changed since a moment: what a page asks when its socket opens, and a socket after a gap."""

import json
import time
from datetime import UTC, datetime

from chat import frames
from chat.models import Room
from core.audit import DESCRIPTIONS
from core.models import TrailEntry
from inbox.models import Subject
from partners.actors import Actor

OVERLAP = 10  # seconds before the moment: an entry bears the time at which it was written, and is seen after its commit
ROOMS_OVERLAP = 2  # the same for what is said in rooms, where transactions are short
LONGEST = 86_400  # seconds; who was away for longer asks for everything
MOST_EDITS = 200  # messages that changed; beyond that the room is read anew
MOST = 100  # entries; beyond that it costs less to ask for everything


def frames_of(entry: TrailEntry) -> tuple[str, list[str]]:
    """The capability that hearing of an entry takes, and a `changed` frame for its record and each related one."""
    described = DESCRIPTIONS.get(entry.verb)
    records = [(entry.target, entry.target_id), *map(tuple, entry.data.get("related", ()))]
    return described.capability if described else "", [_changed(label, pk, entry.verb) for label, pk in records]


def edits_since(room_ids: list[int], moment: float) -> list[tuple[str, int, dict[str, str]]] | None:
    """Messages of these rooms that were edited, deleted, pinned or reacted to since a moment, as frames.

    None where there are so many, or the moment is so long ago, that the rooms had better be read anew.
    """
    if not room_ids:
        return []
    if not time.time() - LONGEST < moment < time.time() + LONGEST:
        return None
    found = frames.edited_since(room_ids, datetime.fromtimestamp(moment - ROOMS_OVERLAP, UTC), MOST_EDITS + 1)
    return found if len(found) <= MOST_EDITS else None


def _changed(label: str, pk: int, verb: str) -> str:
    frame = {"on": "changed", "what": label.rpartition(".")[2], "id": pk, "verb": verb}
    return json.dumps(frame, separators=(",", ":"))


def changed_since(actor: Actor, moment: float) -> list[str] | None:
    """The `changed` frames of what others did since a moment (seconds since 1970) and of what the actor did after it.

    None where so much happened, or so long ago, that the page had better ask for everything.
    """
    if not time.time() - LONGEST < moment < time.time() + LONGEST:
        return None
    known, at = datetime.fromtimestamp(moment - OVERLAP, UTC), datetime.fromtimestamp(moment, UTC)
    entries = TrailEntry.objects.visible_to(actor).filter(created__gt=known)
    mine = entries.filter(user=actor.user, created__lte=at) if actor.user else entries.none()
    found = list(entries.exclude(pk__in=mine.values("pk")).order_by("pk")[: MOST + 1])
    if len(found) > MOST:
        return None
    texts: dict[str, None] = {}
    for entry in found:
        needs, frames = frames_of(entry)
        if not needs or actor.can(needs):
            texts |= dict.fromkeys(frames)
    spoken = datetime.fromtimestamp(moment - ROOMS_OVERLAP, UTC)
    room = (
        Room.objects.visible_to(actor).filter(last_at__gt=spoken, last_seq__gt=0).values_list("pk", flat=True).first()
    )
    # Told by a worker, which may come long after the entry that it tells of.
    told = Subject.objects.visible_to(actor).filter(moved_at__gt=spoken).values_list("pk", flat=True).first()
    beside = (("room", room, "said"), ("notification", told, "told"))
    return [*texts, *(_changed(what, pk, verb) for what, pk, verb in beside if pk)]
