"""Calls on the one socket: a tab takes its seat, signals go to the one tab that is addressed, silence is noticed."""

import asyncio
import logging
from collections.abc import Coroutine, Mapping
from typing import Any, TypeGuard

from channels.db import database_sync_to_async
from django.utils.translation import gettext_lazy as _

from chat.actions.call_upkeep import is_overdue, lapse, may_stay, renew, tidy_call
from chat.calls import frames, signals
from chat.calls.seats import Taken, rings_of, take
from chat.hub import hub
from chat.plugs import Line, Plug

log = logging.getLogger("filiera.calls")
BEAT = 5.0  # seconds between two signs of life of a tab that is in a call
GRACE = 8.0  # seconds in which a tab whose socket ended may come back

NOT_JOINED = _("You are not in this call. Join it first.")
NOT_THERE = _("This person is not in the call.")
NOT_UNDERSTOOD = _("This signal is not understood.")
WHY_OUT = {
    "moved": _("You went on with this call in another tab."),
    "left": _("You left the call."),
    "lost": _("You can no longer be in this call."),
    "over": _("The call is over."),
}


class Seat:
    """One tab in one call: who, with which proof, and whom it may address."""

    def __init__(self, call: int, tab: str) -> None:
        self.call = call
        self.tab = tab
        self.epoch = 0
        self.people: frozenset[int] = frozenset()
        self.early: list[Mapping[str, Any]] | None = []  # rosters heard while the seat is being taken
        self.beat: asyncio.Task | None = None

    def learn(self, roster: Mapping[str, Any]) -> None:
        """Who is in the call now."""
        self.people = frozenset(each["id"] for each in roster["people"] if each["state"] == "joined")


class CallPlug(Plug):
    """`call.enter`, `call.signal`, `call.rings` up; `call.entered`, `call.roster`, `call.signal`, `call.out` down."""

    frame = 24_576  # a session description with camera and screen is about 10,000 characters
    burst = 90
    per_second = 15

    def __init__(self) -> None:
        self.seats: dict[Line, Seat] = {}
        self.tasks: set[asyncio.Task] = set()

    async def receive(self, line: Line, frame: Mapping[str, Any]) -> None:
        """Take a frame of a signed-in tab."""
        handler = {"call.enter": self._enter, "call.signal": self._signal, "call.rings": self._rings}.get(
            str(frame.get("do"))
        )
        if handler is None:
            line.refuse("call", NOT_UNDERSTOOD)
        else:
            await handler(line, frame)

    # Up -----------------------------------------------------------------------------------------------------------
    async def _enter(self, line: Line, frame: Mapping[str, Any]) -> None:
        """The tab proves its seat and hears the call from now on."""
        call, tab = frame.get("call"), frame.get("tab")
        if not _is_key(call) or not isinstance(tab, str) or not 0 < len(tab) <= 32:
            return line.refuse("call", NOT_UNDERSTOOD)
        await self._rise(line)
        seat = self.seats[line] = Seat(call, tab)
        await line.listen(frames.call_group(call))
        await line.listen(frames.seat_group(call, line.member))
        # Asked after listening, so that no change falls between; what is heard meanwhile waits in `early`.
        taken = await database_sync_to_async(take)(line.actor, call, tab)
        if self.seats.get(line) is not seat:
            return None
        if taken is None:
            await self._rise(line)
            return line.say("call.out", call=call, why="lost", reason=NOT_JOINED)
        self._seated(line, seat, taken)
        return None

    def _seated(self, line: Line, seat: Seat, taken: Taken) -> None:
        seat.epoch = taken.epoch
        seat.learn(taken.roster)
        line.say("call.entered", **taken.roster, epoch=taken.epoch)
        early, seat.early = seat.early or [], None
        for roster in early:
            self._show_roster(line, seat, roster)
        seat.beat = self._spawn(self._keep_alive(line, seat))

    async def _signal(self, line: Line, frame: Mapping[str, Any]) -> None:
        """Pass a signal on to the one tab of another member of the same call; it is stored nowhere."""
        seat, to = self.seats.get(line), frame.get("to")
        if seat is None or seat.early is not None or frame.get("call") != seat.call:
            return line.refuse("call", NOT_JOINED)
        if not _is_key(to) or to == line.member or to not in seat.people:
            return line.refuse("call", NOT_THERE)
        try:
            data = signals.clean(frame.get("data"))
        except signals.Malformed:
            return line.refuse("call", NOT_UNDERSTOOD)
        shown = {"call": seat.call, "from": line.member, "epoch": seat.epoch, "data": data}
        await hub().send(frames.seat_group(seat.call, to), {"do": "call.signal", "frame": shown})
        return None

    async def _rings(self, line: Line, frame: Mapping[str, Any]) -> None:
        """A page that was opened while its reader is being rung shows the banner too."""
        for shown in await database_sync_to_async(rings_of)(line.actor):
            line.say(**shown)

    # Down ---------------------------------------------------------------------------------------------------------
    def hear(self, line: Line, group: str, event: Mapping[str, Any]) -> None:
        """What the call says to this tab, as long as it is seated."""
        seat = self.seats.get(line)
        if seat is None or group not in {frames.call_group(seat.call), frames.seat_group(seat.call, line.member)}:
            return
        if event["do"] == "call.roster":
            if seat.early is not None:
                seat.early.append(event["frame"])
            else:
                self._show_roster(line, seat, event["frame"])
        elif event["do"] == "call.signal" and seat.early is None:
            line.say("call.signal", **event["frame"])
        elif event["do"] == "call.out" and event["tab"] == seat.tab:
            self._spawn(self._put_out(line, seat, event["why"]))

    def _show_roster(self, line: Line, seat: Seat, roster: Mapping[str, Any]) -> None:
        seat.learn(roster)
        line.say("call.roster", **roster)

    # The end ------------------------------------------------------------------------------------------------------
    async def rechecked(self, line: Line) -> None:
        """A seat, role or partnership changed: who may no longer be in the room is out of its call at once."""
        seat = self.seats.get(line)
        if seat is not None and not await database_sync_to_async(may_stay)(line.actor, seat.call):
            await database_sync_to_async(lapse)(call_id=seat.call, membership_id=line.member, tab=seat.tab)
            await self._put_out(line, seat, "lost")

    async def closed(self, line: Line) -> None:
        """The socket ended: the tab has a few seconds to come back. A process that dies leaves it to the lease."""
        seat = self.seats.pop(line, None)
        if seat is not None and seat.early is None:
            self._stop(seat)
            self._spawn(self._wait_for_return(seat, line.member))

    async def _wait_for_return(self, seat: Seat, member: int) -> None:
        whose = {"call_id": seat.call, "membership_id": member, "tab": seat.tab}
        if await database_sync_to_async(lapse)(**whose, barred_only=True):
            return
        await asyncio.sleep(GRACE)
        if not any((each.call, each.tab) == (seat.call, seat.tab) for each in self.seats.values()):
            await database_sync_to_async(lapse)(**whose, silent_for=GRACE / 2)

    async def _keep_alive(self, line: Line, seat: Seat) -> None:
        """Renew the lease, and end what is overdue in the call."""
        while True:
            await asyncio.sleep(BEAT)
            try:
                whose = {"call_id": seat.call, "membership_id": line.member, "tab": seat.tab}
                if not await database_sync_to_async(renew)(**whose):
                    self._spawn(self._put_out(line, seat, "lost"))
                    return
                if await database_sync_to_async(is_overdue)(seat.call):
                    await database_sync_to_async(tidy_call)(call_id=seat.call)
            except Exception:
                log.exception("a sign of life in call %s was not noted", seat.call)

    async def _put_out(self, line: Line, seat: Seat, why: str) -> None:
        if self.seats.get(line) is seat:
            await self._rise(line)
            line.say("call.out", call=seat.call, why=why, reason=WHY_OUT.get(why, WHY_OUT["lost"]))

    async def _rise(self, line: Line) -> None:
        """Hear the call no longer."""
        seat = self.seats.pop(line, None)
        if seat is not None:
            self._stop(seat)
            await line.unlisten(frames.call_group(seat.call))
            await line.unlisten(frames.seat_group(seat.call, line.member))

    def _stop(self, seat: Seat) -> None:
        if seat.beat is not None:
            seat.beat.cancel()

    def _spawn(self, work: Coroutine[Any, Any, Any]) -> asyncio.Task:
        task = asyncio.create_task(work)
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)
        return task


def _is_key(value: Any) -> TypeGuard[int]:
    return isinstance(value, int) and not isinstance(value, bool) and 0 < value < 2**63
