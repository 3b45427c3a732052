"""Open pages of a topic or a board fetch themselves anew when something changed: all readers, not those told alone."""

import json

from chat.frames import organisation_group
from core import realtime
from forums.models import Topic


def wake(topic: Topic, verb: str) -> None:
    """Tell the open pages of every organisation that the board is for, once the transaction commits."""
    text = json.dumps({"on": "changed", "what": "topic", "id": topic.pk, "verb": verb}, separators=(",", ":"))
    for organisation_id in topic.board.readers().values_list("pk", flat=True):
        realtime.control(organisation_group(organisation_id), do="changed", needs="forums.view", text=text)
