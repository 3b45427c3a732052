"""What helps while one writes: how the message will look, and rooms and records to point to."""

from django.http import HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from chat import markdown, people
from chat.actions.messages import MAX_BODY
from chat.models import Room
from chat.permissions import may_post
from chat.records import record_url
from chat.views.access import room_of, spoken
from core.errors import DomainError
from core.search import found
from partners.access import MemberRequest, member_required, require

OFFERED = 8


@require_POST
@member_required
@spoken
def preview(request: MemberRequest, pk: int) -> HttpResponse:
    """The message as everybody would see it; nothing is stored."""
    room = room_of(request, pk)
    require(may_post(request.actor, room))
    body = request.POST.get("body", "")
    if len(body) > MAX_BODY:
        raise DomainError(_("The message has more than %(most)s characters.") % {"most": MAX_BODY}, field="body")
    names = people.names_of(people.people_of(room)) if "@" in body else {}
    return JsonResponse({"html": markdown.render(body.replace("\0", ""), names)})


@require_GET
@member_required
def offers(request: MemberRequest, pk: int) -> JsonResponse:
    """Rooms and records that fit `?q=` and that the reader may see, with the link that points to each.

    A record's link bears its number alone: its name is for those who may open it. Talks of two are for the two.
    """
    room_of(request, pk)
    text = request.GET.get("q", "")[:100]
    shared = Room.objects.visible_to(request.actor).whole().exclude(kind=Room.Kind.DIRECT)
    rooms = found(shared, text, "title").order_by("-last_at", "-pk")
    return JsonResponse({"offers": [_offer(room, request.actor.name) for room in rooms[:OFFERED]]})


def _offer(room: Room, reader: str) -> dict[str, str]:
    title = room.title_for(reader)
    url = (record_url(room.record, room.record_id) if room.record and room.record_id else "") or room.get_absolute_url()
    number = title.split(maxsplit=1)[0] if room.record else ""
    shown = number if any(letter.isdigit() for letter in number) else title
    words = shown.replace("[", "(").replace("]", ")").replace("\\", "/")
    return {"label": title, "sub": str(room.get_kind_display()), "insert": f"[#{words}]({url}) "}
