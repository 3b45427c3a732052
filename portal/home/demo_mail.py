"""The letter box of the demo: what the file back end of e-mail has written, newest first. Exists in the demo only."""

from dataclasses import dataclass
from datetime import datetime
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from email.utils import make_msgid, parseaddr
from pathlib import Path

from csp.constants import NONE, SELF
from csp.decorators import csp_replace
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import get_current_timezone
from django.utils.translation import gettext as _
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_GET, require_POST

from inbox.inbound.receiving import receive

MAX_FILES = 200
MAX_OCTETS = 2_000_000
RULE = b"-" * 79  # what Django's file back end writes after each message
ALONE = {
    "default-src": [NONE],
    "script-src": [NONE],
    "connect-src": [NONE],
    "form-action": [NONE],
    "font-src": [NONE],
    "media-src": [NONE],
    "style-src": ["'unsafe-inline'"],
    "img-src": [SELF, "data:"],  # as in a mail program: the portal hears that a letter was opened
    "frame-ancestors": [SELF],
    "sandbox": ["allow-popups", "allow-popups-to-escape-sandbox"],
}


@dataclass(frozen=True, slots=True)
class Letter:
    """One message of one file."""

    file: str
    place: int
    written: datetime
    message: EmailMessage

    @property
    def text(self) -> str:
        """The plain part."""
        return self._part("plain")

    @property
    def html(self) -> str:
        """The HTML part, empty when there is none."""
        return self._part("html")

    @property
    def answers_to(self) -> str:
        """The address to which an answer goes, empty where the portal takes none."""
        address = parseaddr(str(self.message.get("Reply-To", "")))[1]
        return address if address.endswith(f"@{settings.REPLY_DOMAIN}") else ""

    def _part(self, subtype: str) -> str:
        body = self.message.get_body(preferencelist=(subtype,))
        if body is None:
            return ""
        payload = body.get_payload(decode=True)
        charset = body.get_content_charset() or "utf-8"
        try:
            return payload.decode(charset, errors="replace") if isinstance(payload, bytes) else ""
        except LookupError:  # a charset that Python does not know
            return payload.decode("latin-1") if isinstance(payload, bytes) else ""


def _files() -> list[Path]:
    folder = Path(settings.EMAIL_FILE_PATH)
    files = [path for path in folder.glob("*.log") if path.is_file()] if folder.is_dir() else []
    return sorted(files, key=lambda path: (path.stat().st_mtime, path.name), reverse=True)[:MAX_FILES]


def _letters_of(path: Path) -> list[Letter]:
    """The messages of one file, newest first."""
    written = datetime.fromtimestamp(path.stat().st_mtime, tz=get_current_timezone())
    with path.open("rb") as file:
        parts = file.read(MAX_OCTETS).split(b"\n" + RULE + b"\n")
    parse = BytesParser(policy=policy.default).parsebytes
    letters = [Letter(path.stem, place, written, parse(raw)) for place, raw in enumerate(parts) if raw.strip()]
    return letters[::-1]


def _letter(file: str, place: int) -> Letter:
    """The letter, looked up among the files that are there: what was asked for never becomes a path."""
    for path in _files():
        if path.stem == file:
            for letter in _letters_of(path):
                if letter.place == place:
                    return letter
    raise Http404


@require_GET
def mail(request: HttpRequest) -> HttpResponse:
    """All letters, newest first."""
    letters = [letter for path in _files() for letter in _letters_of(path)]
    return render(request, "home/demo_mail.html", {"letters": letters})


@require_GET
def letter(request: HttpRequest, file: str, place: int) -> HttpResponse:
    """One letter: its text with links to click, and its HTML in a frame of its own."""
    return render(request, "home/demo_letter.html", {"letter": _letter(file, place)})


@require_POST
def answer(request: HttpRequest, file: str, place: int) -> HttpResponse:
    """Answer a letter as its reader would: the answer comes in as any other letter."""
    found = _letter(file, place)
    if not found.answers_to:
        raise Http404
    made = EmailMessage()
    made["From"], made["To"] = str(found.message["To"]), found.answers_to
    made["Subject"], made["Message-ID"] = (
        f"Re: {found.message['Subject'] or ''}"[:200],
        make_msgid(domain="demo.example"),
    )
    quoted = "\n".join(f"> {line}" for line in found.text.splitlines())
    made.set_content(f"{request.POST.get('text', '')[:10_000]}\n\nOn Monday, Filiera wrote:\n{quoted}\n")
    result = receive(made.as_bytes())
    if result.outcome == "posted":
        messages.success(request, _("Your answer is posted."))
    else:
        messages.error(request, result.reason)
    return redirect("demo:letter", file=file, place=place)


@require_GET
@xframe_options_sameorigin
@csp_replace(ALONE)  # type: ignore[arg-type]  # its types know only views without arguments
def letter_html(request: HttpRequest, file: str, place: int) -> HttpResponse:
    """The HTML part by itself: no scripts, no forms; links open in a new tab."""
    html = _letter(file, place).html
    if not html:
        raise Http404
    return HttpResponse(f'<base target="_blank">{html}')
