"""What is asked at sign-up beside e-mail and password."""

from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from partners.models import User


class NameForm(forms.Form):
    """The name that colleagues and partners will read."""

    name = forms.CharField(label=_("Your name"), max_length=120)

    def signup(self, request: HttpRequest, user: User) -> None:
        """Keep the name (allauth calls this before it saves the account)."""
        user.name = self.cleaned_data["name"]
        user.save(update_fields=["name"])
