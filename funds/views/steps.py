"""Steps on a record: done at once, or with what a dialog asks for."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from core.errors import DomainError
from core.forms import first_error, tried
from core.web import follow, toast, wants_partial
from deals.presenting import Act
from deals.views.dialogs import Dialog, Kind, again
from partners.access import MemberRequest
from partners.actors import Actor


@dataclass(frozen=True, slots=True)
class Record:
    """A kind of record with a page of its own: how it is found and shown, and the dialogs on it."""

    fetch: Callable[[Actor, int], Any]
    show: Callable[..., HttpResponse]
    dialogs: dict[str, Kind]

    def of_acts(self, row: Any, acts: Iterable[Act]) -> list[Dialog]:
        """One dialog for each act that opens one and is allowed."""
        return [self.named(row, act.dialog.removeprefix("#")) for act in acts if act.dialog and act.verdict]

    def named(self, row: Any, name: str, form: forms.Form | None = None) -> Dialog:
        """The dialog of this name, with its form as it was filled in or new."""
        kind = self.dialogs[name]
        made = form or kind.form(prefix=name, about=row)  # type: ignore[call-arg]
        return Dialog(name, kind, reverse(kind.route, args=[row.pk]), made)

    def step(self, request: MemberRequest, pk: int, done: str, run: Callable[[Any], object]) -> HttpResponse:
        """Run a step that asks for nothing more, and show the record again."""
        row = self.fetch(request.actor, pk)
        try:
            run(row)
        except DomainError as error:
            return self.show(request, self.fetch(request.actor, pk), problem=error.message, status=422)
        if not wants_partial(request):
            messages.success(request, done)
            return redirect(row)
        return toast(self.show(request, self.fetch(request.actor, pk)), done)

    def answer(
        self, request: MemberRequest, pk: int, name: str, done: str, run: Callable[[Any, dict[str, Any]], object]
    ) -> HttpResponse:
        """Run a step with what its dialog asks for; its errors come back in the dialog."""
        row = self.fetch(request.actor, pk)
        kind: Any = self.dialogs[name]
        form = kind.form(request.POST, request.FILES, prefix=name, about=row)
        if tried(form, lambda said: run(row, said)):
            messages.success(request, done)
            return follow(request, row)
        if wants_partial(request):
            return again(request, self.named(row, name, form))
        return self.show(request, row, problem=first_error(form), status=422)
