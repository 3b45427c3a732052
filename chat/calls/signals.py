"""What one browser may say to another through the portal: a closed shape, rebuilt field by field. Pure."""

from collections.abc import Mapping
from typing import Any

LONGEST_SDP = 20_000
LONGEST_CANDIDATE = 1_000
MOST_CANDIDATES = 40
SOURCES = ("mic", "camera", "screen")


class Malformed(ValueError):
    """The signal has no shape that a browser sends."""


def clean(data: Any) -> dict[str, Any]:
    """The signal with its known fields alone. Raises Malformed.

    `link` names the connection between two tabs, `hello` asks the other side to begin one. `description` is a session
    description (RFC 8829), `candidates` are ICE candidates as RTCIceCandidateInit, `state` says which sources are on.
    """
    if not isinstance(data, Mapping):
        raise Malformed
    known = {name: read(data[name]) for name, read in FIELDS.items() if name in data}
    if not known or "link" not in known:
        raise Malformed
    return known


def _name(value: Any) -> str:
    return _text(value, 40)


def _flag(value: Any) -> bool:
    if not isinstance(value, bool):
        raise Malformed
    return value


def _text(value: Any, longest: int) -> str:
    if not isinstance(value, str) or len(value) > longest:
        raise Malformed
    return value


def _count(value: Any) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value < 2**31:
        raise Malformed
    return value


def _description(value: Any) -> dict[str, str]:
    if not isinstance(value, Mapping) or value.get("type") not in {"offer", "answer"}:
        raise Malformed
    return {"type": value["type"], "sdp": _text(value.get("sdp"), LONGEST_SDP)}


def _candidates(value: Any) -> list[dict[str, Any]]:
    if not isinstance(value, list) or len(value) > MOST_CANDIDATES:
        raise Malformed
    return [_candidate(each) for each in value]


def _candidate(value: Any) -> dict[str, Any]:
    if not isinstance(value, Mapping):
        raise Malformed
    found: dict[str, Any] = {"candidate": _text(value.get("candidate"), LONGEST_CANDIDATE)}
    for name in ("sdpMid", "usernameFragment"):
        if value.get(name) is not None:
            found[name] = _text(value[name], 256)
    if value.get("sdpMLineIndex") is not None:
        found["sdpMLineIndex"] = _count(value["sdpMLineIndex"])
    return found


def _state(value: Any) -> dict[str, bool]:
    if not isinstance(value, Mapping):
        raise Malformed
    return {name: _flag(value.get(name, False)) for name in SOURCES}


FIELDS = {
    "link": _name,
    "for": _count,
    "hello": _flag,
    "description": _description,
    "candidates": _candidates,
    "state": _state,
}
