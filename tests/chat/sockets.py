"""A socket of a signed-in member, for tests."""

import json
from typing import Any

from channels.db import database_sync_to_async as db
from channels.testing import WebsocketCommunicator
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore

from chat.consumers import PortalSocket
from partners.models import Membership

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


def session_for(membership: Membership) -> SessionStore:
    """A stored session in which the member acts for their organisation."""
    session = SessionStore()
    session[SESSION_KEY] = str(membership.user.pk)
    session[BACKEND_SESSION_KEY] = BACKEND
    session[HASH_SESSION_KEY] = membership.user.get_session_auth_hash()
    session["organisation_id"] = membership.organisation_id
    session.create()
    return session


class Socket:
    """Speaks the frames of the portal's socket."""

    def __init__(self, communicator: WebsocketCommunicator, session: SessionStore) -> None:
        self.communicator = communicator
        self.session = session

    async def say(self, **frame: Any) -> None:
        """Send a frame up."""
        await self.communicator.send_json_to(frame)

    async def next(self, *wanted: str, timeout: float = 3) -> dict[str, Any]:
        """The next frame of these types; others are passed over."""
        while True:
            frame = await self.communicator.receive_json_from(timeout)
            if frame["on"] in wanted:
                return frame

    async def join(self, topic: str, after: int | None = None) -> dict[str, Any]:
        """Join a topic; the frame that answers."""
        await self.say(do="join", topic=topic, after=after)
        return await self.next("joined", "refused")

    async def everything(self, seconds: float = 0.4) -> list[dict[str, Any]]:
        """All frames until it is quiet for a while."""
        frames = []
        while not await self.communicator.receive_nothing(seconds):
            output = await self.communicator.receive_output(1)
            if output["type"] == "websocket.close":
                frames.append({"on": "closed", "code": output.get("code")})
                break
            frames.append(json.loads(output["text"]))
        return frames

    async def closed(self, timeout: float = 3) -> int:
        """The code with which the server closes."""
        while True:
            output = await self.communicator.receive_output(timeout)
            if output["type"] == "websocket.close":
                return output["code"]

    async def bye(self) -> None:
        """Close from this side."""
        await self.communicator.disconnect()


async def connected(membership: Membership | None) -> Socket:
    """An open socket that was greeted (or, for None, a stranger's)."""
    session = await db(session_for)(membership) if membership else SessionStore()
    communicator = WebsocketCommunicator(PortalSocket.as_asgi(), "/ws/")
    communicator.scope |= {"session": session}
    accepted, _ = await communicator.connect(timeout=3)
    assert accepted
    socket = Socket(communicator, session)
    if membership:
        await socket.next("counts")
    return socket
