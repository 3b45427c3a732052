"""Mailings: the list, the draft, the letter as somebody gets it, the progress and the results."""

from collections.abc import Callable
from typing import Any

from csp.constants import NONE, SELF
from csp.decorators import csp_replace
from django.conf import settings as portal
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from audiences import actions
from audiences.choosing import contacts_of
from audiences.forms.mailings import MailingForm, PreviewForm, ScheduleForm, SettingsForm
from audiences.letters import Writer, known_fields
from audiences.mailing_acts import acts_on
from audiences.models import AudienceSettings, Contact, Mailing, Recipient
from audiences.permissions import may_steer
from audiences.results import COUNTED, results_of
from core.audit import timeline_of
from core.errors import DomainError
from core.forms import tried
from core.listing import Choice, Column, Create, Empty, Flag, Listing, View
from core.web import render_partial, toast, version_of, wants_partial
from leads.views.access import never_stored
from partners.access import MemberRequest, member_required, require
from partners.actors import Actor

SEES, KEEPS, SENDS = "audiences.view", "audiences.manage", "mailings.send"
PREVIEWED = 50
ALONE = {
    "img-src": [SELF, portal.BASE_URL],  # one's own logo, at the address that the letter names
    "frame-ancestors": [SELF],
    "default-src": [NONE],
    "script-src": [NONE],
    "style-src": ["'unsafe-inline'"],
    "form-action": [NONE],
}

LIST = Listing(
    key="mailings",
    title=gettext_lazy("Mailings"),
    columns=(
        Column("subject", gettext_lazy("Subject"), kind="link", sort="subject"),
        Column("state", gettext_lazy("State"), kind="state"),
        Column("segment", gettext_lazy("Goes to"), get=lambda row: str(row.segment or ""), phone=False),
        Column("sent", gettext_lazy("Sent"), kind="number"),
        Column("opened", gettext_lazy("Opened"), kind="number", phone=False),
        Column("clicked", gettext_lazy("Clicked"), kind="number", phone=False),
        Column("when", gettext_lazy("Starts"), kind="ago", get=lambda row: row.started_at or row.scheduled_at),
        Column("created", gettext_lazy("Written"), kind="ago", sort="created", phone=False, shown=False),
    ),
    filters=(Choice("state", gettext_lazy("State"), choices=Mailing.State.choices),),
    views=(
        View("all", gettext_lazy("All")),
        View("drafts", gettext_lazy("Drafts"), "state=draft&state=scheduled"),
        View("now", gettext_lazy("Being sent"), "state=sending&state=paused"),
        View("sent", gettext_lazy("Sent"), "state=sent&state=stopped"),
    ),
    search=("subject", "subject_b"),
    default_sort="-created",
    row_url=lambda row: row.get_absolute_url(),
    live="mailing",
    create=Create(gettext_lazy("Write a mailing"), "audiences:mailing_new", capability=KEEPS),
    template="audiences/mailings.html",
    empty=Empty(
        gettext_lazy("No mailings here"),
        gettext_lazy("A letter to a segment of your contacts: each gets it once, and can leave with one click."),
        gettext_lazy("Write a mailing"),
        "audiences:mailing_new",
        "mails",
    ),
)
RECIPIENTS = Listing(
    key="recipients",
    title=gettext_lazy("Recipients"),
    columns=(
        Column("email", gettext_lazy("E-mail"), kind="link", get=str),
        Column("variant", gettext_lazy("Subject"), phone=False),
        Column("state", gettext_lazy("State"), kind="state"),
        Column("sent_at", gettext_lazy("Sent"), kind="ago", phone=False),
        Column("opened_at", gettext_lazy("Opened"), kind="ago"),
        Column("clicked_at", gettext_lazy("Clicked"), kind="ago"),
        Column("bounced_at", gettext_lazy("Bounced"), kind="ago", phone=False, shown=False),
        Column("unsubscribed_at", gettext_lazy("Unsubscribed"), kind="ago", phone=False, shown=False),
        Column("reason", gettext_lazy("Why"), phone=False),
    ),
    filters=(
        Choice("variant", gettext_lazy("Subject"), choices=[("A", "A"), ("B", "B")]),
        *(Flag(f"is_{key}", label, condition) for key, (label, condition, _tone) in COUNTED.items()),
    ),
    views=(
        View("all", gettext_lazy("All")),
        *(View(key, label, f"is_{key}=1") for key, (label, _c, _t) in COUNTED.items()),
    ),
    search=("email",),
    default_sort="pk",
    row_url=lambda row: row.contact.get_absolute_url() if row.contact else "",
    template="audiences/recipients.html",
    empty=Empty(gettext_lazy("Nobody here"), gettext_lazy("Recipients are written down when the mailing starts.")),
)


def fetch(actor: Actor, pk: int) -> Mailing:
    """A mailing of one's own organisation, or 404."""
    rows = Mailing.objects.visible_to(actor).select_related("organisation", "segment", "written_by")
    return get_object_or_404(rows, pk=pk)


@require_GET
@member_required(SEES)
def index(request: MemberRequest) -> HttpResponseBase:
    """The organisation's mailings."""
    rows = Mailing.objects.visible_to(request.actor).select_related("segment").with_numbers()
    return LIST.respond(request, rows)


@require_GET
@member_required(SEES)
@never_stored
def mailing(request: MemberRequest, pk: int) -> HttpResponse:
    """One mailing: the draft with its preview, or the progress and what became of it."""
    return show(request, fetch(request.actor, pk))


def show(request: MemberRequest, row: Mailing, *, problem: str = "", status: int = 200) -> HttpResponse:
    """The page, whole or its live part, with what went wrong on top."""
    context: dict[str, Any] = {
        "mailing": row,
        "acts": acts_on(request.actor, row),
        "problem": problem,
        "schedule": ScheduleForm(),
        "may_send": may_steer(request.actor),
        "history": timeline_of(request.actor, row),
    }
    if row.is_draft:
        context |= {"preview": _preview_form(request, row), "reach": _reach(row)}
    else:
        context |= results_of(row)
    return render_partial(request, "audiences/mailing.html", "record", context, status)


def _reach(row: Mailing) -> dict[str, int]:
    """To how many the draft would go now, and how many of the segment it leaves out."""
    if row.segment is None:
        return {}
    segment = contacts_of(row.segment)
    reached = segment.exclude(email="").unsuppressed().agreed_to(row.purpose).count()
    return {"reached": reached, "left_out": segment.count() - reached}


def _preview_form(request: MemberRequest, row: Mailing) -> PreviewForm:
    rows = contacts_of(row.segment) if row.segment else Contact.objects.visible_to(request.actor)
    form = PreviewForm(
        request.GET or None, actor=request.actor, rows=rows.order_by("name", "pk").values("pk")[:PREVIEWED]
    )
    if not row.subject_b:
        del form.fields["variant"]
    return form


@require_GET
@member_required(SEES)
@never_stored
@xframe_options_sameorigin
@csp_replace(ALONE)  # type: ignore[arg-type]  # its types know only views without arguments
def letter(request: MemberRequest, pk: int) -> HttpResponse:
    """The letter as a contact would get it: the HTML by itself, without scripts, forms and requests."""
    row = fetch(request.actor, pk)
    person = Contact(organisation=row.organisation, name=request.user.name, email=request.user.email)
    if (key := request.GET.get("contact", "")).isdecimal() and len(key) < 16:
        person = Contact.objects.visible_to(request.actor).filter(pk=int(key)).first() or person
    writer = Writer(row)
    variant = "B" if request.GET.get("variant") == "B" else "A"
    return HttpResponse(writer.filled(person, Recipient(email=person.email, variant=variant), html=True))


@require_http_methods(["GET", "POST"])
@member_required(KEEPS)
def new(request: MemberRequest) -> HttpResponse:
    """Write a mailing."""
    blank = Mailing(organisation=request.actor.organisation, sender_name=str(request.actor.organisation)[:80])
    blank.reply_to = request.user.email
    blank.tracking = AudienceSettings.of(request.actor.organisation).tracking
    return _write(request, blank)


@require_http_methods(["GET", "POST"])
@member_required(KEEPS)
@never_stored
def edit(request: MemberRequest, pk: int) -> HttpResponse:
    """Change a draft."""
    row = fetch(request.actor, pk)
    return _write(request, row) if row.is_draft else redirect(row)


def _write(request: MemberRequest, row: Mailing) -> HttpResponse:
    form = MailingForm(request.POST or None, actor=request.actor, mailing=row)
    saved: list[Mailing] = []

    def run(_said: object) -> None:
        given = row if row.pk else None
        saved.append(
            actions.write_mailing(actor=request.actor, fields=form.values(), mailing=given, version=version_of(request))
        )

    if tried(form, run):
        return redirect(saved[0])
    context = {"form": form, "mailing": row, "fields": known_fields(row.organisation)}
    return render(request, "audiences/mailing_edit.html", context, status=422 if form.errors else 200)


def _act(request: MemberRequest, pk: int, done: Any, run: Callable[[Mailing], Any]) -> HttpResponse:
    """Run a step and show the mailing."""
    row = fetch(request.actor, pk)
    try:
        run(row)
    except DomainError as error:
        return show(request, fetch(request.actor, pk), problem=error.message, status=422)
    if not wants_partial(request):
        messages.success(request, done)
        return redirect(row)
    return toast(show(request, fetch(request.actor, pk)), done)


@require_POST
@member_required(KEEPS)
def test(request: MemberRequest, pk: int) -> HttpResponse:
    """Send the letter to oneself."""
    done = _("A test is on its way to %(address)s.") % {"address": request.user.email}
    return _act(request, pk, done, lambda row: actions.send_test(actor=request.actor, mailing=row))


@require_POST
@member_required(SENDS)
def schedule(request: MemberRequest, pk: int) -> HttpResponse:
    """Have it start by itself."""
    form = ScheduleForm(request.POST)
    if not form.is_valid():
        return show(request, fetch(request.actor, pk), problem=_("Choose a time to come."), status=422)
    return _act(
        request,
        pk,
        _("Scheduled."),
        lambda row: actions.schedule_mailing(actor=request.actor, mailing=row, at=form.cleaned_data["at"]),
    )


@require_POST
@member_required(SENDS)
def step(request: MemberRequest, pk: int, name: str) -> HttpResponse:
    """Start, pause, resume, stop, take off the calendar, send the unsure ones once more."""
    if name not in STEPS:
        raise Http404
    run, done = STEPS[name]
    return _act(request, pk, done, lambda row: run(actor=request.actor, mailing=row))


STEPS: dict[str, tuple[Callable[..., Any], Any]] = {
    "start": (actions.start_mailing, gettext_lazy("It is being sent.")),
    "unschedule": (actions.unschedule_mailing, gettext_lazy("Off the calendar.")),
    "pause": (actions.pause_mailing, gettext_lazy("Paused: no further letter leaves.")),
    "resume": (actions.resume_mailing, gettext_lazy("It goes on.")),
    "stop": (actions.stop_mailing, gettext_lazy("Stopped: what waited is never sent.")),
    "resend": (actions.resend_unsure, gettext_lazy("The unsure letters are sent once more.")),
}


@require_POST
@member_required(KEEPS)
def delete(request: MemberRequest, pk: int) -> HttpResponse:
    """Delete a draft."""
    row = fetch(request.actor, pk)
    try:
        actions.delete_mailing(actor=request.actor, mailing=row)
    except DomainError as error:
        messages.error(request, error.message)
        return redirect(row)
    messages.success(request, _("Deleted."))
    return redirect("audiences:mailings")


@require_GET
@member_required(SEES)
@never_stored
def recipients(request: MemberRequest, pk: int) -> HttpResponseBase:
    """Who got it, and what they did: the list behind each number."""
    row = fetch(request.actor, pk)
    rows = Recipient.objects.visible_to(request.actor).filter(mailing=row).select_related("contact")
    if link := request.GET.get("link", ""):
        rows = rows.followed(int(link)) if link.isdecimal() and len(link) < 6 else rows.none()
    return RECIPIENTS.respond(request, rows, mailing=row)


@require_http_methods(["GET", "POST"])
@member_required(SENDS)
def settings(request: MemberRequest) -> HttpResponse:
    """How the organisation sends."""
    require(may_steer(request.actor))
    form = SettingsForm(request.POST or None, instance=AudienceSettings.of(request.actor.organisation))
    if tried(form, lambda said: actions.save_settings(actor=request.actor, fields=said)):
        messages.success(request, _("Saved."))
        return redirect("audiences:mailings")
    return render(request, "audiences/settings.html", {"form": form}, status=422 if form.errors else 200)
