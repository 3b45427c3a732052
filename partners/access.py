"""May I? One answer, with the sentence to show when it is no."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from core.web import ActingRequest
from partners.actors import Actor
from partners.capabilities import label_of
from partners.models import Membership, User

View = Callable[..., HttpResponseBase]


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether an actor may do something, and why not. True or false in a condition."""

    allowed: bool
    reason: str | Promise = ""

    def __bool__(self) -> bool:
        return self.allowed


class MemberRequest(ActingRequest):
    """A request behind `member_required`: somebody is signed in and acts. For the type checker."""

    user: User
    actor: Actor
    memberships: list[Membership]


YES = Verdict(True)


def no(reason: str | Promise) -> Verdict:
    """A refusal with the sentence that says what is missing and whom to ask."""
    return Verdict(False, reason)


def holds(actor: Actor, capability: str) -> Verdict:
    """The verdict on one capability."""
    if actor.can(capability):
        return YES
    return no(
        _("Your role does not allow “%(what)s”. Ask an administrator of %(who)s.")
        % {"what": label_of(capability), "who": actor.organisation}
    )


def require(verdict: Verdict) -> None:
    """Go on, or raise PermissionDenied (403) with the verdict's sentence."""
    if not verdict:
        raise PermissionDenied(str(verdict.reason))


def person_of(actor: Actor) -> User:
    """The person who acts; PermissionDenied for a machine, as some acts need somebody to answer for them."""
    if actor.user is None:
        raise PermissionDenied(_("Only a person can do that."))
    return actor.user


def membership_of(actor: Actor) -> Membership:
    """As whom the person acts; PermissionDenied for a machine."""
    if actor.membership is None:
        raise PermissionDenied(_("Only a person can do that."))
    return actor.membership


def member_required(capability: str | View | None = None) -> Any:
    """Sign in first, then act for an organisation, holding `capability` where one is named.

    Wear it as `@member_required` or `@member_required("deals.view")`. Public views say so by not wearing it.
    """
    if callable(capability):
        return _guard(capability, None)
    return lambda view: _guard(view, capability)


def _guard(view: View, capability: str | None) -> View:
    @wraps(view)
    def guarded(request: MemberRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        actor: Actor | None = request.actor
        if actor is None:
            return redirect("partners:second_factor" if request.memberships else "partners:no_organisation")
        if capability is not None:
            require(holds(actor, capability))
        return view(request, *args, **kwargs)

    guarded.__dict__.update(requires_actor=True, capability=capability)
    return guarded
