"""Pictures that somebody may give for a logo: good ones, and every kind of bad one."""

import io
import struct
import zlib

from PIL import Image, ImageDraw, PngImagePlugin

from partners.actions.logos import put_up
from partners.logos import drawn


def picture(kind="PNG", mode="RGB", size=(300, 100), ground="white", **options):
    """A picture with a red bar on its ground, as a file of that kind."""
    image = Image.new("RGBA" if mode in {"RGBA", "P"} else "RGB", size, ground)
    draw = ImageDraw.Draw(image)
    draw.rectangle((size[0] // 8, size[1] // 4, size[0] // 2, size[1] * 3 // 4), fill=(200, 20, 20))
    file = io.BytesIO()
    image.convert(mode).save(file, kind, **options)
    return file.getvalue()


def sixteen_bits():
    """A picture in greys of sixteen bits."""
    grey = Image.open(io.BytesIO(picture(mode="L")))
    file = io.BytesIO()
    Image.frombytes("I;16", grey.size, b"".join(bytes((v, v)) for v in grey.tobytes())).save(file, "PNG")
    return file.getvalue()


def blank(ground, sign=None):
    """Of one colour, perhaps with a bar in another."""
    image = Image.new("RGBA", (200, 80), ground)
    if sign:
        ImageDraw.Draw(image).rectangle((20, 20, 180, 60), fill=sign)
    file = io.BytesIO()
    image.save(file, "PNG")
    return file.getvalue()


def moving(kind):
    """Two pictures that follow each other."""
    first, second = Image.new("RGB", (200, 100), "red"), Image.new("RGB", (200, 100), "blue")
    file = io.BytesIO()
    first.save(file, kind, save_all=True, append_images=[second], duration=100, loop=0)
    return file.getvalue()


def with_secrets():
    """A PNG that carries a text, a profile and a time of day beside its pixels."""
    notes = PngImagePlugin.PngInfo()
    notes.add_text("Comment", "<script>alert(1)</script>")
    return picture(pnginfo=notes, icc_profile=b"secret profile", dpi=(300, 300))


def chunk(name, data):
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def bomb(width, height):
    """A PNG of some hundred octets that says it has that many pixels, and of which a part is really there."""
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    packed = zlib.compress(b"\0" * 2_000_000, 9)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", packed) + chunk(b"IEND", b"")


def texts_bomb():
    """A PNG whose comment is a gigabyte once it is unpacked."""
    packer = zlib.compressobj(9)
    packed = b"".join(packer.compress(b"\0" * 1_000_000) for _ in range(100)) + packer.flush()
    whole = picture()
    return whole[:33] + chunk(b"zTXt", b"Comment\0\0" + packed) + whole[33:]


def scans_bomb():
    """A progressive JPEG whose last scan is said again thousands of times: little to store, much to draw."""
    whole = picture("JPEG", size=(1200, 800), progressive=True)
    last = whole.rindex(b"\xff\xda")
    return whole[:last] + whole[last:-2] * 500 + b"\xff\xd9"


def lying_jpeg():
    """A JPEG with a small frame before the one that its decoder goes by, which is huge."""
    whole = picture("JPEG")
    at = whole.index(b"\xff\xc0")
    (length,) = struct.unpack(">H", whole[at + 2 : at + 4])
    frame = bytearray(whole[at : at + 2 + length])
    frame[5:9] = struct.pack(">HH", 60_000, 60_000)
    return whole[: at + 2 + length] + bytes(frame) + whole[at + 2 + length :]


SVG = b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
BAD = {
    "nothing": (b"", "empty"),
    "text named .png": (b"Dear all, this is no picture." * 20, "no picture that can be read"),
    "svg": (SVG, "no picture that can be read"),
    "html behind a png's sign": (b"\x89PNG\r\n\x1a\n<html><script>alert(1)</script></html>", "no picture that can be"),
    "gif": (picture("GIF"), "broken or incomplete"),
    "bmp": (picture("BMP"), "no picture that can be read"),
    "tiff": (picture("TIFF"), "no picture that can be read"),
    "pdf": (picture("PDF"), "no picture that can be read"),
    "zip": (b"PK\x03\x04" + b"\0" * 100, "no picture that can be read"),
    "huge": (bomb(30_000, 30_000), "too many pixels"),
    "beyond belief": (bomb(2**31 - 1, 2**31 - 1), "no picture that can be read"),
    "said and not there": (bomb(3000, 3000), "broken or incomplete"),
    "text that unpacks": (texts_bomb(), "broken or incomplete"),
    "scans without end": (scans_bomb(), "broken or incomplete"),
    "a frame that lies": (lying_jpeg(), "pixels|broken"),
    "5 MB and one": (picture() + b"\0" * 5_000_000, "larger than 5 MB"),
    "moving png": (moving("PNG"), "moves"),
    "moving webp": (moving("WEBP"), "moves"),
    "truncated png": (picture()[:-60], "broken or incomplete"),
    "truncated jpeg": (picture("JPEG")[:-400], "broken or incomplete"),
    "truncated webp": (picture("WEBP")[:-100], "broken or incomplete"),
    "head alone": (picture()[:33], "broken or incomplete"),
    "a dot": (picture(size=(1, 1)), "too small or too thin"),
    "a thread": (picture(size=(5000, 40)), "too small or too thin"),
    "white on white": (blank("white"), "nothing of this logo would be seen"),
    "white on nothing": (blank((255, 255, 255, 0), (250, 250, 250, 255)), "nothing of this logo would be seen"),
    "nothing at all": (blank((0, 0, 0, 0)), "nothing of this logo would be seen"),
}


def with_logo(organisation, **options):
    """The organisation, with a logo that was put up; `options` as of `picture`."""
    kept = drawn(io.BytesIO(picture(**options)))
    put_up(organisation, kept, kept.code_for(organisation.pk))
    return organisation
