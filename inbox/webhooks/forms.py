"""The form of a webhook: it offers the organisation's own accounts, and the events of which the reader may know."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.forms import offer
from inbox.webhooks.catalogue import groups_for
from inbox.webhooks.models import WebhookEndpoint
from partners.actors import Actor
from partners.models import ServiceAccount


class EndpointForm(forms.Form):
    """Where to, as whom, and what."""

    description = forms.CharField(
        label=_("What listens there"), max_length=120, help_text=_("Such as “our CRM” or “warehouse”.")
    )
    url = forms.CharField(
        label=_("Address"), max_length=500, help_text=_("https:// and a server on the public internet.")
    )
    account = forms.ModelChoiceField(
        label=_("With the eyes of"),
        queryset=ServiceAccount.objects.none(),
        help_text=_("What this service account may not see or know of is never sent."),
    )
    events = forms.MultipleChoiceField(label=_("Events"), widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args: Any, actor: Actor, endpoint: WebhookEndpoint | None = None, **kwargs: Any) -> None:
        if endpoint is not None:
            kwargs.setdefault(
                "initial",
                {
                    "description": endpoint.description,
                    "url": endpoint.url,
                    "account": endpoint.account_id,
                    "events": endpoint.events,
                },
            )
        super().__init__(*args, **kwargs)
        offer(self, "account", ServiceAccount.objects.visible_to(actor).filter(active=True).order_by("name"))
        self.groups = groups_for(actor)
        kept = endpoint.events if endpoint is not None else []
        known = [verb for group in self.groups for verb in (f"{group.code}.*", *(each for each, _label in group.verbs))]
        field: Any = self.fields["events"]
        field.choices = [(code, code) for code in [*known, *(each for each in kept if each not in known)]]

    @property
    def event_boxes(self) -> list[dict[str, Any]]:
        """The groups with their boxes, those ticked that are chosen; a group stands open where some of it is."""
        chosen = set(self["events"].value() or [])
        return [
            {
                "label": group.label,
                "all": (f"{group.code}.*", f"{group.code}.*" in chosen),
                "verbs": [(verb, label, verb in chosen) for verb, label in group.verbs],
                "open": bool(chosen & {f"{group.code}.*", *(verb for verb, _label in group.verbs)}),
            }
            for group in self.groups
        ]
