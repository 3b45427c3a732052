"""Where allauth meets the portal: the client's address, where sign-in leads, messages."""

from allauth.account.adapter import DefaultAccountAdapter, get_adapter
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest


class AccountAdapter(DefaultAccountAdapter):
    """Accounts carry a name, and sign-in leads to where one wanted to go."""

    def add_message(self, request: HttpRequest, level: int, *args: object, **kwargs: object) -> None:
        """Keep what needs to be read; being signed in or out is seen without a message."""
        template = str(args[0] if args else kwargs.get("message_template", ""))
        if not template.endswith(("logged_in.txt", "logged_out.txt")):
            super().add_message(request, level, *args, **kwargs)


def client_address(request: HttpRequest) -> str | None:
    """The caller's address as far as our own proxies vouch for it; None when it cannot be told."""
    try:
        address: str = get_adapter(request).get_client_ip(request)
    except PermissionDenied:
        return None
    return address
