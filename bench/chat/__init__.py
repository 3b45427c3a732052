"""Rooms over the one socket: deliveries, lateness, a crowd at the door, a stalled reader, a long room.

Everything over PostgreSQL; processes of their own. `python -m bench.chat.faults` is the fault test.
"""

from bench import Row
from bench.chat import fanout, lateness
from bench.chat.stage import Stage, stage


def run() -> list[Row]:
    """Every figure, in one run."""
    with stage(scaled=True) as here:
        return [*_fanout(here), *_lateness(here), _opening(here)]


def _fanout(here: Stage) -> list[Row]:
    redis = here.env.pop("REDIS_URL")
    tutorial, bare = fanout.tutorial(here), fanout.bare(here)
    daphne, uvicorn = fanout.ours(here, "Daphne"), fanout.ours(here, "uvicorn")
    here.env["REDIS_URL"] = redis
    two = fanout.ours(here, "uvicorn", 2)

    def row(what: str, one: fanout.Found, other: fanout.Found, against: str) -> Row:
        return Row(what, f"{one.cpu_us:.0f} µs", f"{other.cpu_us:.0f} µs", against, other.cpu_us / one.cpu_us)

    return [
        row("CPU a delivery, Daphne", daphne, tutorial, "tutorial on Daphne, at least 4"),
        row("CPU a delivery, uvicorn", uvicorn, tutorial, "tutorial on Daphne, at least 9"),
        row("CPU a delivery, 2 x uvicorn over Redis", two, uvicorn, "one process, at least 1/1.3"),
        row("CPU a delivery, uvicorn", uvicorn, bare, "bare websockets.broadcast, at least 0.2"),
        Row("published to heard, p95, uvicorn", f"{uvicorn.p95_ms:.0f} ms", f"{bare.p95_ms:.0f} ms", "bare",
            uvicorn.p95_ms / bare.p95_ms),
    ]  # fmt: skip


def _lateness(here: Stage) -> list[Row]:
    ours, echo = lateness.in_rooms(here)
    slow, alone = lateness.stalled(here)
    seconds, lost = lateness.at_once(here)
    return [
        Row("post to screen, 50 rooms, 20/s, p95", f"{ours:.0f} ms", f"{echo:.1f} ms", "bare echo", ours / echo),
        Row("beside a stalled reader, p95", f"{slow:.0f} ms", f"{alone:.0f} ms", "without, at most 2", slow / alone),
        Row("1,000 sockets opened at once", f"{seconds:.1f} s", f"{lost} lost", "none lost", lost),
    ]


def _opening(here: Stage) -> Row:
    long, short = here.call("opening", 100_000, 100)
    return Row("opening a room of 100,000, p50", f"{long:.1f} ms", f"{short:.1f} ms", "room of 100, at most 1.2",
               long / short)  # fmt: skip
