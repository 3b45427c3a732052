"""Structures of XML documents as data: which elements an element holds, in which order and how often.

The notation is one word for each child, in order: `ID!` must stand once, `UUID` may stand once, `Note*` any number of
times, `OrderLine+` at least once. `<…>` marks an element that holds others and names its type: `BuyerParty<Party>!`;
`Price<>` is of the type of its own name. `@currency!` is an attribute that must be there. `…` at the end says that
other elements may stand there too, in any order.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from lxml import etree

from edi.syntax.findings import Findings, Place

_WORD = re.compile(r"(?P<name>@?[A-Za-z][\w-]*)(?P<holds><(?P<type>\w*)>)?(?P<often>[!*+])?\Z")
_MANY = frozenset("*+")
_MUST = frozenset("!+")

Element = etree._Element
TagOf = Callable[[str, bool], str]  # name, whether it holds others → tag as lxml writes it


@dataclass(frozen=True, slots=True)
class Slot:
    """A child: its name, its tag with namespace, the type of what it holds (empty for a value), and how often."""

    name: str
    tag: str
    holds: str
    mandatory: bool
    many: bool


@dataclass(frozen=True, slots=True, eq=False)
class Shape:
    """What one type of element holds, and the attributes it must have. An `open` one may hold other elements too, in
    any order."""

    name: str
    slots: tuple[Slot, ...]
    positions: Mapping[str, int] = field(repr=False)
    attributes: tuple[str, ...] = ()
    open: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class XmlGuide:
    """The structure of one kind of document. `standard` is "ubl", "cxml" or "fatturapa", `label` what people call it;
    `shapes` are those of the whole standard, made when first asked for."""

    standard: str
    label: str
    kind: str
    version: str
    title: str
    root: Shape
    shapes: "Shapes" = field(repr=False)


class Shapes:
    """The types of one standard by name, read from their notation when first needed."""

    def __init__(self, notations: Mapping[str, str], tag_of: TagOf) -> None:
        self._notations = notations
        self._tag_of = tag_of
        self._made: dict[str, Shape] = {}
        self._names: frozenset[str] = frozenset()

    def get(self, name: str) -> Shape | None:
        """The type of that name; None when it is not described (whatever it holds is then not judged)."""
        shape = self._made.get(name)
        if shape is None and name in self._notations:
            shape = self._made[name] = self.shape(name, self._notations[name])
        return shape

    def root(self, name: str) -> Shape:
        """The type of a document element. Raises KeyError when it is not described."""
        return self.shape(name, self._notations[name])

    def shape(self, name: str, notation: str) -> Shape:
        """A type from its notation. Raises ValueError when it is not well formed."""
        words = notation.split()
        slots = tuple(self._slots(name, [word for word in words if word[0] not in "@…"]))
        attributes = tuple(word[1:].rstrip("!") for word in words if word[0] == "@")
        positions = {slot.tag: index for index, slot in enumerate(slots)}
        return Shape(name, slots, positions, attributes, open="…" in words)

    def _slots(self, shape: str, words: list[str]) -> Iterator[Slot]:
        for word in words:
            match = _WORD.match(word)
            if not match:
                raise ValueError(f"{word!r} in {shape} is not an element")
            name, holds = match["name"], match["holds"] is not None
            kind = (match["type"] or name) if holds else ""
            yield Slot(name, self._tag_of(name, holds), kind, match["often"] in _MUST, match["often"] in _MANY)

    def knows(self, name: str) -> bool:
        """Whether any type of the standard has a child of that name."""
        if not self._names:
            self._names = frozenset(re.findall(r"[A-Za-z]\w*", " ".join(self._notations.values())))
        return name in self._names


# Which children hold others, and their types; the last comes first, as it goes on the stack first.
Plan = tuple[tuple[int, Shape], ...]


class StructureCheck:
    """Compares elements with their types. What children sound elements have is remembered, so that the next line of an
    order costs one look-up; linear in the size of the document."""

    def __init__(
        self,
        guide: XmlGuide,
        place: Callable[[Element], Place],
        findings: Findings,
        told: frozenset[str] = frozenset(),
    ) -> None:
        """`told` are children of the document whose absence somebody else tells."""
        self.guide = guide
        self.place = place
        self.findings = findings
        self.told = told
        self._sound: dict[tuple[object, ...], Plan] = {}

    def document(self, root: Element) -> None:
        """Judge a whole document."""
        self.element(root, self.guide.root)

    def element(self, element: Element, shape: Shape) -> None:
        """Judge one element and all below it; a reader that keeps only one line in memory may hand in its lines."""
        stack: list[tuple[Any, Shape]] = [(element, shape)]  # Any: the stubs do not know that elements can be sliced
        pop, push, sound = stack.pop, stack.append, self._sound
        while stack:
            node, kind = pop()
            children: list[Element] = node[:]
            key = (kind, *[child.tag for child in children])
            plan = sound.get(key)
            if plan is None:
                plan = self._judge(node, kind, children, key)
            if kind.attributes:
                self._attributes(node, kind)
            for index, inner in plan:
                push((children[index], inner))

    def _judge(self, element: Element, shape: Shape, children: list[Element], key: tuple[object, ...]) -> Plan:
        before = len(self.findings)
        seen = self._order(shape, children)
        for index, slot in enumerate(shape.slots):
            if slot.mandatory and index not in seen and not (shape is self.guide.root and slot.name in self.told):
                text = f"{_name(element)} must have {slot.name}, which is missing."
                self.findings.error("xml-element-missing", text, partial(self.place, element), value=slot.name)
        plan = tuple(self._plan(shape, children))[::-1]
        if len(self.findings) == before:
            self._sound[key] = plan
        return plan

    def _order(self, shape: Shape, children: list[Element]) -> set[int]:
        """Which slots are filled; tells of children that are unknown, too many or in the wrong order."""
        seen: set[int] = set()
        last = -1
        for child in children:
            tag = child.tag
            if not isinstance(tag, str):  # a comment or processing instruction
                continue
            index = shape.positions.get(tag)
            if index is None:
                self._unknown(shape, child)
                continue
            if index in seen and not shape.slots[index].many:
                text = f"{_name(child)} may stand only once in {shape.name}."
                self.findings.warning("xml-element-repeated", text, partial(self.place, child), value=_name(child))
            elif index < last and not shape.open:
                text = f"{_name(child)} must stand before {shape.slots[last].name} in {shape.name}."
                self.findings.warning("xml-element-order", text, partial(self.place, child), value=_name(child))
            seen.add(index)
            last = max(last, index)
        return seen

    def _unknown(self, shape: Shape, child: Element) -> None:
        if shape.open:
            return
        name, version = _name(child), f"{self.guide.label} {self.guide.version}"
        if self.guide.shapes.knows(name):
            text = f"{name} is not part of {shape.name} in {version}; it was kept but not used."
            self.findings.warning("xml-element-unknown", text, partial(self.place, child), value=name)
        else:
            text = f"{name} is not known to {version}; it may be of a later version."
            self.findings.note("xml-element-later", text, partial(self.place, child), value=name)

    def _plan(self, shape: Shape, children: list[Element]) -> Iterator[tuple[int, Shape]]:
        for position, child in enumerate(children):
            index = shape.positions.get(child.tag)
            inner = self.guide.shapes.get(shape.slots[index].holds) if index is not None else None
            if inner:
                yield position, inner

    def _attributes(self, element: Element, shape: Shape) -> None:
        for name in shape.attributes:
            if not element.get(name):
                text = f"{_name(element)} must have the attribute {name}, which is missing."
                self.findings.error("xml-attribute-missing", text, partial(self.place, element), value=name)


def _name(element: Element) -> str:
    """The name without its namespace, short enough for a sentence."""
    return str(element.tag).rpartition("}")[2][:80]
