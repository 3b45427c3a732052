"""Reading notifications and choosing how to be told. Each can be undone."""

from datetime import datetime

from django.db import transaction
from django.utils.timezone import now
from django.utils.translation import gettext as _

from core.errors import DomainError
from inbox.frames import push_read
from inbox.models import Notification, Preference
from inbox.rules import KINDS, RULES
from partners.actors import Actor


@transaction.atomic
def read(*, actor: Actor, notification: Notification) -> Notification:
    """Mark one as read; reading it again keeps the first moment."""
    if notification.read_at is None:
        notification.read_at = now()
        notification.save(update_fields=["read_at"])
        push_read(actor, notification.pk)
    return notification


@transaction.atomic
def unread(*, actor: Actor, notification: Notification) -> Notification:
    """Mark one as unread again."""
    if notification.read_at is not None:
        notification.read_at = None
        notification.save(update_fields=["read_at"])
        push_read(actor, notification.pk)
    return notification


@transaction.atomic
def read_all(*, actor: Actor) -> tuple[int, datetime]:
    """Mark everything unread as read; returns how many, and the moment that undoes it."""
    moment = now()
    waiting = Notification.objects.visible_to(actor).filter(read_at=None)
    many = Notification.objects.filter(pk__in=list(waiting.values_list("pk", flat=True))).update(read_at=moment)
    if many:
        push_read(actor)
    return many, moment


@transaction.atomic
def unread_all(*, actor: Actor, moment: datetime) -> int:
    """Undo `read_all`: what was marked at that moment is unread again."""
    marked = Notification.objects.visible_to(actor).filter(read_at=moment)
    many = Notification.objects.filter(pk__in=list(marked.values_list("pk", flat=True))).update(read_at=None)
    if many:
        push_read(actor)
    return many


def kinds_in_use() -> list[str]:
    """The kinds that at least one rule tells of, in the order of the preferences page."""
    used = {kind for _verb, kind in RULES}
    return [code for code in KINDS if code in used]


@transaction.atomic
def prefer(*, actor: Actor, kind: str, in_app: bool, email: str) -> tuple[Preference, Preference]:
    """Choose how to be told of one kind; returns (before, now). Raises DomainError for what is not on offer."""
    if kind not in KINDS or email not in Preference.Email.values:
        raise DomainError(_("Choose one of the kinds and ways on the page."))
    if actor.membership is None:
        raise DomainError(_("Only people are notified; a service account reads the API."))
    before = Preference.objects.select_for_update(of=("self",)).filter(membership=actor.membership, kind=kind).first()
    chosen, _created = Preference.objects.update_or_create(
        membership=actor.membership, kind=kind, defaults={"in_app": in_app, "email": email}
    )
    return before or Preference(membership=actor.membership, kind=kind), chosen


@transaction.atomic
def stop_mail(*, actor: Actor, kind: str = "") -> None:
    """No more e-mail of this kind, or of any kind; what the portal itself shows stays as it is."""
    chosen = {p.kind: p for p in Preference.objects.visible_to(actor)}
    for code in [kind] if kind in KINDS else list(KINDS):
        in_app = chosen[code].in_app if code in chosen else True
        prefer(actor=actor, kind=code, in_app=in_app, email=Preference.Email.NONE)
