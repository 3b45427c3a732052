"""How large a picture is, read from its head: PNG, GIF, JPEG and WebP. No decoder runs on what people upload."""

import struct
from typing import IO

Size = tuple[int, int] | tuple[None, None]
NONE: Size = (None, None)
MOST = 50_000  # pixels a side that are believed
SEGMENTS = 2000  # of a JPEG that are looked at
FRAMES = frozenset({*range(0xC0, 0xC4), *range(0xC5, 0xC8), *range(0xC9, 0xCC), *range(0xCD, 0xD0)})  # SOFn, ITU-T T.81


def size_of(file: IO[bytes]) -> Size:
    """Width and height in pixels; a pair of None for what cannot be read. Leaves the file at its start."""
    try:
        file.seek(0)
        width, height = _read(file)
    except (struct.error, ValueError, IndexError):
        return NONE
    finally:
        file.seek(0)
    return (width, height) if 0 < width <= MOST and 0 < height <= MOST else NONE


def _read(file: IO[bytes]) -> tuple[int, int]:
    head = file.read(32)
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return struct.unpack(">II", head[16:24])
    if head[:6] in {b"GIF87a", b"GIF89a"}:
        return struct.unpack("<HH", head[6:10])
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return _webp(head)
    if head[:2] == b"\xff\xd8":
        return _jpeg(file)
    raise ValueError("not a picture")


def _webp(head: bytes) -> tuple[int, int]:
    """RFC 9649: the lossy, the lossless and the extended head."""
    kind = head[12:16]
    if kind == b"VP8 ":
        width, height = struct.unpack("<HH", head[26:30])
        return width & 0x3FFF, height & 0x3FFF
    if kind == b"VP8L":
        bits = int.from_bytes(head[21:25], "little")
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    if kind == b"VP8X":
        return int.from_bytes(head[24:27], "little") + 1, int.from_bytes(head[27:30], "little") + 1
    raise ValueError("an unknown WebP")


def _jpeg(file: IO[bytes]) -> tuple[int, int]:
    """Segment by segment to the frame header."""
    file.seek(2)
    for _segment in range(SEGMENTS):
        marker = file.read(2)
        while marker[1:] == b"\xff":  # fill bytes
            marker = marker[1:] + file.read(1)
        if len(marker) < 2 or marker[0] != 0xFF:
            break
        (length,) = struct.unpack(">H", file.read(2))
        if marker[1] in FRAMES:
            _precision, height, width = struct.unpack(">BHH", file.read(5))
            return width, height
        file.seek(length - 2, 1)
    raise ValueError("no frame header")
