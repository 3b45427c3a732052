"""What people of the demo write on boards. Invented; the advice is sound."""

from dataclasses import dataclass, field
from typing import Any

LUCA, GIULIA, PAOLO = ("aurora", "channel_manager"), ("aurora", "administrator"), ("aurora", "order_desk")
MARTA, ANDREA = ("brenta", "sales"), ("brenta", "administrator")
DAVIDE, IRENE, FRANCO = ("dolomiti", "sales"), ("adriatica", "sales"), ("adriatica", "administrator")
STEFAN, CAMILLE, JONAS = ("rhein", "sales"), ("loire", "sales"), ("helios", "channel_manager")
INGRID, OSKAR = ("nordic", "channel_manager"), ("nordic", "support")
Who = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Said:
    """A post: who, how many hours after the one above, in what words, and whom it helped."""

    who: Who
    hours: float
    body: str
    useful: tuple[Who, ...] = ()


@dataclass(frozen=True, slots=True)
class Talk:
    """A topic: its board, kind, age in days, title, tags, posts; which post was accepted; where an idea stands."""

    board: str
    kind: str
    days: float
    title: str
    tags: tuple[str, ...]
    posts: tuple[Said, ...]
    accepted: int = 0
    state: str = "open"
    reason: str = ""
    pinned: bool = False
    locked: bool = False
    read_by: tuple[Who, ...] = field(default=())


# key: (owner, name, what for, audience, invited, icon, first posts are held)
BOARDS: dict[str, tuple[str, str, str, str, tuple[str, ...], str, bool]] = {
    "questions": (
        "aurora",
        "Application questions",
        "Sizing, curves, materials, commissioning: ask before you quote.",
        "programme",
        (),
        "circle-question-mark",
        True,
    ),
    "ideas": (
        "aurora",
        "Ideas and news",
        "What the next pumps should do, and what is new in the programme.",
        "programme",
        (),
        "lightbulb",
        False,
    ),
    "open": (
        "aurora",
        "Open forum",
        "Everybody reads here, without signing in. Members of the portal answer.",
        "public",
        (),
        "globe",
        False,
    ),
    "valves": (
        "nordic",
        "Valve service circle",
        "Nordic Valves and its service partners, on what they see at sites.",
        "invited",
        ("brenta", "rhein"),
        "wrench",
        False,
    ),
}

ANSWERED: tuple[Who, ...] = (MARTA, ANDREA, DAVIDE, IRENE, FRANCO, STEFAN, CAMILLE, JONAS, PAOLO)
SURVEYS: dict[str, dict[str, Any]] = {
    "closed": {
        "title": "What slows you down before you can quote?",
        "intro": "Four questions, three minutes. We use the answers to plan what the portal does next.",
        "questions": (
            (
                "What takes most time?",
                "one",
                (("Waiting for prices", 4), ("Finding curves and drawings", 3), ("The customer's data", 2)),
                (),
            ),
            (
                "Which of these do you use every week?",
                "many",
                (("The catalogue", 8), ("Rooms of deals", 7), ("Boards", 4), ("Exchange by EDI", 3)),
                (),
            ),
            (
                "How quickly do we answer registrations?",
                "scale",
                (("1", 0), ("2", 1), ("3", 1), ("4", 4), ("5", 3)),
                (),
            ),
            (
                "What should we stop doing?",
                "text",
                (),
                (
                    "Sending price lists by mail. They are in the catalogue.",
                    "Asking for the same drawing twice.",
                    "Calls on Friday afternoon.",
                ),
            ),
        ),
    },
    "open": {
        "title": "Training next year: where and on what?",
        "intro": "Tell us what you would come for. The answers are anonymous; results are here when it closes.",
        "questions": (
            (
                "Which subject would you come for?",
                "many",
                (("Sizing of stations", 3), ("Drives and control", 2), ("Service of seals", 2), ("Selling energy", 1)),
                (),
            ),
            ("Where?", "one", (("Bergamo", 2), ("Köln", 1), ("Online", 1)), ()),
            ("What else should we know?", "text", (), ("Not in the last week of the quarter, please.",)),
        ),
    },
}
ARTICLE = (
    "Above 30 % propylene glycol the standard seal (carbon against ceramic) wears early.\n\n"
    "**Use option S3**: silicon carbide against silicon carbide, EPDM.\n\n"
    "| Glycol | Seal | Down to |\n|---|---|---|\n| up to 30 % | standard | -10 °C |\n| 30 to 55 % | S3 | -25 °C |\n\n"
    "- ask for the brand: some inhibitors attack EPDM\n- fill the pump before the first start\n"
)
