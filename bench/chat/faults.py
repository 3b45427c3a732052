"""The fault test: many clients talk in one room while processes are killed, Redis is restarted and lines drop.

At the end every client has every message once, in the same order, and the database has what was sent, once.
`python -m bench.chat.faults` runs it at full size: 200 clients, 20,000 messages, two portals over PostgreSQL and Redis,
each killed once (SIGKILL) and started again, Redis killed once, one client in five dropped without a word.
"""

import argparse
import asyncio
import logging
import random
import sys
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from itertools import chain

from bench.chat.browser import Browser
from bench.chat.stage import Stage, stage

log = logging.getLogger("bench")
AT_ONCE = 24  # posts on their way
WORDS = "The pumps for the second station are ready; see the drawing and tell us which flange you want. "


@dataclass(frozen=True)
class Plan:
    """How large, and after which share of the messages which fault."""

    clients: int = 200
    messages: int = 20_000
    webs: int = 2
    kills: tuple[float, ...] = (0.2, 0.7)
    redis: tuple[float, ...] = (0.45,)
    drops: tuple[float, ...] = (0.1, 0.3, 0.55, 0.8)
    dropped: float = 0.2
    patience: float = 120.0


@dataclass
class Outcome:
    """What happened, and what was wrong; nothing wrong is the promise kept."""

    seconds: float = 0.0
    settled: float = 0.0
    deliveries: int = 0
    reconnections: int = 0
    reloads: int = 0
    retries: int = 0
    closings: Counter = field(default_factory=Counter)
    events: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        facts = (
            f"{self.deliveries} deliveries in {self.seconds:.0f} s, heard {self.settled:.1f} s after the last post; "
            f"{self.reconnections} reconnections, {self.reloads} pages read anew, {self.retries} requests repeated, "
            f"lines ended by {dict(self.closings)}"
        )
        return "\n".join([facts, *self.events, *(self.wrong[:20] or ["nothing lost, nothing twice, one order"])])


class Trial:
    """One run of a plan on a stage."""

    def __init__(self, here: Stage, plan: Plan) -> None:
        self.here, self.plan, self.outcome = here, plan, Outcome()
        made = here.call("prepare", plan.clients)
        self.webs = [here.serve("uvicorn") for _ in range(plan.webs)]
        self.room = made["rooms"][0]
        self.browsers = [
            Browser(f"c{n}", session, self.room, self.webs[n % plan.webs].port)
            for n, session in enumerate(made["sessions"])
        ]
        self.posted = 0

    async def run(self) -> Outcome:
        """Talk, break things, wait until it is quiet, compare."""
        listening = [asyncio.create_task(each.listen()) for each in self.browsers]
        await asyncio.wait_for(asyncio.gather(*(each.joined.wait() for each in self.browsers)), 120)
        log.info("%d clients listen", len(self.browsers))
        started = time.monotonic()
        faults = asyncio.create_task(self.break_things())
        await self.talk()
        await faults
        last = time.monotonic()
        await self.settle(last + self.plan.patience)
        self.outcome.seconds = last - started
        for task in listening:
            task.cancel()
        await asyncio.gather(*listening, return_exceptions=True)
        self.compare()
        return self.outcome

    async def talk(self) -> None:
        """Everybody says their share, one after the other; so many at once over all."""
        lanes = asyncio.Semaphore(AT_ONCE)

        async def one(browser: Browser, count: int) -> None:
            for number in range(count):
                async with lanes:
                    await browser.post(f"{browser.name}-{number}", WORDS)
                self.posted += 1

        share, rest = divmod(self.plan.messages, self.plan.clients)
        await asyncio.gather(*(one(each, share + (n < rest)) for n, each in enumerate(self.browsers)))

    async def break_things(self) -> None:
        """Each fault at its moment, one after the other."""
        plan = self.plan
        faults: list[tuple[float, Callable[[], Awaitable[str]]]] = [
            *((at, self.kill(n)) for n, at in enumerate(plan.kills)),
            *((at, self.restart_redis) for at in plan.redis),
            *((at, self.drop) for at in plan.drops),
        ]
        for at, fault in sorted(faults, key=lambda each: each[0]):
            while self.posted < at * plan.messages:
                await asyncio.sleep(0.02)
            began = time.monotonic()
            what = await fault()
            self.outcome.events.append(f"at message {self.posted}: {what} ({time.monotonic() - began:.1f} s)")
            log.info(self.outcome.events[-1])

    def kill(self, number: int) -> Callable[[], Awaitable[str]]:
        """Kill one portal after the other."""

        async def fault() -> str:
            web = self.webs[number % len(self.webs)]
            web.kill()
            await asyncio.to_thread(web.start)
            return f"portal {number % len(self.webs) + 1} killed, answers again"

        return fault

    async def restart_redis(self) -> str:
        """Redis ends and comes back empty."""
        await asyncio.to_thread(self.here.restart_redis, 1.0)
        return "Redis killed and started again"

    async def drop(self) -> str:
        """A share of the clients lose their network."""
        chosen = random.sample(self.browsers, max(1, int(len(self.browsers) * self.plan.dropped)))
        await asyncio.gather(*(each.drop() for each in chosen))
        return f"{len(chosen)} lines dropped"

    async def settle(self, until: float) -> None:
        """Wait until everybody has the last, or time is up; then have them scroll up to what they passed over."""
        while time.monotonic() < until and any(each.last < self.plan.messages for each in self.browsers):
            await asyncio.sleep(0.05)
        self.outcome.settled = time.monotonic() - until + self.plan.patience
        lanes = asyncio.Semaphore(AT_ONCE)

        async def whole(browser: Browser) -> None:
            async with lanes:
                await browser.scroll_up()

        await asyncio.gather(*(whole(each) for each in self.browsers))

    def compare(self) -> None:
        """What the clients read against what the database has and what was said."""
        out, stored = self.outcome, self.here.call("stored", self.room)
        truth = [(number, body[1 : body.index("]")]) for number, body in stored]
        said = Counter(mark for _number, mark in truth)
        if [number for number, _mark in truth] != list(range(1, self.plan.messages + 1)):
            out.wrong.append(f"the database has {len(truth)} messages, {self.plan.messages} were said")
        out.wrong += [f"{mark} is stored {times} times" for mark, times in said.items() if times > 1]
        for each in self.browsers:
            if each.log != truth:
                out.wrong.append(f"{each.name} on {each.port} has {len(each.log)}, last {each.last}, of {len(truth)}")
            out.wrong += [f"{each.name}: {fault}" for fault in each.faults]
            out.reconnections += each.reconnections
            out.reloads += each.reloads
            out.retries += each.retries
            out.closings.update(each.closings)
        out.deliveries = len(list(chain.from_iterable(each.log for each in self.browsers)))


def run_plan(plan: Plan) -> Outcome:
    """Build a stage, run the plan on it."""
    with stage(scaled=True) as here:
        return asyncio.run(Trial(here, plan).run())


def main() -> int:
    """Exit status 0 where the promise was kept."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--clients", type=int, default=Plan.clients)
    parser.add_argument("--messages", type=int, default=Plan.messages)
    asked = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    outcome = run_plan(Plan(clients=asked.clients, messages=asked.messages))
    print(outcome)
    return 1 if outcome.wrong else 0


if __name__ == "__main__":
    sys.exit(main())
