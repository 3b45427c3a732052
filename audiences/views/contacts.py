"""Contacts: the list, one person, and what is done with them."""

from collections.abc import Callable, Iterable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from audiences import actions
from audiences.forms.contacts import ContactForm, TagForm
from audiences.models import Contact, ContactTag, Purpose, Suppression
from audiences.permissions import may_keep
from audiences.presenting import contact_context
from audiences.views import dialogs
from core.bulk import chosen, on_each
from core.errors import DomainError
from core.forms import at_its_field, first_error, tried
from core.listing import Bulk, Choice, Column, Create, Empty, Listing, Period, View
from core.web import follow, render_partial, toast, version_of, wants_partial
from leads.places import country_name
from leads.views.access import never_stored
from partners.access import MemberRequest, member_required, require
from partners.actors import Actor

SEES, KEEPS = "audiences.view", "audiences.manage"


def _tags(actor: Actor) -> Iterable[tuple[str, str]]:
    names = ContactTag.of(actor).order_by("name").values_list("name", flat=True).distinct()[:200]
    return [(name, name) for name in names]


def _countries(actor: Actor) -> Iterable[tuple[str, str]]:
    rows = Contact.objects.visible_to(actor).exclude(country="").order_by("country")
    return [(code, country_name(code)) for code in rows.values_list("country", flat=True).distinct()[:250]]


class TagChoice(Choice):
    """One or more tags. Through a subquery, as a contact with two of them is still one row."""

    def apply(self, rows: Any, params: QueryDict, actor: Any) -> Any:
        """Keep who carries any of the chosen tags."""
        names = [each["value"] for each in self.options(params, actor)["on"]]
        return rows.tagged(names) if names else rows


class ConsentChoice(Choice):
    """Whose consent is in force, or who may not be written to."""

    def apply(self, rows: Any, params: QueryDict, actor: Any) -> Any:
        """Keep who agreed to each chosen purpose; "suppressed" keeps who is left alone."""
        for each in self.options(params, actor)["on"]:
            rows = rows.suppressed() if each["value"] == "suppressed" else rows.agreed_to(each["value"])
        return rows


def _agreed(row: Any) -> tuple[Any, str] | None:
    if row.suppressed_for:
        return Suppression.Reason(row.suppressed_for).label, "bad"
    names = [str(Purpose(each.purpose).label) for each in row.consents.all() if each.withdrawn_at is None]
    return (", ".join(names), "good") if names else None


LIST = Listing(
    key="contacts",
    title=gettext_lazy("Contacts"),
    columns=(
        Column("name", gettext_lazy("Name"), kind="link", sort="name"),
        Column("company", gettext_lazy("Company"), sort="company"),
        Column("email", gettext_lazy("E-mail"), sort="email"),
        Column(
            "tags", gettext_lazy("Tags"), get=lambda row: ", ".join(tag.name for tag in row.tags.all()), phone=False
        ),
        Column("consent", gettext_lazy("May be sent"), get=_agreed, kind="badge"),
        Column("country", gettext_lazy("Country"), get=lambda row: country_name(row.country), phone=False, shown=False),
        Column("phone", gettext_lazy("Telephone"), phone=False, shown=False),
        Column("language", gettext_lazy("Language"), phone=False, shown=False),
        Column("source", gettext_lazy("Source"), phone=False, shown=False),
        Column("created", gettext_lazy("Added"), kind="ago", sort="created", phone=False, shown=False),
    ),
    filters=(
        TagChoice("tag", gettext_lazy("Tags"), choices=_tags),
        ConsentChoice(
            "consent",
            gettext_lazy("Consent"),
            choices=[*Purpose.choices, ("suppressed", gettext_lazy("Not to be written to"))],
        ),
        Choice("country", gettext_lazy("Country"), choices=_countries),
        Period("created", gettext_lazy("Added")),
    ),
    views=(
        View("all", gettext_lazy("All")),
        View("news", gettext_lazy("News and offers"), "consent=news"),
        View("quiet", gettext_lazy("Not to be written to"), "consent=suppressed"),
    ),
    search=("name", "company", "email"),
    default_sort="name",
    bulk=(
        Bulk("tag", gettext_lazy("Tag…"), "audiences:bulk_tag", capability=KEEPS),
        Bulk(
            "erase",
            gettext_lazy("Erase"),
            "audiences:bulk_erase",
            capability=KEEPS,
            confirm=gettext_lazy(
                "Erase these people for ever? Only a hash stays, so that they are not taken in again."
            ),
        ),
    ),
    row_url=lambda row: row.get_absolute_url(),
    live="contact",
    create=Create(gettext_lazy("Add a contact"), "audiences:contact_new", capability=KEEPS),
    template="audiences/contacts.html",
    empty=Empty(
        gettext_lazy("No contacts here"),
        gettext_lazy("People to whom you write stand here: typed in, or from a spreadsheet or address book."),
        gettext_lazy("Add a contact"),
        "audiences:contact_new",
        "contact",
    ),
)


@require_GET
@member_required(SEES)
@never_stored
def index(request: MemberRequest) -> HttpResponseBase:
    """The organisation's contacts."""
    rows = Contact.objects.visible_to(request.actor).with_suppression()
    return LIST.respond(request, rows.prefetch_related("tags", "consents"))


def fetch(actor: Actor, pk: int) -> Contact:
    """A contact of one's own organisation, or 404."""
    rows = Contact.objects.visible_to(actor).with_suppression()
    return get_object_or_404(rows.select_related("imported", "organisation"), pk=pk)


@require_GET
@member_required(SEES)
@never_stored
def contact(request: MemberRequest, pk: int) -> HttpResponse:
    """One person: what is known, what they agreed to, what they were sent."""
    return show(request, fetch(request.actor, pk))


def show(request: MemberRequest, row: Contact, *, problem: str = "", status: int = 200) -> HttpResponse:
    """The record, whole or its live part, with what went wrong on top."""
    context = contact_context(request.actor, row)
    context |= {"problem": problem, "dialogs": dialogs.of_acts(request.actor, row, context["acts"])}
    return render_partial(request, "audiences/contact.html", "record", context, status)


@require_http_methods(["GET", "POST"])
@member_required(KEEPS)
def new(request: MemberRequest) -> HttpResponse:
    """Type a contact in."""
    blank = Contact(organisation=request.actor.organisation, country=request.actor.organisation.country)
    form = ContactForm(request.POST or None, contact=blank)
    known = None
    if form.is_bound and form.is_valid():
        try:
            row = actions.add_contact(actor=request.actor, fields=form.values(), tags=form.cleaned_data["tags"])
        except DomainError as error:
            known = getattr(error, "contact", None)
            at_its_field(form, error)
        else:
            return redirect(row)
    context = {"form": form, "known": known}
    return render(request, "audiences/contact_edit.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@member_required(KEEPS)
@never_stored
def edit(request: MemberRequest, pk: int) -> HttpResponse:
    """Correct a contact."""
    row = fetch(request.actor, pk)
    require(may_keep(request.actor))
    form = ContactForm(request.POST or None, contact=row)

    def run(said: dict[str, Any]) -> None:
        actions.change_contact(
            actor=request.actor, contact=row, fields=form.values(), tags=said["tags"], version=version_of(request)
        )

    if tried(form, run):
        messages.success(request, _("Saved."))
        return redirect(row)
    context = {"form": form, "contact": row}
    return render(request, "audiences/contact_edit.html", context, status=422 if form.errors else 200)


def _decide(request: MemberRequest, pk: int, name: str, run: Callable[[Contact, dict[str, Any]], Any]) -> HttpResponse:
    """Run a step that asks for something in a dialog; its errors come back in the dialog."""
    row = fetch(request.actor, pk)
    form: forms.Form = dialogs.form_of(request.actor, row, name, request.POST)
    if tried(form, lambda said: run(row, said)):
        return follow(request, row)
    if wants_partial(request):
        return dialogs.again(request, dialogs.named(request.actor, row, name, form))
    return show(request, row, problem=first_error(form), status=422)


@require_POST
@member_required(KEEPS)
def consent(request: MemberRequest, pk: int) -> HttpResponse:
    """Note a consent."""
    return _decide(
        request, pk, "consent", lambda row, said: actions.give_consent(actor=request.actor, contact=row, **said)
    )


@require_POST
@member_required(KEEPS)
def withdraw(request: MemberRequest, pk: int) -> HttpResponse:
    """Note that a consent was withdrawn."""
    return _decide(
        request, pk, "withdraw", lambda row, said: actions.withdraw_consent(actor=request.actor, contact=row, **said)
    )


@require_POST
@member_required(KEEPS)
def lift(request: MemberRequest, pk: int) -> HttpResponse:
    """Allow to write to the address again."""
    return _decide(
        request, pk, "lift", lambda row, said: actions.lift_suppression(actor=request.actor, contact=row, **said)
    )


@require_POST
@member_required(KEEPS)
def merge(request: MemberRequest, pk: int) -> HttpResponse:
    """Make one of two."""
    return _decide(
        request, pk, "merge", lambda row, said: actions.merge_contacts(actor=request.actor, contact=row, **said)
    )


@require_POST
@member_required(KEEPS)
def suppress(request: MemberRequest, pk: int) -> HttpResponse:
    """Leave the address alone."""
    row = fetch(request.actor, pk)
    try:
        actions.suppress_contact(actor=request.actor, contact=row)
    except DomainError as error:
        return show(request, row, problem=error.message, status=422)
    done = _("This address is left alone from now on.")
    if not wants_partial(request):
        messages.success(request, done)
        return redirect(row)
    return toast(show(request, fetch(request.actor, pk)), done)


@require_POST
@member_required(KEEPS)
def erase(request: MemberRequest, pk: int) -> HttpResponse:
    """Erase a person for ever."""
    actions.erase_contact(actor=request.actor, contact=fetch(request.actor, pk))
    messages.success(request, _("Erased. Only a hash of the address stays, so that it is not taken in again."))
    return follow(request, "audiences:contacts")


def _chosen(request: MemberRequest) -> Any:
    keys = chosen(request)
    if not keys:
        raise Http404
    return Contact.objects.visible_to(request.actor).filter(pk__in=keys).order_by("pk")


@require_POST
@member_required(KEEPS)
def bulk_tag(request: MemberRequest) -> HttpResponse:
    """Tag the chosen contacts: first it asks how, then it does."""
    rows = _chosen(request)
    form = TagForm(request.POST if "tags" in request.POST else None)
    if not (form.is_bound and form.is_valid()):
        return render(request, "audiences/bulk_tag.html", {"form": form, "rows": rows})
    names, remove = form.cleaned_data["tags"], form.cleaned_data["remove"]
    change = {"remove": names} if remove else {"add": names}
    done, left = on_each(rows, lambda row: actions.tag_contact(actor=request.actor, contact=row, **change))
    messages.success(request, ngettext("%(n)d contact changed.", "%(n)d contacts changed.", done) % {"n": done})
    if left:
        messages.warning(request, ngettext("%(n)d stays as it is.", "%(n)d stay as they are.", left) % {"n": left})
    return redirect("audiences:contacts")


@require_POST
@member_required(KEEPS)
def bulk_erase(request: MemberRequest) -> HttpResponse:
    """Erase the chosen people."""
    done, _left = on_each(_chosen(request), lambda row: actions.erase_contact(actor=request.actor, contact=row))
    messages.success(request, ngettext("%(n)d contact erased.", "%(n)d contacts erased.", done) % {"n": done})
    return redirect("audiences:contacts")
