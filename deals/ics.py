"""iCalendar (RFC 5545) of entries, as calendar programs subscribe to it. Pure."""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta

from deals.dates import Entry

LONGEST = 75  # octets of a content line, without its line break (3.1)


def calendar(name: str, entries: Iterable[Entry], base: str, host: str, stamp: datetime) -> bytes:
    """A VCALENDAR with one VEVENT an entry; `base` is put before addresses, `host` ends each UID."""
    head = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Filiera//Dates of deals//EN", "CALSCALE:GREGORIAN"]
    head += ["METHOD:PUBLISH", f"X-WR-CALNAME:{escaped(name)}", "REFRESH-INTERVAL;VALUE=DURATION:PT1H"]
    lines = list(head)
    for entry in entries:
        lines += _event(entry, base, host, stamp)
    lines.append("END:VCALENDAR")
    return "".join(f"{part}\r\n" for line in lines for part in folded(line)).encode()


def _event(entry: Entry, base: str, host: str, stamp: datetime) -> Iterator[str]:
    yield "BEGIN:VEVENT"
    yield f"UID:{entry.uid}@{host}"
    yield f"DTSTAMP:{_utc(stamp)}"
    if entry.at is None:
        yield f"DTSTART;VALUE=DATE:{entry.day:%Y%m%d}"
        yield f"DTEND;VALUE=DATE:{(entry.until or entry.day) + timedelta(days=1):%Y%m%d}"
        yield "TRANSP:TRANSPARENT"
    else:
        yield f"DTSTART:{_utc(entry.at)}"
        yield f"DTEND:{_utc(entry.at + timedelta(minutes=entry.minutes or 15))}"
    yield f"SUMMARY:{escaped(entry.title)}"
    yield f"DESCRIPTION:{escaped(entry.sub)}"
    yield f"CATEGORIES:{entry.kind.upper()}"
    yield f"URL:{base}{entry.url}"
    yield "END:VEVENT"


def _utc(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def escaped(text: str) -> str:
    """TEXT as 3.3.11 writes it, without other control characters."""
    plain = text.replace("\r\n", "\n").replace("\r", "\n")
    plain = "".join(letter for letter in plain if letter >= " " or letter in "\n\t")
    for sign, written in (("\\", "\\\\"), (";", "\\;"), (",", "\\,"), ("\n", "\\n")):
        plain = plain.replace(sign, written)
    return plain


def folded(line: str) -> Iterator[str]:
    """The line in pieces of at most 75 octets, each but the first begun with a space; never inside a character."""
    piece, size = "", 0
    for letter in line:
        width = len(letter.encode())
        if size + width > LONGEST:
            yield piece
            piece, size = " ", 1
        piece += letter
        size += width
    yield piece
