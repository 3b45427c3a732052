"""`manage.py deals_diagram`: the states of a deal, drawn from the table on the model."""

from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser

from deals.models import Deal

TARGET = Path("docs/deals-states.md")
HEAD = """# The states of a deal

Made from the table on the model by `python manage.py deals_diagram`; a test holds it to the code. What only the vendor
may know (a conflict, a place in the queue behind a protection) is no state of the deal: it lives in the conflict check.

```mermaid
stateDiagram-v2
    [*] --> draft
"""


def diagram() -> str:
    """The diagram as Markdown with a Mermaid state chart, one line for each step from each state."""
    lines = [
        f"    {source} --> {step.target}: {name}"
        for name, step in Deal.TRANSITIONS.items()
        for source in Deal.State.values
        if source in step.sources
    ]
    ends = [
        state for state in Deal.State.values if not any(state in step.sources for step in Deal.TRANSITIONS.values())
    ]
    return HEAD + "\n".join([*lines, *(f"    {state} --> [*]" for state in ends)]) + "\n```\n"


class Command(BaseCommand):
    """Writes docs/deals-states.md, or says with --check that it is out of date."""

    help = "Write the state diagram of a deal into docs/"

    def add_arguments(self, parser: CommandParser) -> None:
        """`--check` compares and changes nothing."""
        parser.add_argument("--check", action="store_true")

    def handle(self, *, check: bool, **options: object) -> None:
        """Write or compare."""
        path = Path(settings.BASE_DIR) / TARGET
        if not check:
            path.write_text(diagram(), encoding="utf-8")
            self.stdout.write(f"{TARGET} written")
        elif path.read_text(encoding="utf-8") != diagram():
            raise SystemExit(f"{TARGET} is not what the code says: run manage.py deals_diagram")
