"""The public pages of a campaign: one form for each participant, open while the campaign runs."""

from django.db import transaction
from django.db.models import F
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from campaigns.models import Asset, Campaign, Participant, Visit
from leads.actions.publishing import lend_form

ORIGIN = "campaign"
ASKED = ["contact", "phone", "message"]


def follow_forms(campaign: Campaign) -> None:
    """Bring the forms of a campaign's participants in step with it: made when somebody takes part, open while it runs
    and has a page, closed for who is gone. Called by the actions that change either."""
    page = Asset.objects.filter(campaign=campaign, kind=Asset.Kind.PAGE).first()
    runs = campaign.state == Campaign.State.RUNNING and page is not None
    for seat in Participant.objects.filter(campaign=campaign).select_related("organisation").order_by("pk"):
        takes_part = seat.state == Participant.State.ACTIVE
        if not takes_part and seat.form_id is None:
            continue
        form = lend_form(
            organisation=seat.organisation,
            origin=ORIGIN,
            origin_id=campaign.pk,
            fields=_fields(campaign, seat),
            open_=runs and takes_part,
        )
        if seat.form_id != form.pk:
            seat.form = form
            seat.save(update_fields=["form"])


def _fields(campaign: Campaign, seat: Participant) -> dict[str, object]:
    return {
        "name": campaign.name[:80],
        "campaign": campaign.name,
        "title": (_("Write to %(who)s") % {"who": seat.organisation})[:120],
        "asked": ASKED,
        "consent_text": _("%(who)s may contact me about this request.") % {"who": seat.organisation},
    }


@transaction.atomic
def note_visit(*, seat: Participant, asset: Asset | None) -> None:
    """Count that a participant's page was opened today, and from which asset. Nothing is kept of who did."""
    row, _made = Visit.objects.get_or_create(participant=seat, day=localdate(), asset=asset.pk if asset else 0)
    Visit.objects.filter(pk=row.pk).update(count=F("count") + 1)
