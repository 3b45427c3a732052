"""Saving and deleting views of lists."""

from django.http import HttpResponse
from django.http.response import HttpResponseRedirectBase
from django.shortcuts import get_object_or_404, redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from core.models import SavedView
from core.saved_views import delete_view, save_view
from partners.access import MemberRequest, member_required


def _back(request: MemberRequest, query: str = "") -> HttpResponseRedirectBase:
    path = request.POST.get("back", "/")
    safe = url_has_allowed_host_and_scheme(path, allowed_hosts={request.get_host()})
    return redirect(f"{path if safe else '/'}{query}")


@require_POST
@member_required
def save(request: MemberRequest) -> HttpResponse:
    """Keep the list's present state under a name and show it as a tab."""
    view = save_view(
        actor=request.actor,
        list_key=request.POST.get("list_key", ""),
        name=request.POST.get("name", ""),
        query=request.POST.get("query", ""),
        shared=request.POST.get("shared") == "1",
    )
    return _back(request, f"?view=saved-{view.pk}&{view.query}")


@require_POST
@member_required
def delete(request: MemberRequest, pk: int) -> HttpResponse:
    """Delete one of one's own views."""
    view = get_object_or_404(SavedView.objects.visible_to(request.actor), pk=pk)
    delete_view(actor=request.actor, view=view)
    return _back(request)
