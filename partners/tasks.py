"""Jobs: the e-mail of an invitation."""

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.utils.translation import override
from django_tasks import task

from core.jobs import retrying
from partners.models import Invitation, User


@task()
@retrying()
def mail_invitation(invitation_id: int) -> None:
    """Send the link of an invitation that is still open, in the reader's language, or else the writer's."""
    invitation = Invitation.objects.open().select_related("organisation", "invited_by").filter(pk=invitation_id).first()
    if invitation is None:
        return
    reader = User.objects.filter(email=invitation.email).first() or invitation.invited_by
    with override(reader.language):
        _message(invitation).send()
    Invitation.objects.filter(pk=invitation.pk).update(sent_at=now())


def _message(invitation: Invitation) -> EmailMultiAlternatives:
    words = {"who": invitation.invited_by, "organisation": invitation.organisation, "company": invitation.company_name}
    subject = (
        _("%(organisation)s invites %(company)s to its partner portal")
        if invitation.company_name
        else _("%(who)s invites you to work for %(organisation)s in Filiera")
    )
    link = settings.BASE_URL + reverse("partners:join", args=[invitation.token])
    context = {**words, "invitation": invitation, "link": link}
    text = render_to_string("partners/mail/invitation.txt", context)
    message = EmailMultiAlternatives(" ".join((subject % words).split()), text, to=[invitation.email])
    message.attach_alternative(render_to_string("partners/mail/invitation.html", context), "text/html")
    return message
