"""Sockets live as long as the session that opened them."""

import hashlib
from typing import Any

from allauth.usersessions.models import UserSession
from django.contrib.auth import get_user
from django.contrib.auth.signals import user_logged_out
from django.contrib.sessions.backends.db import SessionStore
from django.db.models.signals import post_delete
from django.dispatch import receiver
from django.http import HttpRequest

from core import realtime
from partners.actors import Actor, actor_for


def session_group(session_key: str) -> str:
    """Every socket that one session opened; the key itself does not travel."""
    return f"session.{hashlib.sha256(session_key.encode()).hexdigest()[:32]}"


def live_actor(session_key: str | None) -> Actor | None:
    """Who acts through a session now: read anew, None when the session, the person or the membership ended."""
    if not session_key:
        return None
    request = HttpRequest()
    request.session = SessionStore(session_key)
    return actor_for(get_user(request), request.session.get("organisation_id"), "socket")


@receiver(user_logged_out, dispatch_uid="chat.signed_out")
def signed_out(request: HttpRequest | None, **_kwargs: Any) -> None:
    """Close the sockets of a session that signs out."""
    key = getattr(getattr(request, "session", None), "session_key", None)
    if key:
        realtime.control(session_group(key), do="end")


@receiver(post_delete, sender=UserSession, dispatch_uid="chat.session_ended")
def session_ended(instance: UserSession, **_kwargs: Any) -> None:
    """Close the sockets of a session that was ended from the list of sessions."""
    realtime.control(session_group(instance.session_key), do="end")
