"""Choosing how to be told: by kind, and at which hours."""

from datetime import time

from django.db import transaction
from django.utils.translation import gettext as _

from core.errors import DomainError
from inbox.models import Preference, QuietHours
from inbox.rules import KINDS, RULES
from partners.access import person_of
from partners.actors import Actor


def kinds_in_use() -> list[str]:
    """The kinds that at least one rule tells of, or that only mail tells of, in the order of the preferences page."""
    used = {kind for _verb, kind in RULES}
    return [code for code, kind in KINDS.items() if code in used or kind.mail_only]


@transaction.atomic
def prefer(
    *, actor: Actor, kind: str, in_app: bool, email: str, push: bool | None = None
) -> tuple[Preference, Preference]:
    """Choose how to be told of one kind (`push` None: as before); returns (before, now).

    Raises DomainError for what is not on offer.
    """
    if kind not in KINDS or email not in Preference.Email.values:
        raise DomainError(_("Choose one of the kinds and ways on the page."))
    if actor.membership is None:
        raise DomainError(_("Only people are notified; a service account reads the API."))
    found = Preference.objects.select_for_update(of=("self",)).filter(membership=actor.membership, kind=kind).first()
    before = found or Preference(membership=actor.membership, kind=kind)
    chosen, _created = Preference.objects.update_or_create(
        membership=actor.membership,
        kind=kind,
        defaults={"in_app": in_app, "email": email, "push": before.push if push is None else push},
    )
    return before, chosen


@transaction.atomic
def stop_mail(*, actor: Actor, kind: str = "") -> None:
    """No more e-mail of this kind, or of any kind; what the portal itself shows stays as it is."""
    chosen = {p.kind: p for p in Preference.objects.visible_to(actor)}
    for code in [kind] if kind in KINDS else list(KINDS):
        in_app = chosen[code].in_app if code in chosen else True
        prefer(actor=actor, kind=code, in_app=in_app, email=Preference.Email.NONE)


@transaction.atomic
def be_quiet(
    *, actor: Actor, begins: time | None, ends: time | None, days: str = "1234567", urgent_through: bool = True
) -> QuietHours | None:
    """Choose one's quiet hours (in one's own time zone), or none with `begins` and `ends` None.

    Raises DomainError where one of the two is missing or no day is chosen.
    """
    user = person_of(actor)
    if begins is None and ends is None:
        QuietHours.objects.filter(user=user).delete()
        return None
    if begins is None or ends is None:
        raise DomainError(_("Write both from when and to when."), field="ends" if begins else "begins")
    if not days or set(days) - set("1234567"):
        raise DomainError(_("Choose at least one day."), field="days")
    kept = {"begins": begins, "ends": ends, "days": "".join(sorted(set(days))), "urgent_through": urgent_through}
    return QuietHours.objects.update_or_create(user=user, defaults=kept)[0]
