"""The logos of the demo's companies: a drawn sign with the name beside it, or the sign alone. One has none."""

from collections.abc import Callable

from PIL import Image, ImageDraw, ImageFont

from partners.logos import Drawn, encoded

Draw = ImageDraw.ImageDraw
Colour = str
SIDE, FINE = 120, 4  # pixels of a sign, and how many times larger it is drawn so that its edges become smooth
INK = "#17212b"


def _aurora(draw: Draw, colour: Colour) -> None:
    """The sun over a horizon."""
    draw.pieslice((14, 18, 106, 110), 180, 360, fill=colour)
    for at in (72, 86, 100):
        draw.rectangle((14 + (at - 72) // 2, at, 106 - (at - 72) // 2, at + 7), fill=colour)


def _nordic(draw: Draw, colour: Colour) -> None:
    """A valve as plans draw it."""
    draw.polygon(((10, 40), (60, 66), (10, 92)), fill=colour)
    draw.polygon(((110, 40), (60, 66), (110, 92)), fill=colour)
    draw.rectangle((56, 26, 64, 66), fill=colour)
    draw.rounded_rectangle((36, 18, 84, 30), 6, fill=colour)


def _helios(draw: Draw, colour: Colour) -> None:
    """A rotor."""
    for start in range(0, 360, 60):
        draw.pieslice((8, 8, 112, 112), start, start + 34, fill=colour)
    draw.ellipse((36, 36, 84, 84), fill="white")
    draw.ellipse((46, 46, 74, 74), fill=colour)


def _brenta(draw: Draw, colour: Colour) -> None:
    """Three waves."""
    for at in (26, 54, 82):
        draw.arc((6, at - 12, 62, at + 28), 180, 360, fill=colour, width=11)
        draw.arc((51, at - 12, 114, at + 28), 0, 180, fill=colour, width=11)


def _dolomiti(draw: Draw, colour: Colour) -> None:
    """Peaks."""
    draw.polygon(((6, 104), (46, 20), (70, 68), (82, 48), (114, 104)), fill=colour)
    draw.polygon(((46, 20), (33, 48), (45, 56), (59, 46)), fill="#dfe8f2")


def _adriatica(draw: Draw, colour: Colour) -> None:
    """A sail."""
    draw.polygon(((58, 10), (58, 84), (14, 84)), fill=colour)
    draw.polygon(((66, 26), (66, 84), (104, 84)), fill=colour)
    draw.chord((14, 70, 106, 112), 0, 180, fill=colour)


def _rhein(draw: Draw, colour: Colour) -> None:
    """A square with a river through it."""
    draw.rounded_rectangle((12, 12, 108, 108), 18, fill=colour)
    draw.line(((12, 84), (48, 60), (72, 60), (108, 36)), fill="white", width=14, joint="curve")


def _loire(draw: Draw, colour: Colour) -> None:
    """A drop."""
    draw.polygon(((60, 4), (27, 52), (93, 52)), fill=colour)
    draw.ellipse((20, 34, 100, 114), fill=colour)
    draw.arc((34, 48, 86, 100), 20, 100, fill="white", width=9)


def _baltic(draw: Draw, colour: Colour) -> None:
    """Rings that overlap."""
    draw.ellipse((8, 28, 72, 92), outline=colour, width=13)
    draw.ellipse((48, 28, 112, 92), outline=colour, width=13)


def _lakes(draw: Draw, colour: Colour) -> None:
    """A pine."""
    draw.polygon(((60, 8), (28, 56), (92, 56)), fill=colour)
    draw.polygon(((60, 34), (16, 92), (104, 92)), fill=colour)
    draw.rectangle((53, 92, 67, 112), fill=colour)


# The colour, the sign, and whether the name stands in the logo.
LOGOS: dict[str, tuple[Colour, Callable[[Draw, Colour], None], bool]] = {
    "aurora": ("#d9480f", _aurora, True),
    "nordic": ("#1c4e80", _nordic, True),
    "helios": ("#b7791f", _helios, True),
    "brenta": ("#0b6e66", _brenta, True),
    "dolomiti": ("#44679f", _dolomiti, False),
    "adriatica": ("#0e7fb8", _adriatica, True),
    "rhein": ("#9b1c31", _rhein, False),
    "loire": ("#2563a8", _loire, True),
    "baltic": ("#31708e", _baltic, True),
    "lakes": ("#2b6f4a", _lakes, False),
}


def logo_of(key: str, name: str) -> Drawn | None:
    """The logo of one of the demo's companies; None for who has none."""
    if key not in LOGOS:
        return None
    colour, sign, named = LOGOS[key]
    large = Image.new("RGBA", (SIDE * FINE, SIDE * FINE))
    sign(_Enlarged(large), colour)  # type: ignore[arg-type]
    image = large.resize((SIDE, SIDE), Image.Resampling.LANCZOS)
    return encoded(_with_name(image, name) if named else image)


class _Enlarged:
    """Draws what is measured in pixels of the sign on a picture that is larger."""

    def __init__(self, image: Image.Image) -> None:
        self.draw = ImageDraw.Draw(image)

    def __getattr__(self, name: str) -> Callable[..., None]:
        method = getattr(self.draw, name)
        scaled = ("width",)

        def drawn(where: tuple, *rest: float, **more: object) -> None:
            large = tuple(tuple(n * FINE for n in at) if isinstance(at, tuple) else at * FINE for at in where)
            more = {key: value * FINE if key in scaled else value for key, value in more.items()}  # type: ignore[operator]
            rest = tuple(n * FINE for n in rest) if name == "rounded_rectangle" else rest
            method(large, *rest, **more)

        return drawn


def _with_name(sign: Image.Image, name: str) -> Image.Image:
    """The sign, and beside it the name in two lines."""
    font = ImageFont.load_default(size=50)
    lines = name.split(" ", 1)
    width = round(max(font.getlength(line) for line in lines))
    image = Image.new("RGBA", (SIDE + 24 + width + 4, SIDE))
    image.paste(sign, (0, 0))
    draw = ImageDraw.Draw(image)
    for number, line in enumerate(lines):
        draw.text((SIDE + 24, 2 + number * 56), line, font=font, fill=INK, stroke_width=1, stroke_fill=INK)
    return image
