"""How lengths and names of a call are written."""

from collections.abc import Iterable


def length(seconds: int) -> str:
    """723 seconds → 12:03, 4000 → 1:06:40; the same in every language."""
    hours, rest = divmod(max(0, seconds), 3600)
    minutes, seconds = divmod(rest, 60)
    return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"


def with_lengths(talked: Iterable[tuple[str, int]]) -> str:
    """Who talked, and how long: “Luca Conti 12:03, Marta Riva 11:50”."""
    return ", ".join(f"{name} {length(seconds)}" for name, seconds in talked)
