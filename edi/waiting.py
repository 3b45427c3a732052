"""What of the exchange waits for an actor: refused documents, late acknowledgements, answers nobody collects."""

from datetime import timedelta

from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.waiting import Waiting
from edi.models import Case, Interchange
from partners.actors import Actor

RECENT = timedelta(days=14)
UNCOLLECTED_FOR = timedelta(hours=4)
SHOWN = 3


def waiting(actor: Actor) -> list[Waiting]:
    """For those who look after the integration: each of the newest exceptions, then the rest by number."""
    if not (actor.can("edi.view") and actor.can("integration.manage")):
        return []
    return [*_exceptions(actor), *_uncollected(actor)]


def _exceptions(actor: Actor) -> list[Waiting]:
    mine = Interchange.objects.visible_to(actor).filter(organisation=actor.organisation)
    settled = Case.objects.visible_to(actor).exclude(settled_at=None).values("interchange")
    recent = mine.exceptions().filter(created__gt=now() - RECENT).exclude(pk__in=settled)
    rows = recent.order_by("-created", "-pk")
    found = list(rows.select_related("organisation", "counterpart")[: SHOWN + 1])
    items = [
        Waiting(
            title=f"{row}: {row.get_state_display()}",
            sub=row.between,
            url=row.get_absolute_url(),
            action_label=_("See what is wrong"),
            due=row.acknowledge_by,
            tone=row.state_tone,
        )
        for row in found[:SHOWN]
    ]
    if len(found) > SHOWN:
        count = rows.count()
        title = ngettext("%d document needs attention", "%d documents need attention", count) % count
        url = reverse("edi:queue")
        items.append(Waiting(title, _("Exchange"), url, _("See all"), tone="warn", count=count))
    return items


def _uncollected(actor: Actor) -> list[Waiting]:
    rows = Interchange.objects.visible_to(actor).outbound_of(actor.organisation.pk).to_collect()
    count = rows.filter(created__lt=now() - UNCOLLECTED_FOR).count()
    if not count:
        return []
    title = ngettext("%d document was not collected", "%d documents were not collected", count) % count
    url = f"{reverse('edi:traffic')}?view=collect&delivery=pending"
    return [Waiting(title, _("Is your system running?"), url, _("Open"), tone="warn", count=count)]
