"""Telling other systems of messages: owed in the transaction in which something is said (`inbox.webhooks.outright`)."""

from typing import Any

from chat.models import Message, Seat
from inbox.webhooks.outright import owe_outright


def tell_systems(message: Message, verb: str) -> None:
    """Owe what happened to a message to the systems that listen: of a side thread to its own organisation's alone.

    Thin, as every webhook: the words are fetched through the API, where rights are asked anew.
    """
    room, speaker = message.room, message.organisation
    if speaker is None:
        return
    alone: Any = {room.organisation_id} if room.organisation_id else None
    owe_outright(
        verb=verb,
        organisation=speaker,
        target=room,
        row=message,
        parties=alone or Seat.objects.filter(room=room).values("organisation"),
        path=message.get_absolute_url(),
        message={"id": message.seq, "author": message.speaker},
    )
