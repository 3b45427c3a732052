"""What became of a mailing: how many were sent, arrived, opened, clicked; by subject and by link."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, Q, QuerySet
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from audiences.models import Link, Mailing, Recipient

State = Recipient.State
# What is counted, by its key: its words, its condition, its tone. The lists behind the numbers use the same conditions.
COUNTED: dict[str, tuple[str | Promise, Q, str]] = {
    "waiting": (_("Waiting"), Q(state__in=(State.WAITING, State.SENDING)), "still"),
    "sent": (_("Sent"), Q(sent_at__isnull=False), "still"),
    "delivered": (_("Delivered"), Q(sent_at__isnull=False, bounced_at=None), "good"),
    "opened": (_("Opened"), Q(opened_at__isnull=False), "good"),
    "clicked": (_("Clicked"), Q(clicked_at__isnull=False), "good"),
    "bounced": (_("Bounced"), Q(bounced_at__isnull=False) | Q(state=State.FAILED), "bad"),
    "complained": (_("Complained"), Q(complained_at__isnull=False), "bad"),
    "unsubscribed": (_("Unsubscribed"), Q(unsubscribed_at__isnull=False), "warn"),
    "unsure": (_("Unsure"), Q(state=State.UNSURE), "warn"),
    "dropped": (_("Left out after the start"), Q(state=State.DROPPED), "still"),
}
SHOWN = ("sent", "delivered", "opened", "clicked", "bounced", "unsubscribed")
WHEN_ANY = ("complained", "unsure", "dropped")
COMPARED = ("sent", "delivered", "opened", "clicked", "unsubscribed")
WHY = {
    "no_address": _("without an e-mail address"),
    "suppressed": _("not to be written to"),
    "no_consent": _("without consent"),
}


@dataclass(frozen=True, slots=True)
class Number:
    """A number of the results, what share of the delivered it is, and the list behind it."""

    key: str
    label: str | Promise
    value: int
    percent: int | None
    url: str
    tone: str


def counted(rows: QuerySet) -> dict[str, Any]:
    """All numbers of these recipients in one query."""
    numbers = {key: Count("pk", filter=condition) for key, (_label, condition, _tone) in COUNTED.items()}
    found: dict[str, Any] = rows.order_by().aggregate(total=Count("pk"), **numbers)
    return found


def results_of(mailing: Mailing) -> dict[str, Any]:
    """All that the page of a mailing shows of what became of it. Three queries, two subjects or one."""
    rows = Recipient.objects.filter(mailing=mailing)
    all_of = counted(rows)
    keys = [*SHOWN, *(key for key in WHEN_ANY if all_of[key])]
    done = all_of["total"] - all_of["waiting"]
    return {
        "numbers": [number(mailing, key, all_of) for key in keys],
        "total": all_of["total"],
        "unsure": all_of["unsure"],
        "done": done,
        "percent": 100 * done // all_of["total"] if all_of["total"] else 100,
        "variants": _variants(mailing, rows),
        "links": links_of(mailing),
        "left_out": [(WHY[key], many) for key, many in mailing.left_out.items() if many and key in WHY],
    }


def number(mailing: Mailing, key: str, found: dict[str, Any], **narrowed: str) -> Number:
    """One number; opened, clicked and unsubscribed as shares of the delivered, what came before of the sent."""
    label, _condition, tone = COUNTED[key]
    base = found["delivered"] if key in {"opened", "clicked", "unsubscribed", "complained"} else found["sent"]
    query = urlencode({"view": key, f"is_{key}": 1, **narrowed})
    url = f"{reverse('audiences:recipients', args=[mailing.pk])}?{query}"
    share = round(100 * found[key] / base) if base and key not in {"sent", "waiting", "unsure", "dropped"} else None
    return Number(key, label, found[key], share, url, tone if found[key] else "still")


def _variants(mailing: Mailing, rows: QuerySet) -> list[dict[str, Any]]:
    if not mailing.subject_b:
        return []
    return [
        {
            "subject": mailing.subject_for(name),
            "name": name,
            "numbers": [number(mailing, key, found, variant=name) for key in COMPARED],
        }
        for name in "AB"
        if (found := counted(rows.filter(variant=name)))
    ]


def links_of(mailing: Mailing) -> QuerySet:
    """The addresses of a mailing with how many people followed each."""
    return Link.objects.filter(mailing=mailing).annotate(people=Count("clicks"))
