"""Triggers: the list, one with its numbers, and the builder that works without scripts."""

from typing import Any

from django.contrib import messages
from django.db.models import Count, Max, Q
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from audiences.letters import OCCASION, known_fields
from automation import actions
from automation.conditions import cleaned
from automation.forms.triggers import LIMITS, TriggerForm
from automation.models import Run, Trigger
from automation.occasions import OCCASIONS
from automation.presenting import acts_on, trigger_context
from automation.sentences import limits_in_words, sentence
from core.errors import DomainError
from core.forms import at_its_field
from core.listing import Choice, Column, Create, Empty, Listing, View
from core.web import follow, render_partial, toast, version_of, wants_partial
from deals import rules
from deals.forms import rules as editor
from leads.views.access import never_stored
from partners.access import MemberRequest, member_required
from partners.actors import Actor
from partners.models import Membership

SEES, KEEPS = "automation.view", "automation.manage"
RELATED = ("organisation", "written_by", "role", "person", "promotion")
STEPS = {
    "activate": (actions.activate_trigger, gettext_lazy("Started: from now on, what happens counts.")),
    "pause": (actions.pause_trigger, gettext_lazy("Paused.")),
    "drop": (actions.drop_waiting, gettext_lazy("Let go of what waited.")),
}

LIST = Listing(
    key="triggers",
    title=gettext_lazy("Triggers"),
    columns=(
        Column("name", gettext_lazy("Name"), kind="link", sort="name"),
        Column("state", gettext_lazy("State"), kind="state"),
        Column("sentence", gettext_lazy("What it does"), get=sentence, phone=False),
        Column("done", gettext_lazy("Reached"), kind="number"),
        Column("out", gettext_lazy("Left out"), kind="number", phone=False),
        Column("last", gettext_lazy("Last"), kind="ago"),
        Column("created", gettext_lazy("Written"), kind="ago", sort="created", phone=False, shown=False),
    ),
    filters=(Choice("state", gettext_lazy("State"), choices=Trigger.State.choices),),
    views=(
        View("all", gettext_lazy("All")),
        View("active", gettext_lazy("Active"), "state=active"),
        View("resting", gettext_lazy("Drafts and paused"), "state=draft&state=paused"),
    ),
    search=("name", "subject"),
    default_sort="name",
    row_url=lambda row: row.get_absolute_url(),
    live="trigger",
    create=Create(gettext_lazy("Write a trigger"), "automation:new", capability=KEEPS),
    empty=Empty(
        gettext_lazy("No triggers here"),
        gettext_lazy("When something happens, something follows by itself: once, within limits, and tried before."),
        gettext_lazy("Write a trigger"),
        "automation:new",
        "workflow",
    ),
)


def fetch(actor: Actor, pk: int) -> Trigger:
    """A trigger of one's own organisation, or 404."""
    return get_object_or_404(Trigger.objects.visible_to(actor).select_related(*RELATED), pk=pk)


@require_GET
@member_required(SEES)
def index(request: MemberRequest) -> HttpResponseBase:
    """The organisation's triggers."""
    done, out = (Q(runs__state=state) for state in (Run.State.DONE, Run.State.LEFT_OUT))
    rows = Trigger.objects.visible_to(request.actor).select_related(*RELATED)
    numbers = {"done": Count("runs", filter=done), "out": Count("runs", filter=out)}
    return LIST.respond(request, rows.annotate(**numbers, last=Max("runs__settled_at", filter=done)))


@require_GET
@member_required(SEES)
@never_stored
def trigger(request: MemberRequest, pk: int) -> HttpResponse:
    """One trigger: what it does, what came of it, and how it changed."""
    return show(request, fetch(request.actor, pk))


def show(request: MemberRequest, row: Trigger, *, problem: str = "", status: int = 200) -> HttpResponse:
    """The page, whole or its live part, with what went wrong on top."""
    context = {**trigger_context(request.actor, row), "acts": acts_on(request.actor, row), "problem": problem}
    return render_partial(request, "automation/trigger.html", "record", context, status)


@require_POST
@member_required(SEES)
def step(request: MemberRequest, pk: int, name: str) -> HttpResponse:
    """Start it, pause it, or let go of what waits."""
    row = fetch(request.actor, pk)
    if name not in STEPS:
        raise Http404
    run, says = STEPS[name]
    try:
        run(actor=request.actor, trigger=row)
    except DomainError as error:
        return show(request, row, problem=error.message, status=422)
    if wants_partial(request):
        return toast(show(request, fetch(request.actor, pk)), str(says))
    messages.success(request, str(says))
    return redirect(row)


@require_POST
@member_required(KEEPS)
def delete(request: MemberRequest, pk: int) -> HttpResponse:
    """Delete a trigger that does not run."""
    row = fetch(request.actor, pk)
    try:
        actions.delete_trigger(actor=request.actor, trigger=row)
    except DomainError as error:
        return show(request, row, problem=error.message, status=422)
    messages.success(request, _("Deleted."))
    return follow(request, "automation:triggers")


@require_http_methods(["GET", "POST"])
@member_required(KEEPS)
@never_stored
def edit(request: MemberRequest, pk: int | None = None) -> HttpResponseBase:
    """Write a trigger, or change one. A press of any button but *Save* stores nothing, and shows what it would do."""
    row = fetch(request.actor, pk) if pk else _blank(request)
    if request.method != "POST":
        form = TriggerForm(actor=request.actor, trigger=row)
        stored = {"id": "", "name": "", "active": True, **row.rule}
        draft = editor.drafts_of([stored], form.occasion.kind.catalogue(row.organisation))[0] if row.rule else _none()
        return _page(request, row, form, draft)
    draft, act = _sent(request), request.POST.get("press", "save")
    if act != "save":
        form = TriggerForm(actor=request.actor, trigger=row, initial=request.POST.dict())
        return _page(request, row, form, _pressed(draft, act, form))
    form = TriggerForm(request.POST, actor=request.actor, trigger=row)
    saved = _saved(request, row, form, draft)
    if saved is None:
        return _page(request, row, form, draft, status=422)
    messages.success(request, _("Saved as version %(n)d.") % {"n": saved.version})
    return redirect(saved)


def _saved(request: MemberRequest, row: Trigger, form: TriggerForm, draft: Any) -> Trigger | None:
    if not form.is_valid():
        return None
    fields = form.occasion.kind.catalogue(row.organisation)
    said = {**form.values(), "rule": _rule_of(draft, fields)}
    try:
        return actions.save_trigger(
            actor=request.actor, fields=said, trigger=row if row.pk else None, version=version_of(request)
        )
    except DomainError as error:
        at_its_field(form, error)
        return None


def _blank(request: MemberRequest) -> Trigger:
    actor = request.actor
    blank = Trigger(organisation=actor.organisation, event=next(iter(OCCASIONS)), reply_to=request.user.email)
    blank.sender_name = str(actor.organisation)[:80]
    return blank


def _sent(request: MemberRequest) -> dict[str, Any]:
    """The conditions that were sent; none where the form had none, for which the editor would put a blank one."""
    any_group = any(name.startswith("r0g0c") for name in request.POST)
    return next(iter(editor.read(request.POST)), _none()) if any_group else _none()


def _none() -> dict[str, Any]:
    return {"id": "", "name": "", "active": True, "join": "all", "groups": []}


def _pressed(draft: dict[str, Any], act: str, form: TriggerForm) -> dict[str, Any]:
    """The conditions after a press; what the chosen event does not know is let go."""
    fields = form.occasion.kind.catalogue(form.instance.organisation)
    first = next(iter(fields))
    if act == "add-first":
        draft["groups"] = [{"join": "all", "conditions": [_condition(first)]}]
    else:
        draft = editor.pressed([draft], act)[0]
    for group in draft["groups"]:
        for each in group["conditions"]:
            if each["field"] not in fields:
                each.update(_condition(first))
    draft["groups"] = [group for group in draft["groups"] if group["conditions"]]
    return draft


def _condition(field: str) -> dict[str, Any]:
    return {"field": field, "op": "", "raw": [], "currency": ""}


def _rule_of(draft: Any, fields: dict[str, rules.Field]) -> dict[str, Any]:
    groups = [group for group in draft["groups"] if group["conditions"]]
    return editor.rules_of([{**draft, "groups": groups}], fields, "EUR")[0] if groups else {}


def _page(request: MemberRequest, row: Trigger, form: TriggerForm, draft: Any, status: int = 200) -> HttpResponse:
    fields = form.occasion.kind.catalogue(row.organisation)
    groups = [group for group in draft["groups"] if group["conditions"]]
    shown = editor.shown([{**draft, "groups": groups}], fields, row.organisation.currency)[0]
    context = {
        "trigger": row,
        "form": form,
        "of_act": [form[name] for name in form.shown if name in form.fields],
        "of_limits": [form[name] for name in LIMITS if name in form.fields],
        "rule": shown,
        "occasion": form.occasion,
        "names": [*known_fields(row.organisation), *OCCASION[:-1]] if "purpose" in form.fields else [],
        "version": request.POST.get("version") or row.version,
        **_in_words(request, row, form, draft, fields),
    }
    return render_partial(request, "automation/edit.html", "editor", context, status)


def _in_words(
    request: MemberRequest, row: Trigger, form: TriggerForm, draft: Any, fields: dict[str, rules.Field]
) -> dict[str, str]:
    """The trigger as it stands in the form, in words; what is still missing, where something is."""
    if request.method != "POST":
        return {"words": sentence(row), "limits": limits_in_words(row)} if row.pk else {"words": "", "limits": ""}
    judged = TriggerForm(request.POST, actor=request.actor, trigger=row)
    if not judged.is_valid():
        return {"words": "", "limits": ""}
    said = Trigger(organisation=row.organisation, **_known(judged.values(), request.actor))
    try:
        said.rule = cleaned(row.organisation, form.occasion, _rule_of(draft, fields))
    except DomainError as error:
        return {"words": "", "limits": "", "incomplete": error.message}
    return {"words": sentence(said), "limits": limits_in_words(said)}


def _known(values: dict[str, Any], actor: Actor) -> dict[str, Any]:
    """With the colleague by name."""
    if values.get("person") is not None:
        mine = Membership.objects.visible_to(actor).live().filter(user=values["person"].pk).first()
        values["person"] = mine.user if mine else None
    return values
