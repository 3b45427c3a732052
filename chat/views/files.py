"""Files of messages, for those who may see the room."""

from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_GET

from chat.files import INLINE
from chat.models import Attachment
from partners.access import MemberRequest, member_required

FRAMED = "default-src 'none'; object-src 'self'; frame-ancestors 'self'"


@require_GET
@member_required
def show(request: MemberRequest, pk: int) -> FileResponse:
    """The file: images and PDFs in the browser, everything else as a download; never run as a page."""
    attachment = get_object_or_404(Attachment.objects.visible_to(request.actor), pk=pk)
    inline = attachment.content_type in INLINE and "download" not in request.GET
    try:
        response = FileResponse(attachment.file.open("rb"), content_type=attachment.content_type)
    except FileNotFoundError as error:
        raise Http404 from error
    response["Content-Disposition"] = content_disposition_header(not inline, attachment.name) or ""
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, max-age=3600"
    framed = attachment.content_type == "application/pdf"  # the browser's own viewer, which starts in no sandbox
    response["Content-Security-Policy"] = FRAMED if framed else "default-src 'none'; sandbox"
    if framed:
        response["X-Frame-Options"] = "SAMEORIGIN"
    return response


@require_GET
@member_required
def page(request: MemberRequest, pk: int) -> HttpResponse:
    """A picture or a PDF on a page of its own, with who sent it; anything else is offered as a download."""
    files = Attachment.objects.visible_to(request.actor)
    file = get_object_or_404(
        files.select_related("message__room", "message__author", "message__service_account"), pk=pk
    )
    return render(request, "chat/file.html", {"file": file, "message": file.message, "room": file.message.room})
