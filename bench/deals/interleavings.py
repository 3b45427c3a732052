"""100,000 stories of two to five partners after one customer, by the real actions: no exclusive protections overlap.

    python -m bench.deals.interleavings [stories] [processes]

Each process walks its share on an in-memory SQLite database of its own (tests/deals/interleaving.py says how). Prints
what was walked and exits with 1 on the first overlap, with its story.
"""

import json
import os
import random
import subprocess
import sys
import time
from collections import Counter

STORIES = 100_000


def main() -> int:
    """Share the stories out, and add up what came of them."""
    stories = int(sys.argv[1]) if len(sys.argv) > 1 else STORIES
    processes = int(sys.argv[2]) if len(sys.argv) > 2 else os.cpu_count() or 1
    began = time.monotonic()
    command = [sys.executable, "-m", "bench.deals.interleavings", "--share"]
    shares = [
        subprocess.Popen([*command, str(seed), str(-(-stories // processes))], stdout=subprocess.PIPE)
        for seed in range(processes)
    ]
    told = [share.communicate()[0] for share in shares]
    if any(share.returncode for share in shares):
        return 1
    found = [json.loads(each.splitlines()[-1]) for each in told]
    came: Counter = Counter()
    for each in found:
        came.update(each["came"])
    steps = sum(each["steps"] for each in found)
    whole = sum(each["stories"] for each in found)
    print(f"{whole} stories, {steps} steps, {processes} processes, {time.monotonic() - began:.0f} s: no overlap")
    for step, number in sorted(came.items()):
        print(f"  {step:40} {number:>9}")
    return 0


def share(seed: int, stories: int) -> None:
    """One process's part."""
    os.environ["FILIERA_TEST_DB"] = ":memory:"
    from bench import lay_tables, set_up

    set_up()
    import time_machine
    from django.db import connection, transaction

    from tests.deals.interleaving import START, explore

    connection.settings_dict["NAME"] = ":memory:"
    lay_tables()
    with time_machine.travel(START, tick=False) as traveller, transaction.atomic():
        told = explore(random.Random(seed), stories, traveller)
        transaction.set_rollback(True)
    came = {f"{step}: {how}": number for (step, how), number in told.came.items()}
    print(json.dumps({"stories": told.stories, "steps": told.steps, "came": came}))


if __name__ == "__main__":
    if sys.argv[1:2] == ["--share"]:
        share(int(sys.argv[2]), int(sys.argv[3]))
    else:
        sys.exit(main())
