"""Charts as inline SVG, drawn on the server: no script, nothing for a content security policy to allow. A chart says
nothing that its table twin does not (docs/adr/0008-charts.md)."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.functional import Promise

Text = str | Promise
SLOT, GAP, HEIGHT = 4.0, 0.6, 100.0  # user units: the drawing is stretched to its box, texts stand outside of it


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar, in user units, the origin at the top left."""

    x: str
    y: str
    width: str
    height: str
    series: int


@dataclass(frozen=True, slots=True)
class Column:
    """The bars of one label beside each other, what they stand for, and where a click leads."""

    label: str
    url: str
    x: str
    values: list[int]
    links: list[str]
    bars: list[Bar]

    @property
    def pairs(self) -> list[tuple[int, str]]:
        """Each value with its address."""
        return list(zip(self.values, self.links, strict=True))


@dataclass(frozen=True, slots=True)
class BarChart:
    """Columns of bars. `top` is the value at the upper edge."""

    series: list[Text]
    columns: list[Column]
    top: int

    @property
    def width(self) -> str:
        """The width of the drawing in user units."""
        return _plain(SLOT * len(self.columns))

    @property
    def is_empty(self) -> bool:
        """True when there is nothing but noughts."""
        return not any(value for column in self.columns for value in column.values)


def bar_chart(series: Sequence[Text], columns: Sequence[tuple[str, str, Sequence[int], Sequence[str]]]) -> BarChart:
    """A chart of `columns`, each (label, address, a value a series, an address a value)."""
    top = nice_top(max((max(values, default=0) for _label, _url, values, _links in columns), default=0))
    drawn = [
        Column(label, url, _plain(SLOT * place), list(values), list(links), _bars(place, values, top))
        for place, (label, url, values, links) in enumerate(columns)
    ]
    return BarChart(list(series), drawn, top)


def _bars(place: int, values: Sequence[int], top: int) -> list[Bar]:
    width = (SLOT - 2 * GAP) / max(1, len(values))
    found = []
    for number, value in enumerate(values):
        height = HEIGHT * value / top if top else 0.0
        x = SLOT * place + GAP + width * number
        found.append(Bar(_plain(x), _plain(HEIGHT - height), _plain(width * 0.86), _plain(height), number + 1))
    return found


def stacked_chart(series: Sequence[Text], columns: Sequence[tuple[str, str, Sequence[int], Sequence[str]]]) -> BarChart:
    """As `bar_chart`, with the values of a column on top of each other: parts of a whole. What is below nought has no
    height; the table twin says it."""
    top = nice_top(max((sum(max(0, value) for value in values) for _label, _url, values, _links in columns), default=0))
    drawn = [
        Column(label, url, _plain(SLOT * place), list(values), list(links), _pile(place, values, top))
        for place, (label, url, values, links) in enumerate(columns)
    ]
    return BarChart(list(series), drawn, top)


def _pile(place: int, values: Sequence[int], top: int) -> list[Bar]:
    found, floor = [], HEIGHT
    for number, value in enumerate(values):
        height = HEIGHT * max(0, value) / top if top else 0.0
        floor -= height
        x, width = SLOT * place + GAP, SLOT - 2 * GAP
        found.append(Bar(_plain(x), _plain(floor), _plain(width), _plain(height), number + 1))
    return found


def nice_top(most: int) -> int:
    """The least of 4, 10, 20, 50, 100, 200 … that is not below the greatest value."""
    if most <= 4:
        return 4
    scale = 10
    while True:
        for step in (1, 2, 5):
            if most <= step * scale:
                return step * scale
        scale *= 10


def _plain(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".")
