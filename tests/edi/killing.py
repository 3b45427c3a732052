"""A process that takes in a file and is killed at a chosen step; another that comes after it, as after a restart.

Run as `python -m tests.edi.killing FOLDER`: prints, as JSON, what was left after each kill and what came of it.
"""

import json
import os
import shutil
import signal
import sys
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"


def die() -> None:
    """As the machine does: nothing is tidied up."""
    os.kill(os.getpid(), signal.SIGKILL)


def killing(module: str, name: str, *, after: bool = False, on: int = 1) -> Callable[[], None]:
    """Arrange that the process dies before (or `after`) the function is called for the `on`th time."""

    def arrange() -> None:
        from importlib import import_module

        place = import_module(module)
        real, calls = getattr(place, name), iter(range(1, 1000))

        def replaced(*given, **more):
            mine = next(calls) == on
            if mine and not after:
                die()
            result = real(*given, **more)
            if mine:
                die()
            return result

        setattr(place, name, replaced)

    return arrange


STEPS: dict[str, Callable[[], None]] = {
    "before the bytes are kept": killing("edi.exchange", "keep"),
    "when the bytes are kept": killing("edi.exchange", "keep", after=True),
    "when the bytes are claimed": killing("edi.exchange", "claim_patiently", after=True),
    "before the interchange is registered": killing("edi.exchange", "_register"),
    "when the interchange is registered": killing("edi.exchange", "_register", after=True),
    "before the second message": killing("edi.exchange", "settle", on=2),
    "inside the transaction of the second message": killing("edi.applying", "_apply", after=True, on=2),
    "with the second message written and not committed": killing("edi.applying", "_record", after=True, on=2),
    "after the second message": killing("edi.exchange", "settle", after=True, on=2),
    "before the verdict": killing("edi.exchange", "_conclude"),
    "with the verdict written and not committed": killing("edi.exchange", "_conclude", after=True),
    "before the bytes are given back": killing("edi.exchange", "release"),
    "after everything": killing("edi.exchange", "release", after=True),
    "before the other system is told": killing("edi.subscribers", "forward"),
    "with the other system told and not committed": killing("edi.subscribers", "forward", after=True),
}


POSTED_AGAIN = (
    "before the bytes are kept",
    "when the bytes are claimed",
    "inside the transaction of the second message",
    "with the verdict written and not committed",
    "after everything",
)


def prepare(database: Path) -> None:
    """The tables, a buyer with an ERP, and a seller with one."""
    from django.db import connection

    from portal.management.commands.demo import lay_tables
    from tests.edi.traffic import BUYER_GLN, SELLER_GLN, connect, pair

    use(database)
    lay_tables()
    couple = pair()
    connect(couple.seller, couple.buyer, [SELLER_GLN], [BUYER_GLN])
    connection.close()  # brings everything from the write-ahead log into the file that is copied


def use(database: Path) -> None:
    """Let this process work on that file."""
    from django.db import connection

    connection.close()
    connection.settings_dict["NAME"] = str(database)


def forked(act: Callable[[], object]) -> int:
    """The exit status of a child of this process that does it (negative: the signal that ended it)."""
    pid = os.fork()
    if pid == 0:
        try:
            act()
        except BaseException:
            import traceback

            traceback.print_exc()
            os._exit(1)
        os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


def post() -> None:
    """What the buyer's ERP does."""
    from edi.exchange import receive
    from partners.actors import Actor
    from partners.models import ServiceAccount
    from tests.edi.traffic import edifact, orders_message

    account = ServiceAccount.objects.get()
    actor = Actor(account.organisation, account.capabilities(), "api", service_account=account)
    messages = [orders_message(str(at), f"PO-{at}") for at in (1, 2, 3)]
    receive(actor=actor, data=edifact(*messages).encode())


def state() -> dict[str, object]:
    """What there is now."""
    from edi.models import Interchange, Message, Transmission
    from orders.models import Order

    out = Interchange.objects.filter(direction="out")
    came = Message.objects.filter(interchange__direction="in")
    return {
        "kept": Transmission.objects.filter(inbound=True).count(),
        "orders": sorted(Order.objects.values_list("number", flat=True)),
        "messages": sorted(came.values_list("document_number", flat=True)),
        "acknowledgements": out.filter(content="acknowledgement").count(),
        "forwarded": sorted(out.filter(content="order").values_list("keywords", flat=True)),
        "numbers": sorted(map(int, out.filter(content="order").values_list("control_number", flat=True))),
    }


def restart(database: Path, answer: Path, *, again: bool) -> None:
    """The portal comes up again: its timetable runs, and where the sender had no answer it posts again (`again`)."""
    from django.db.models import F

    from core.audit import deliver_owed
    from core.models import TrailEntry
    from edi.models import Transmission
    from edi.resuming import resume_cut_off

    use(database)
    left = state()
    hour = timedelta(hours=1)
    Transmission.objects.update(claimed_at=F("claimed_at") - hour, last_received_at=F("last_received_at") - hour)
    TrailEntry.objects.update(created=F("created") - hour)
    resume_cut_off()
    deliver_owed.call()
    if again:
        post()
    answer.write_text(json.dumps({"left": left, "came": state()}))


def main(folder: Path) -> None:
    """Kill at every step, restart, and tell."""
    import django

    django.setup()
    clean = folder / "clean.sqlite3"
    if forked(lambda: prepare(clean)):
        raise SystemExit("the tables could not be made")
    told = {}
    for number, (step, arrange) in enumerate(STEPS.items()):
        for again in (False, True) if step in POSTED_AGAIN else (False,):
            mine, answer = folder / f"{number}-{again}.sqlite3", folder / f"{number}-{again}.json"
            shutil.copy(clean, mine)

            def victim(mine: Path = mine, arrange: Callable[[], None] = arrange) -> None:
                use(mine)
                arrange()
                post()

            status = forked(victim)
            restarted = forked(lambda mine=mine, answer=answer, again=again: restart(mine, answer, again=again))
            result = json.loads(answer.read_text()) if not restarted else {}
            told[f"{step}{', posted again' if again else ''}"] = {"status": status, **result}
    print(json.dumps(told))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
