"""Views of lists that people save under a name."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import QueryDict
from django.utils.translation import gettext as _

from core.errors import DomainError
from core.models import SavedView

NOT_KEPT = ("cursor", "format", "view")


def save_view(*, actor: Any, list_key: str, name: str, query: str, shared: bool = False) -> SavedView:
    """Keep a list's parameters under a name; saving under the same name again replaces them."""
    name = name.strip()
    if not name or not list_key:
        raise DomainError(_("Give the view a name."), field="name")
    params = QueryDict(query[:1000], mutable=True)
    for key in NOT_KEPT:
        params.pop(key, None)
    view, _created = SavedView.objects.update_or_create(
        organisation=actor.organisation,
        user=actor.user,
        list_key=list_key[:40],
        name=name[:60],
        defaults={"query": params.urlencode()[:1000], "shared": shared},
    )
    return view


def delete_view(*, actor: Any, view: SavedView) -> None:
    """Delete one's own view; a colleague's shared view stays theirs."""
    if view.user_id != actor.user.pk:
        raise PermissionDenied(_("This view belongs to a colleague, who alone can delete it."))
    view.delete()
