"""Bodies and queries of requests."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from rest_framework.exceptions import ParseError
from rest_framework.parsers import JSONParser
from rest_framework.request import Request

from core.web import key_of


class SafeJSONParser(JSONParser):
    """JSON; one nested so deep that reading it exhausts the stack is a 400, not a fault of ours."""

    def parse(
        self, stream: Any, media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> dict[str, Any]:
        """The value. Raises ParseError."""
        try:
            return super().parse(stream, media_type, parser_context)
        except RecursionError as error:
            raise ParseError(_("The JSON is nested too deep.")) from error


def number_in(request: Request, name: str, default: int) -> int:
    """A number of the query; the default for what is none."""
    found = key_of(request.query_params.get(name, ""))
    return default if found is None else min(found, 2**31 - 1)
