"""What goes over the wire as it is: raw bodies in, bare acknowledgements out."""

from typing import Any

from rest_framework.negotiation import DefaultContentNegotiation
from rest_framework.parsers import BaseParser
from rest_framework.renderers import BaseRenderer, JSONRenderer
from rest_framework.request import Request


class RawParser(BaseParser):
    """Takes the body as it is, whatever the Content-Type says: the standard is told from the bytes."""

    media_type = "*/*"

    def parse(self, stream: Any, media_type: str | None = None, parser_context: Any = None) -> Any:
        """The bytes."""
        return stream.read()


class EDIFACTRenderer(BaseRenderer):
    """The bare acknowledgement. A refusal that has none is a problem document, whatever was asked for."""

    media_type = "application/edifact"
    format = "edifact"
    charset = None
    render_style = "binary"

    def render(self, data: Any, accepted_media_type: str | None = None, renderer_context: Any = None) -> bytes:
        """Bytes as they are, everything else as JSON."""
        return data if isinstance(data, bytes) else JSONRenderer().render(data)


class X12Renderer(EDIFACTRenderer):
    """997 or TA1."""

    media_type = "application/edi-x12"
    format = "x12"


class XMLRenderer(EDIFACTRenderer):
    """ApplicationResponse."""

    media_type = "application/xml"
    format = "xml"


class LenientNegotiation(DefaultContentNegotiation):
    """A system that sends an odd Accept header gets JSON: its document must not be lost over that."""

    def select_renderer(
        self, request: Request, renderers: Any, format_suffix: str | None = None
    ) -> tuple[BaseRenderer, str]:
        """The first renderer that Accept names, else the first of all."""
        accepted = request.headers.get("Accept", "").lower()
        named = (renderer for renderer in renderers if renderer.media_type in accepted)
        chosen = next(named, renderers[0])
        return chosen, chosen.media_type
