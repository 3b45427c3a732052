"""A guide as a person reads it: an outline for a page, and a JSON schema for a program."""

from collections.abc import Iterator
from dataclasses import dataclass

from edi.guides.conditions import sentence
from edi.guides.elements import Element, SegmentRule
from edi.guides.finding import AnyGuide
from edi.guides.guide import PLENTY, Guide, Node, nodes
from edi.guides.xml_structure import XmlGuide


@dataclass(frozen=True, slots=True)
class ElementRow:
    """An element or component of a segment. `position` is "02" or "02.1", `presence` M, C (O in X12) or "" (must stay
    empty), `codes` the known values and what they mean (`closed`: no others are taken)."""

    position: str
    number: str
    name: str
    presence: str
    format: str
    repeats: int = 1
    codes: tuple[tuple[str, str], ...] = ()
    closed: bool = False
    own: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the outline: a segment, or the head of a group. `level` is 0 outside of any group; `repeats` is a
    number or "∞"; `own` marks what a connection's rules changed; `conditions` are sentences."""

    level: int
    kind: str  # "segment" or "group"
    tag: str
    name: str
    presence: str
    repeats: str
    group: str = ""
    elements: tuple[ElementRow, ...] = ()
    conditions: tuple[str, ...] = ()
    own: bool = False


def outline(guide: AnyGuide) -> tuple[Row, ...]:
    """The guide line by line, in the order in which its segments (or the elements of an XML document) come."""
    if isinstance(guide, XmlGuide):
        from edi.guides import xml_rendering  # which builds on the rows of this module

        return xml_rendering.outline(guide)
    return tuple(_row(guide, level, node) for level, node in nodes(guide))


def _row(guide: Guide, level: int, node: Node) -> Row:
    presence = _presence(guide, mandatory=node.mandatory, forbidden=not node.most)
    repeats = "∞" if node.most >= PLENTY else str(node.most)
    if node.children:
        trigger = guide.rule(node.children[0])
        name = trigger.name if trigger else node.trigger
        return Row(level, "group", node.name, name, presence, repeats, node.group, own=node.strict)
    rule = guide.rule(node) or SegmentRule(node.name)
    return Row(
        level,
        "segment",
        node.name,
        rule.name,
        presence,
        repeats,
        node.group,
        tuple(_element_rows(guide, rule)),
        tuple(sentence(condition, node.name) for condition in rule.conditions),
        own=node.strict or node.rule is not None,
    )


def _presence(guide: Guide, *, mandatory: bool, forbidden: bool) -> str:
    if forbidden:
        return ""
    conditional = "O" if guide.standard == "x12" else "C"
    return "M" if mandatory else conditional


def _element_rows(guide: Guide, rule: SegmentRule) -> Iterator[ElementRow]:
    for position, element in enumerate(rule.elements, 1):
        yield _element_row(guide, f"{position:02}", element)
        for number, component in enumerate(element.components, 1):
            yield _element_row(guide, f"{position:02}.{number}", component)


def _element_row(guide: Guide, position: str, element: Element) -> ElementRow:
    return ElementRow(
        position,
        element.number,
        element.name,
        _presence(guide, mandatory=element.mandatory, forbidden=element.forbidden),
        element.format,
        element.repeats,
        tuple(element.codes.items()),
        element.closed,
        element.strict or element.closed,
    )


# -- JSON schema ------------------------------------------------------------------------------------------------------


def json_schema(guide: AnyGuide) -> dict[str, object]:
    """A JSON schema (2020-12) of the message: an object whose members are its segments and groups by name, in order;
    what may repeat is an array. Elements are members by position ("01"), components by theirs ("1"); all are texts."""
    if isinstance(guide, XmlGuide):
        from edi.guides import xml_rendering

        return xml_rendering.json_schema(guide)
    definitions: dict[str, object] = {}
    schema = _members(guide, guide.root, definitions)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": f"{guide.kind} {guide.version}: {guide.title}".removesuffix(": "),
        **schema,
        "$defs": dict(sorted(definitions.items())),
    }


def _members(guide: Guide, group: Node, definitions: dict[str, object]) -> dict[str, object]:
    properties: dict[str, object] = {}
    required: list[str] = []
    for child in group.children:
        if not child.most:
            continue
        name = _unused(child.name, properties)
        schema = _members(guide, child, definitions) if child.children else _reference(guide, child, definitions)
        properties[name] = schema if child.most == 1 else _array(schema, child)
        if child.mandatory:
            required.append(name)
    return {"type": "object", "properties": properties, "required": required, "additionalProperties": False}


def _unused(name: str, taken: dict[str, object]) -> str:
    """X12 lets a segment stand at two places of one loop: the second is NAME_2."""
    number, free = 1, name
    while free in taken:
        number += 1
        free = f"{name}_{number}"
    return free


def _array(schema: dict[str, object], node: Node) -> dict[str, object]:
    array: dict[str, object] = {"type": "array", "items": schema}
    if node.mandatory:
        array["minItems"] = 1
    if node.most < PLENTY:
        array["maxItems"] = node.most
    return array


def _reference(guide: Guide, node: Node, definitions: dict[str, object]) -> dict[str, object]:
    """A segment is defined once; one that a connection changed at a place is defined for that place."""
    name = f"{node.group}.{node.name}".lstrip(".") if node.rule else node.name
    if name not in definitions:
        definitions[name] = _segment(guide.rule(node) or SegmentRule(node.name))
    return {"$ref": f"#/$defs/{name}"}


def _segment(rule: SegmentRule) -> dict[str, object]:
    return _object(rule.name or rule.tag, rule.elements, "{:02}")


def _object(title: str, elements: tuple[Element, ...], key: str) -> dict[str, object]:
    there = [(key.format(position), element) for position, element in enumerate(elements, 1) if not element.forbidden]
    return {
        "title": title,
        "type": "object",
        "properties": {name: _value(element) for name, element in there},
        "required": [name for name, element in there if element.mandatory],
        "additionalProperties": not elements,
    }


def _value(element: Element) -> dict[str, object]:
    title = f"{element.number} {element.name}".strip()
    one = _object(title, element.components, "{}") if element.components else _text(element, title)
    if element.repeats == 1:
        return one
    return {"type": "array", "items": one, "maxItems": element.repeats}


def _text(element: Element, title: str) -> dict[str, object]:
    schema: dict[str, object] = {"title": title, "type": "string"}
    if element.type[:1] in ("n", "r"):
        schema["pattern"] = r"^-?[0-9]*([.,][0-9]+)?$"  # its length counts digits only
    elif element.longest:
        schema["maxLength"] = element.longest
        schema["minLength"] = max(element.shortest, 1)
    if element.closed:
        schema["enum"] = list(element.codes)
    return schema
