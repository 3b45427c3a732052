"""The living page of the design: every component in all its states, both themes side by side.

Its samples are invented and not translated; nothing of anyone's data is shown, so anyone may look.
"""

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.timezone import now
from django.views.decorators.http import require_GET

from core.web import wants_partial

SECTIONS = (
    ("buttons", "Buttons and states"),
    ("words", "People, numbers, time"),
    ("forms", "Forms"),
    ("lists", "Tables and lists"),
    ("board", "Board"),
    ("room", "Room"),
    ("overlays", "Menus, dialogs, panel, toasts"),
    ("documents", "Documents and findings"),
    ("figures", "Figures, timeline, matrix"),
    ("nothing", "Empty, loading, messages"),
)


@dataclass(frozen=True)
class Sample:
    """Anything with a state."""

    label: str
    state_tone: str

    def get_state_display(self) -> str:
        """The word of the state."""
        return self.label


@dataclass(frozen=True)
class Refusal:
    """A verdict that says no."""

    reason: str

    def __bool__(self) -> bool:
        return False


class SampleForm(forms.Form):
    """One field of each kind."""

    customer = forms.CharField(label="End customer", help_text="The company that will use what is sold.")
    vat = forms.CharField(label="VAT number", required=False)
    country = forms.ChoiceField(label="Country", choices=[("IT", "Italy"), ("DE", "Germany"), ("FR", "France")])
    decision = forms.DateField(label="Decision", widget=forms.DateInput(attrs={"type": "date"}), required=False)
    amount = forms.DecimalField(label="Amount", widget=forms.TextInput(attrs={"inputmode": "decimal", "class": "num"}))
    note = forms.CharField(label="Note", widget=forms.Textarea(attrs={"rows": 3}), required=False)
    kind = forms.ChoiceField(
        label="Kind", choices=[("open", "Open"), ("exclusive", "Exclusive")], widget=forms.RadioSelect, initial="open"
    )
    tender = forms.BooleanField(label="It is a public tender", required=False)
    closed = forms.CharField(label="Number", disabled=True, initial="D-0041271", required=False)
    evidence = forms.FileField(label="Evidence", required=False)


STATES = (
    Sample("In review", "info"),
    Sample("Approved", "good"),
    Sample("Returned", "warn"),
    Sample("Rejected", "bad"),
    Sample("Draft", "still"),
)
TRACK = (
    {"label": "Submitted", "note": "14 Nov", "status": "done"},
    {"label": "In review", "note": "4 h 10 m left of 8 h", "status": "now"},
    {"label": "Approval", "note": "L. Conti, then G. Ferri", "status": "todo"},
    {"label": "Protected", "note": "until 18 Feb 2027", "status": "todo"},
    {"label": "Won", "note": "", "status": "todo"},
)
LINES = (
    ("Vertical turbine pump VT-400", "AP-VT400-IE4", 6, Decimal(24800), Decimal(23064)),
    ("Frequency drive 90 kW", "AP-FD090", 6, Decimal(6900), Decimal(6417)),
    ("Commissioning, per day", "AP-SVC-D", 8, Decimal("914.25"), Decimal("914.25")),
)
DEALS = (
    ("Pumping station upgrade", "Consorzio Adige", STATES[0], Decimal(184200), 2),
    ("Cooling loop, hall 4", "Acciaierie Brescia", STATES[1], Decimal("58640.50"), 26),
    ("Booster sets, three towers", "Immobiliare Sempione", STATES[2], Decimal(27310), 75),
    ("Dewatering, lot 2", "Metro Linea Est", STATES[3], Decimal(412000), 200),
)
SEGMENTS = (
    ("UNB+UNOC:3+8033141159007:14+8033141150004:14+261114:0912+77'", ""),
    ("UNH+1+ORDERS:D:96A:UN:EAN008'", ""),
    ("BGM+220+4500087121+9'", ""),
    ("DTM+137:20261131:102'", "There is no 31 November: the document date cannot be read."),
    ("LIN+1++8033141150011:EN'", ""),
    ("QTY+21:6:PCE'", ""),
)


def _theme(name: str) -> dict[str, Any]:
    wrong = SampleForm({"customer": "", "amount": "abc", "country": "IT", "kind": "open"}, prefix=f"{name}-wrong")
    return {"name": name, "form": SampleForm(prefix=name), "wrong": wrong}


@require_GET
def page(request: HttpRequest) -> HttpResponse:
    """The living page of the design; for its own sample of a side panel, the panel."""
    moment = now()
    context = {
        "sections": [(f"home/design/{name}.html", name, title) for name, title in SECTIONS],
        "themes": [_theme("light"), _theme("dark")],
        "states": STATES,
        "track": TRACK,
        "lines": [(*line, line[2] * line[4]) for line in LINES],
        "deals": [(*deal[:4], moment - timedelta(hours=deal[4])) for deal in DEALS],
        "segments": SEGMENTS,
        "refusal": Refusal("Your role does not allow “Decide deals”. Ask an administrator of Aurora Pumps."),
        "now": moment,
        "later": moment + timedelta(days=3),
        "tiny": Decimal("0.00125"),
        "big": Decimal(184200),
    }
    return render(request, "home/design/panel.html" if wants_partial(request) else "home/design.html", context)
