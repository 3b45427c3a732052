"""The demo's rooms of other kinds: open to join, archived, quiet; a thread, a pin, a saved message."""

from datetime import timedelta
from typing import Any

from chat import demo_cast as cast
from chat import markdown
from chat.demo_writing import Rooms
from chat.models import MUTED_FOR_EVER, Bookmark, Message, Pin, ReadMark, Revision, Room
from partners.models import Membership


def _member(world: Any, email: str) -> Membership:
    return next(each for members in world.members.values() for each in members if each.user.email == email)


def collect(world: Any, rooms: Rooms) -> dict[str, Room]:
    """The rooms with what was said there, by what is special about them."""
    made: dict[str, Room] = {}
    for kind, (title, purpose, talk) in cast.ROOMS.items():
        first = max(days for days, _who, _words in talk)
        created = world.now - timedelta(days=first, hours=1)
        room = Room(kind=Room.Kind.GROUP, title=title, purpose=purpose, created=created)
        members = {who: _member(world, who) for _days, who, _words in talk}
        members.setdefault(cast.LUCA, _member(world, cast.LUCA))
        made[kind] = rooms.open(room, members=list(members.values()))
        for place, (days, who, words) in enumerate(talk):
            rooms.say(room, members[who], world.now - timedelta(days=days, minutes=60 - 7 * place), words)
    rooms.unread[made["quiet"].pk, _member(world, cast.LUCA).pk] = 2
    return made


def finish(world: Any, made: dict[str, Room]) -> None:
    """What takes the rooms to be stored."""
    luca = _member(world, cast.LUCA)
    made["open"].open_to.set([world.orgs["aurora"], world.orgs["brenta"]])
    archived = [made["archived"].pk, *made["archived"].sides.values_list("pk", flat=True)]
    Room.objects.filter(pk__in=archived).update(archived_at=world.now - timedelta(days=299))
    ReadMark.objects.filter(room=made["quiet"], membership=luca).update(muted_until=MUTED_FOR_EVER)


def thread_and_pin(world: Any, room: Room) -> None:
    """Two answers under the first message of the room of the pictures; it is pinned, saved, and was changed once."""
    luca = _member(world, cast.LUCA)
    said = list(Message.objects.filter(room=room, entry=None).order_by("seq")[:3])
    if len(said) < 3:
        return
    root, first, second = said
    Message.objects.filter(pk=first.pk).update(reply_to=root, root=root)
    Message.objects.filter(pk=second.pk).update(reply_to=first, root=root)
    Message.objects.filter(pk=root.pk).update(answers=2, edited_at=root.created + timedelta(minutes=2))
    former = "The tender closes in two months. They want six pumps and our commissioning."
    Revision.objects.create(message=root, body=former, html=markdown.render(former), written=root.created)
    Pin.objects.create(room=room, message=root, membership=luca)
    Bookmark.objects.create(membership=luca, message=root)
