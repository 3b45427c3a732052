"""An XML guide as a person reads it: an outline for a page, and a JSON schema for a program."""

import re
from collections.abc import Iterator

from edi.guides.examples_cxml import EXAMPLES as CXML_EXAMPLES
from edi.guides.examples_fatturapa import EXAMPLE as FATTURAPA_EXAMPLE
from edi.guides.examples_ubl import EXAMPLES as UBL_EXAMPLES
from edi.guides.rendering import Row
from edi.guides.ubl_structure import CAC, CBC, PREFIX, value_type
from edi.guides.xml_structure import Shape, Slot, XmlGuide

# Types within which the outline opens what they hold: parties, and what the lines of trade documents are made of.
_OPENED_WITHIN = frozenset(
    {"CustomerParty", "SupplierParty", "Party", "LineItem", "Item", "Price", "TaxTotal", "Delivery"}
)
_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")


def outline(guide: XmlGuide) -> tuple[Row, ...]:
    """The guide line by line, in order: elements that hold others are groups. What a type holds is told where it first
    stands, in the document itself and in parties and lines; elsewhere its name is given."""
    return tuple(_rows(guide, guide.root, 0, {guide.root.name}))


def _rows(guide: XmlGuide, shape: Shape, level: int, opened: set[str]) -> Iterator[Row]:
    opens = guide.standard != "ubl" or level == 0 or shape.name in _OPENED_WITHIN or shape.name.endswith("Line")
    for name in shape.attributes:
        yield Row(level, "segment", f"@{name}", _words(name), "M", "1", shape.name)
    for slot in shape.slots:
        inner = guide.shapes.get(slot.holds) if slot.holds else None
        kind, presence, repeats = (
            "group" if inner else "segment",
            "M" if slot.mandatory else "O",
            "∞" if slot.many else "1",
        )
        yield Row(level, kind, slot.name, _title(guide, slot), presence, repeats, shape.name)
        if inner and opens and inner.name not in opened:
            opened.add(inner.name)
            yield from _rows(guide, inner, level + 1, opened)


def _title(guide: XmlGuide, slot: Slot) -> str:
    """ "Issue date (date)", "Buyer customer party (CustomerParty)": the name as words, and what it holds."""
    words = _words(slot.name)
    holds = slot.holds or (value_type(slot.name) if guide.standard == "ubl" else "")
    return f"{words} ({holds})" if holds and holds != slot.name else words


def _words(name: str) -> str:
    """ "IssueDate" is "Issue date", "orderID" is "Order ID"."""
    first, *rest = _HUMP.split(name)
    return " ".join([first[:1].upper() + first[1:], *(word if word.isupper() else word.lower() for word in rest)])


def json_schema(guide: XmlGuide) -> dict[str, object]:
    """A JSON schema (2020-12) of the document: an object whose members are its elements by name, each type defined
    once; what may repeat is an array, values are texts, attributes are members that begin with @."""
    definitions: dict[str, object] = {}
    waiting = [guide.root]
    described: dict[str, object] = {}
    while waiting:
        shape = waiting.pop()
        described[shape.name] = _object(guide, shape)
        for slot in shape.slots:
            inner = guide.shapes.get(slot.holds) if slot.holds else None
            if inner and inner.name not in described:
                described[inner.name] = {}
                waiting.append(inner)
    definitions.update(sorted(described.items()))
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": f"{guide.label} {guide.kind} {guide.version}: {guide.title}",
        "$ref": f"#/$defs/{guide.root.name}",
        "$defs": definitions,
    }


def _object(guide: XmlGuide, shape: Shape) -> dict[str, object]:
    attributes = [f"@{name}" for name in shape.attributes]
    properties: dict[str, object] = {name: {"type": "string", "minLength": 1} for name in attributes}
    properties |= {slot.name: _member(guide, slot) for slot in shape.slots}
    return {
        "type": "object",
        "properties": properties,
        "required": attributes + [slot.name for slot in shape.slots if slot.mandatory],
        "additionalProperties": shape.open,
    }


def _member(guide: XmlGuide, slot: Slot) -> dict[str, object]:
    known = guide.shapes.get(slot.holds) if slot.holds else None
    one: dict[str, object] = {"$ref": f"#/$defs/{slot.holds}"} if known else {} if slot.holds else {"type": "string"}
    if not slot.many:
        return one
    return {"type": "array", "items": one, "minItems": 1} if slot.mandatory else {"type": "array", "items": one}


def sample(guide: XmlGuide) -> str:
    """A sound document of this kind, to read and to start from."""
    if guide.standard == "cxml":
        return CXML_EXAMPLES.get(guide.kind, "")
    if guide.standard == "fatturapa":
        return FATTURAPA_EXAMPLE
    spaces = f'xmlns="{PREFIX}{guide.kind}-2" xmlns:cac="{CAC}" xmlns:cbc="{CBC}"'
    lines = [line for line in UBL_EXAMPLES[guide.kind].split("\n") if line.strip()]
    body = "\n".join(["  " + lines[0], *lines[1:]])
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<{guide.kind} {spaces}>\n{body}\n</{guide.kind}>\n'
