"""`manage.py deals_diagram`: the states of a deal, drawn from the table on the model."""

from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser

from core.states import Transition
from deals.models import Approval, ApprovalStep, Deal, Petition
from deals.steps import STEPS

TARGET = Path("docs/deals-states.md")
HEAD = """# The states of a deal

Made from the tables in the code by `python manage.py deals_diagram`; a test holds it to them, and a scenario for each
step (`tests/deals/test_scenarios.py`) holds the tables to what happens.

What only the vendor may know is no state of the deal: a conflict and a place in the queue behind a protection live in
the conflict check, the pending approval in `Approval`. For its partner such a deal is submitted or in review. A
duplicate of one's own is refused when it is submitted.

"""
APPROVALS = """
## The pending approval

Between "in review" and "approved", where the vendor's steps ask others to agree. The vendor alone sees it; the deal
stays "in review" for both. While it is pending the reviewer can do nothing else with the deal but call it back.

"""
STEPS_OF = "\n### Each of its steps\n\n"
PETITIONS = "\n## What is asked about a deal\n\nMore time, reinstatement, an appeal, a revocation.\n\n"
HEADINGS = "| step | who | capability | guard | trail | told | timer |\n|---|---|---|---|---|---|---|\n"


def diagram() -> str:
    """The page: the chart of a deal and the table of its steps, then those of approvals and requests."""
    deal = chart(Deal.State.values, Deal.TRANSITIONS, "draft")
    steps = "".join(_row(name) for name in Deal.TRANSITIONS)
    approval = chart(Approval.State.values, Approval.TRANSITIONS, "pending")
    step = chart(ApprovalStep.State.values, ApprovalStep.TRANSITIONS, "waiting")
    petition = chart(Petition.State.values, Petition.TRANSITIONS, "pending")
    return HEAD + deal + "\n" + HEADINGS + steps + APPROVALS + approval + STEPS_OF + step + PETITIONS + petition


def chart(states: list[str], steps: dict[str, Transition], first: str) -> str:
    """A table of steps as a Mermaid state chart, one line for each step from each state."""
    lines = [
        f"    {source} --> {step.target}: {name}"
        for name, step in steps.items()
        for source in states
        if source in step.sources
    ]
    ends = [state for state in states if not any(state in step.sources for step in steps.values())]
    drawn = [f"    [*] --> {first}", *lines, *(f"    {state} --> [*]" for state in ends)]
    return "```mermaid\nstateDiagram-v2\n" + "\n".join(drawn) + "\n```\n"


def _row(name: str) -> str:
    step = STEPS[name]
    capability = f"`{step.capability}`" if step.capability else "–"
    cells = (name, step.who, capability, step.guard or "–", f"`{step.verb}`", step.told or "–", step.timer)
    return f"| {' | '.join(cells)} |\n"


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
