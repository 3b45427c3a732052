"""Opening rooms, writing to somebody, seats."""

from collections import Counter

from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from chat import actions
from chat.forms import DirectForm, RoomForm, SeatForm, SettingsForm, TitleForm
from chat.models import Room
from chat.people import people_of, reachable
from chat.permissions import may_leave, may_manage
from chat.views.access import room_of, spoken
from core.errors import DomainError
from core.search import found
from partners.access import MemberRequest, member_required, require
from partners.actors import Actor

SHOWN = 50


def count_of_people(count: int) -> str:
    """ "3 people"."""
    return ngettext("%(count)s person", "%(count)s people", count) % {"count": count}


@require_http_methods(["GET", "POST"])
@member_required("chat.post")
def direct(request: MemberRequest) -> HttpResponse:
    """People whom one may write to; choosing one opens the room of the two."""
    actor = request.actor
    form = DirectForm(request.POST or None, actor=actor)
    if request.method == "POST" and form.is_valid():
        return redirect(actions.start_direct(actor=actor, member=form.cleaned_data["member"]))
    text = request.GET.get("q", "")[:100]
    people = reachable(actor)
    if text.strip():
        people = found(people, text, "user__name", "organisation__name", "job_title")
    context = {"people": people[:SHOWN], "q": text, "form": form}
    return render(request, "chat/direct.html", context, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "POST"])
@member_required("chat.manage")
def new(request: MemberRequest) -> HttpResponse:
    """A group of people, or a room with a partner organisation."""
    actor = request.actor
    form = RoomForm(request.POST or None, actor=actor)
    if request.method == "POST" and form.is_valid():
        try:
            return redirect(_opened(request, form))
        except DomainError as error:
            form.add_error(error.field, error.message)
    return render(request, "chat/new.html", {"form": form}, status=422 if form.is_bound else 200)


def _opened(request: MemberRequest, form: RoomForm) -> Room:
    actor, chosen = request.actor, form.cleaned_data
    if chosen["organisation"]:
        return actions.open_partnership_room(actor=actor, title=chosen["title"], organisation=chosen["organisation"])
    return actions.open_group(actor=actor, purpose=chosen["purpose"], title=chosen["title"], members=chosen["members"])


@require_GET
@member_required
def people(request: MemberRequest, pk: int) -> JsonResponse:
    """Who can be mentioned in the room: people, and organisations that stand for all their people in it."""
    found_people = people_of(room_of(request, pk))
    rows = [{"name": str(each.user), "organisation": str(each.organisation)} for each in found_people]
    groups = Counter(str(each.organisation) for each in found_people)
    organisations = [{"name": name, "people": count_of_people(count)} for name, count in groups.items() if count > 1]
    return JsonResponse({"people": rows, "organisations": organisations})


@require_GET
@member_required
def seats(request: MemberRequest, pk: int) -> HttpResponse:
    """Who sits in the room; who manages it adds, takes away and renames here."""
    room = room_of(request, pk)
    room = room.parent or room
    context = {
        "room": room,
        "seats": room.seats.select_related("organisation", "membership__user"),
        "people": people_of(room),
        "verdict": may_manage(request.actor, room),
        "seat_form": SeatForm(actor=request.actor),
        "title_form": TitleForm(initial={"title": room.title}),
        "settings_form": _settings_form(request.actor, room),
        "leave_verdict": may_leave(request.actor, room),
    }
    return render(request, "chat/seats.html", context)


def _settings_form(actor: Actor, room: Room) -> SettingsForm:
    names = ("purpose", "history", "pinning")
    initial = {**{name: getattr(room, name) for name in names}, "open_to": room.open_to.all()}
    return SettingsForm(actor=actor, room=room, initial=initial)


@require_POST
@member_required
@spoken
def seat_add(request: MemberRequest, pk: int) -> HttpResponse:
    """Seat one more person or organisation."""
    room = room_of(request, pk)
    require(may_manage(request.actor, room))
    form = SeatForm(request.POST, actor=request.actor)
    if not form.is_valid():
        raise DomainError(_("Choose somebody from the list."))
    actions.add_seat(actor=request.actor, room=room, **form.cleaned_data)
    return redirect("chat:seats", pk)


@require_POST
@member_required
@spoken
def seat_remove(request: MemberRequest, pk: int, seat_pk: int) -> HttpResponse:
    """Take a seat away."""
    room = room_of(request, pk)
    seat = get_object_or_404(room.seats, pk=seat_pk)
    actions.remove_seat(actor=request.actor, room=room, seat=seat)
    still = Room.objects.visible_to(request.actor).filter(pk=pk).exists()
    return redirect("chat:seats", pk) if still else redirect("chat:rooms")


@require_POST
@member_required
@spoken
def rename(request: MemberRequest, pk: int) -> HttpResponse:
    """Give the room another name."""
    room = room_of(request, pk)
    form = TitleForm(request.POST)
    if not form.is_valid():
        raise DomainError(_("Give the room a name of at most 200 characters."))
    actions.rename_room(actor=request.actor, room=room, title=form.cleaned_data["title"])
    messages.success(request, _("The room has a new name."))
    return redirect("chat:seats", pk)
