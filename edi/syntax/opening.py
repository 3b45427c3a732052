"""The walk through the segments of one interchange, as EDIFACT and X12 share it: who handles what, what is let go."""

from collections.abc import Callable, Iterator

from edi.syntax.envelopes import RawGroup, RawInterchange, RawMessage, References
from edi.syntax.findings import Findings
from edi.syntax.reader import BlockReader
from edi.syntax.segments import Segment


class Opener:
    """Walks the segments once; the handler of each service segment closes what it ends."""

    cut_short = ""  # the standard's code for what is too much

    def __init__(self, raw: RawInterchange, reader: BlockReader) -> None:
        self.raw = raw
        self.source = raw.source
        self.findings: Findings = raw.findings
        self.reader = reader
        self.handlers: dict[str, Callable[[Segment], None]] = {}
        self.done: list[RawMessage] = []
        self.group: RawGroup | None = None
        self.message: RawMessage | None = None
        self.references = References()
        self.stray = 0
        self.closed = False

    def run(self) -> Iterator[RawMessage]:
        """Each message as it closes; header, groups, trailer and what is wrong with them go into `raw`."""
        yield from self._walk()
        self.raw.end = self.raw.end or self.raw.blocks.stop_at_hand()
        self._finish()
        yield from self.done

    def _walk(self) -> Iterator[RawMessage]:
        find = self.handlers.get
        body: list[Segment] | None = None
        for batch in self.reader.batches():
            batch.reverse()
            while batch:  # taken out one by one: a message is the only one that holds its segments
                segment = batch.pop()
                handler = find(segment.tag)
                if handler is None and body is not None:
                    body.append(segment)
                    continue
                if self.closed:
                    self._after_end(segment)
                    return
                (handler or self._outside)(segment)
                if self.done:
                    body = None
                    yield self.done.pop()
                body = self.message.segments if self.message else None
            if body and len(body) > self.raw.limits.segments:
                self._drop(body)

    def _drop(self, body: list[Segment], *, keep_last: bool = False) -> None:
        """Let go of what no message may be long enough to hold (all but its trailer); it is only counted."""
        assert self.message is not None  # noqa: S101 - its segments are the body
        most = self.raw.limits.segments
        if not self.message.dropped:
            text = f"The message has more than {most} segments; the rest was not read."
            self.message.findings.error("message-too-long", text, body[-1].place, syntax_error=self.cut_short)
        self.message.dropped += len(body) - most
        del body[most - keep_last : len(body) - keep_last]
        self.source.held = -1

    def _open(self, message: RawMessage) -> bool:
        """Make `message` the current one; False when the interchange may not hold more."""
        raw, most = self.raw, self.raw.limits.messages
        if raw.message_count >= most:
            text = f"The interchange holds more than {most} messages; the rest was not read."
            self.findings.error("too-many-messages", text, message.header.place, syntax_error=self.cut_short)
            self.closed = True
            return False
        raw.message_count += 1
        self.message = message
        self.source.held = message.header.offset
        return True

    def _hand_out(self) -> None:
        """The current message is over."""
        assert self.message is not None  # noqa: S101 - there is one to close
        if len(self.message.segments) > self.raw.limits.segments:
            self._drop(self.message.segments, keep_last=True)
        self.done.append(self.message)
        self.message = None
        self.source.held = -1

    def _open_group(self, segment: Segment) -> RawGroup:
        self.group = RawGroup(segment, self.source.findings(self.raw.limits))
        if len(self.raw.groups) >= self.raw.limits.messages:
            text = f"The interchange holds more than {self.raw.limits.messages} groups; the rest was not read."
            self.findings.error("too-many-messages", text, segment.place, syntax_error=self.cut_short)
            self.closed = True
        else:
            self.raw.groups.append(self.group)
        return self.group

    def _outside(self, segment: Segment) -> None:
        raise NotImplementedError

    def _after_end(self, segment: Segment) -> None:
        raise NotImplementedError

    def _finish(self) -> None:
        raise NotImplementedError
