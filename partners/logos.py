"""A picture that somebody gives for a logo, judged by its content and drawn anew: nothing of the file itself is kept.

No SVG and no other format that can hold scripts or addresses. The size is read from the head before a decoder runs.
"""

import io
import struct
import zlib
from dataclasses import dataclass
from typing import IO

from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _
from PIL import Image, ImageOps

from core import pictures
from core.errors import DomainError

MOST_OCTETS = 5_000_000
MOST_PIXELS = 10_000_000  # 40 MB when it is decoded
WIDTH, HEIGHT = 600, 240  # pixels at most, as it is kept
LEAST = 16  # pixels a side, before and after: less cannot be made out
SCANS = 100  # of a JPEG
FAINTEST = 225  # luminance (0 to 255) of what is still seen on white
LEAST_SEEN = 500  # one pixel in so many
FORMATS = ("PNG", "JPEG", "WEBP")
ACCEPT = "image/png,image/jpeg,image/webp"
# What decoders raise for files that are broken or hostile.
BROKEN = (
    OSError,
    SyntaxError,
    ValueError,
    EOFError,
    LookupError,
    TypeError,
    OverflowError,
    MemoryError,
    RuntimeError,
    struct.error,
    zlib.error,
    Image.DecompressionBombError,
    Image.DecompressionBombWarning,
)


@dataclass(frozen=True, slots=True)
class Drawn:
    """A logo as it is kept: a PNG of our own making, and its size in pixels."""

    png: bytes
    width: int
    height: int

    def code_for(self, organisation_id: int) -> str:
        """The name by which everybody may load it: 128 bits that nobody works out, the same for the same picture."""
        return salted_hmac("partners.logos", b"%d:" % organisation_id + self.png, algorithm="sha256").hexdigest()[:32]


def drawn(upload: IO[bytes]) -> Drawn:
    """The picture as a logo. Raises DomainError for what is too large, no picture of these formats, broken, moving, or
    not to be seen on white."""
    upload.seek(0)
    octets = upload.read(MOST_OCTETS + 1)
    if not octets:
        raise _refused(_("This file is empty."))
    if len(octets) > MOST_OCTETS:
        raise _refused(_("This file is larger than %(limit)s MB.") % {"limit": MOST_OCTETS // 1_000_000})
    file = io.BytesIO(octets)
    width, height = pictures.size_of(file)
    if width is None or height is None:
        raise _refused(_("This is no picture that can be read. Give a PNG, JPEG or WebP file."))
    _check_size(width, height)
    try:
        _check_scans(octets)
        shape = _decoded(file)
    except BROKEN as error:
        raise _refused(_("This picture is broken or incomplete. Give a PNG, JPEG or WebP file.")) from error
    _check_seen(shape)
    return encoded(shape)


def encoded(shape: Image.Image) -> Drawn:
    """What was drawn, as it is kept."""
    kept = io.BytesIO()
    shape.save(kept, "PNG", optimize=True)
    return Drawn(kept.getvalue(), *shape.size)


def _check_size(width: int, height: int) -> None:
    if width * height > MOST_PIXELS:
        raise _refused(
            _("This picture has too many pixels: %(width)d × %(height)d. Make it smaller.")
            % {"width": width, "height": height}
        )
    share = min(1, WIDTH / width, HEIGHT / height)
    if min(width * share, height * share) < LEAST:
        raise _refused(_("This picture is too small or too thin to be made out."))


def _check_scans(octets: bytes) -> None:
    """A progressive JPEG is drawn scan by scan over the whole picture: a small file could keep a decoder busy for
    minutes. Within a scan the two octets of its marker never stand (ITU-T T.81, B.1.1.5)."""
    if octets.startswith(b"\xff\xd8") and octets.count(b"\xff\xda") > SCANS:
        raise ValueError("too many scans")


def _decoded(file: IO[bytes]) -> Image.Image:
    """The pixels alone, in red, green, blue and perhaps how opaque they are, no larger than a logo is kept."""
    file.seek(0)
    with Image.open(file, formats=FORMATS) as image:
        _check_size(*image.size)  # what the decoder will make of it may differ from what the head says
        if getattr(image, "n_frames", 1) > 1:
            raise _refused(_("This picture moves. Give one that stands still."))
        image.draft("RGB", (2 * WIDTH, 2 * HEIGHT))  # a large JPEG is not decoded at its full size
        image.load()
        ImageOps.exif_transpose(image, in_place=True)
        shape = _plain(image)
        shape.thumbnail((WIDTH, HEIGHT), Image.Resampling.LANCZOS)
        return Image.frombytes(shape.mode, shape.size, shape.tobytes())  # no texts, profiles or other chunks


def _plain(image: Image.Image) -> Image.Image:
    if image.mode.startswith("I;16"):  # converting cuts off what is above 255
        image = image.point(lambda value: value / 256, "L")
    wanted = "RGBA" if image.has_transparency_data else "RGB"
    return image if image.mode == wanted else image.convert(wanted)


def _check_seen(shape: Image.Image) -> None:
    """It stands on white paper, and on a white plate on dark pages."""
    white = Image.new("RGBA", shape.size, "white")
    shades = Image.alpha_composite(white, shape.convert("RGBA")).convert("L").histogram()
    if sum(shades[: FAINTEST + 1]) * LEAST_SEEN < sum(shades):
        raise _refused(_("On white paper nothing of this logo would be seen. Give the one for light grounds."))


def _refused(sentence: str) -> DomainError:
    return DomainError(sentence, field="logo")
