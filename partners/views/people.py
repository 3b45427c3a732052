"""Colleagues and invitations."""

from django.contrib import messages
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.audit import timeline_of
from core.errors import DomainError
from core.forms import at_its_field
from core.listing import Choice, Column, Create, Empty, Listing, View
from partners import actions
from partners.access import MemberRequest, member_required
from partners.forms import InviteColleagueForm, RolesForm
from partners.models import Invitation, Membership, Role
from partners.permissions import may_close, may_give, may_manage_people, may_reopen, may_revoke

STATES = ((True, gettext_lazy("Active")), (False, gettext_lazy("Closed")))
PEOPLE = Listing(
    key="people",
    title=gettext_lazy("People"),
    columns=(
        Column("name", gettext_lazy("Name"), kind="link", get=lambda m: m.user.name, sort="user__name"),
        Column("email", gettext_lazy("E-mail"), get=lambda m: m.user.email, phone=False),
        Column("job_title", gettext_lazy("Job title"), phone=False),
        Column("roles", gettext_lazy("Roles"), get=lambda m: ", ".join(role.name for role in m.roles.all())),
        Column("state", gettext_lazy("State"), kind="state"),
        Column("created", gettext_lazy("Joined"), kind="ago", sort="created", phone=False),
    ),
    filters=(Choice("active", gettext_lazy("State"), choices=STATES),),
    search=("user__name", "user__email", "job_title"),
    views=(
        View("open", gettext_lazy("Active"), "active=True"),
        View("closed", gettext_lazy("Closed"), "active=False"),
        View("all", gettext_lazy("All"), "active=True&active=False"),
    ),
    default_sort="user__name",
    row_url=lambda membership: reverse("partners:person", args=[membership.pk]),
    empty=Empty(
        gettext_lazy("Nobody is in this view"),
        gettext_lazy("Colleagues work here with their own sign-in and only what their roles allow."),
        icon="users-round",
    ),
    create=Create(gettext_lazy("Invite a colleague"), "partners:invite", key="c", capability="members.manage"),
    live="membership",
    template="partners/settings_listing.html",
)


@require_safe
@member_required
def people(request: MemberRequest) -> HttpResponseBase:
    """Everybody in the organisation; colleagues see each other."""
    rows = Membership.objects.visible_to(request.actor).select_related("user").prefetch_related("roles")
    return PEOPLE.respond(request, rows)


def _person(request: MemberRequest, pk: int) -> Membership:
    rows = Membership.objects.visible_to(request.actor).select_related("user", "organisation")
    return get_object_or_404(rows.prefetch_related("roles"), pk=pk)


@require_safe
@member_required
def person(request: MemberRequest, pk: int) -> HttpResponse:
    """One colleague: roles, state, what happened."""
    membership = _person(request, pk)
    form = RolesForm(actor=request.actor, initial={"roles": membership.roles.all()})
    return _show_person(request, membership, form)


def _show_person(request: MemberRequest, membership: Membership, form: RolesForm, status: int = 200) -> HttpResponse:
    actor = request.actor
    context = {
        "membership": membership,
        "form": form,
        "may_manage": may_manage_people(actor),
        "may_close": may_close(actor, membership),
        "may_reopen": may_reopen(actor, membership),
        "roles": [(role, may_give(actor, [role])) for role in Role.objects.visible_to(actor)],
        "held": {role.pk for role in membership.roles.all()},
        "lines": timeline_of(actor, membership) if actor.can("members.manage") else [],
    }
    return render(request, "partners/person.html", context, status=status)


@require_POST
@member_required("members.manage")
def person_roles(request: MemberRequest, pk: int) -> HttpResponse:
    """Give a colleague exactly the chosen roles."""
    membership = _person(request, pk)
    form = RolesForm(request.POST, actor=request.actor)
    if form.is_valid():
        try:
            actions.change_roles(actor=request.actor, membership=membership, roles=form.cleaned_data["roles"])
        except DomainError as error:
            at_its_field(form, error)
        else:
            messages.success(request, _("%(who)s has these roles from now on.") % {"who": membership})
            return redirect("partners:person", pk)
    return _show_person(request, membership, form, 422)


@require_POST
@member_required("members.manage")
def person_close(request: MemberRequest, pk: int) -> HttpResponse:
    """End a colleague's access."""
    membership = _person(request, pk)
    try:
        actions.close_membership(actor=request.actor, membership=membership)
    except DomainError as error:
        messages.error(request, error.message)
    else:
        messages.success(request, _("%(who)s has no access any more. What they did stays.") % {"who": membership})
    return redirect("partners:person", pk)


@require_POST
@member_required("members.manage")
def person_reopen(request: MemberRequest, pk: int) -> HttpResponse:
    """Let a colleague in again."""
    membership = _person(request, pk)
    actions.reopen_membership(actor=request.actor, membership=membership)
    messages.success(request, _("%(who)s may work here again.") % {"who": membership})
    return redirect("partners:person", pk)


@require_http_methods(["GET", "POST"])
@member_required("members.manage")
def invite(request: MemberRequest) -> HttpResponse:
    """Invite a colleague by e-mail."""
    form = InviteColleagueForm(request.POST or None, actor=request.actor)
    if request.method == "POST" and form.is_valid():
        try:
            invitation = actions.invite_colleague(actor=request.actor, **form.cleaned_data)
        except DomainError as error:
            at_its_field(form, error)
        else:
            messages.success(request, _("The invitation is on its way to %(email)s.") % {"email": invitation.email})
            return redirect("partners:invitations")
    roles = [(role, may_give(request.actor, [role])) for role in Role.objects.visible_to(request.actor)]
    return render(request, "partners/invite.html", {"form": form, "roles": roles}, status=422 if form.is_bound else 200)


@require_safe
@member_required("members.manage")
def invitations(request: MemberRequest) -> HttpResponse:
    """Invitations of colleagues and companies, newest first."""
    actor = request.actor
    rows = Invitation.objects.visible_to(actor).select_related("invited_by").prefetch_related("roles").order_by("-pk")
    shown = [(invitation, may_revoke(actor, invitation)) for invitation in rows[:200]]
    return render(request, "partners/invitations.html", {"invitations": shown})


def _invitation(request: MemberRequest, pk: int) -> Invitation:
    return get_object_or_404(Invitation.objects.visible_to(request.actor), pk=pk)


def _back(invitation: Invitation) -> HttpResponse:
    return redirect("partners:partnerships" if invitation.company_name else "partners:invitations")


@require_POST
@member_required
def invitation_resend(request: MemberRequest, pk: int) -> HttpResponse:
    """Send it again, with a new link."""
    invitation = actions.resend_invitation(actor=request.actor, invitation=_invitation(request, pk))
    messages.success(request, _("Sent again to %(email)s. The earlier link is dead.") % {"email": invitation.email})
    return _back(invitation)


@require_POST
@member_required
def invitation_revoke(request: MemberRequest, pk: int) -> HttpResponse:
    """Take it back."""
    invitation = actions.revoke_invitation(actor=request.actor, invitation=_invitation(request, pk))
    messages.success(request, _("The invitation of %(email)s is taken back.") % {"email": invitation.email})
    return _back(invitation)
