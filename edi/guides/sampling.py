"""A sample message of any guide: sound by the guide, so that a partner can read it and a program can be tried on it.

An example of the message is led through the guide segment by segment: what has no place there is left out, what the
guide asks for and the example lacks is put in, and each segment is made to fit the rules of its place.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from edi.guides import xml_rendering
from edi.guides.conditions import Condition, holds
from edi.guides.elements import Element, SegmentRule
from edi.guides.examples_edifact import EXAMPLES as EDIFACT_EXAMPLES
from edi.guides.examples_x12 import EXAMPLES as X12_EXAMPLES
from edi.guides.finding import AnyGuide
from edi.guides.guide import Guide, Node
from edi.guides.requirements import Requirement
from edi.guides.structure import State, Step, start
from edi.guides.xml_structure import XmlGuide

Values = list[list[str]]  # the elements of a segment, each as its components

# What a segment says when the example has none of it.
_USUAL = {"UNS": "S", "NAD": "BY", "DTM": "137:20260302:102", "RFF": "ON:4500001234", "N1": "BY*EXAMPLE STORES"}
# What the number of lines counts; in a despatch advice of X12 these are its levels.
_LINES = ("HL", "PO1", "IT1", "POC", "LIN")
_BY_TYPE = {"dt": "20260302", "tm": "1200"}


@dataclass(frozen=True, slots=True)
class _Style:
    """How a standard writes segments, and what stands around a message."""

    component: str
    element: str
    terminator: str
    opening: str
    closing: str
    examples: dict[str, str]


_EDIFACT = _Style(
    ":",
    "+",
    "'",
    "UNA:+.? '\nUNB+UNOC:3+5412345000013:14+4012345500004:14+260302:1200+1'",
    "UNZ+1+1'",
    EDIFACT_EXAMPLES,
)
_X12 = _Style(
    ">",
    "*",
    "~",
    "ISA*00*          *00*          *ZZ*EXAMPLEBUYER   *ZZ*EXAMPLESELLER  *260302*1200*U*{envelope}*000000001*0*T*>~"
    "\nGS*{group}*EXAMPLEBUYER*EXAMPLESELLER*20260302*1200*1*X*{version}~",
    "GE*1*1~\nIEA*1*000000001~",
    X12_EXAMPLES,
)
# GS01 of each transaction set.
_GROUPS = {
    "850": "PO",
    "855": "PR",
    "860": "PC",
    "865": "CA",
    "856": "SH",
    "810": "IN",
    "846": "IB",
    "832": "SC",
    "820": "RA",
    "824": "AG",
    "864": "TX",
    "997": "FA",
    "999": "FA",
}


def sample(guide: AnyGuide) -> str:
    """A whole interchange with one message that follows `guide`, a segment a line; for XML, a document. Empty where
    there is no example (cXML, FatturaPA)."""
    if isinstance(guide, XmlGuide):
        return xml_rendering.sample(guide)
    style = _X12 if guide.standard == "x12" else _EDIFACT
    body = _numbered(list(_led(guide, _wanted(guide, style))), style)
    envelope = "00501" if guide.version >= "005010" else "00401"
    around = {"envelope": envelope, "group": _GROUPS.get(guide.kind, ""), "version": guide.version}
    opening, closing = style.opening.format(**around), style.closing
    if guide.kind == "TA1":  # stands in the interchange, outside of any group
        opening, closing = opening.split("\n")[0], "IEA*0*000000001~"
    return "\n".join([opening, *(_written(each, style) for each in body), closing]) + "\n"


@dataclass(slots=True)
class _Piece:
    """A segment to be: `node` is known once it has been led to its place."""

    tag: str
    values: Values
    node: Node | None = None


def _wanted(guide: Guide, style: _Style) -> list[_Piece]:
    """What the message should say: the example, between its header and trailer, and what a connection expects."""
    header, trailer = guide.root.children[0].name, guide.root.children[-1].name
    text = style.examples.get(f"{guide.kind} {guide.version}") or style.examples.get(guide.kind, "")
    inner = [_piece(each, style) for each in text.replace("\n", "").split(style.terminator) if each]
    first = {"UNH": f"UNH+1+{guide.kind}:{guide.version.replace('.', ':')}:UN", "ST": f"ST*{guide.kind}*0001"}
    ends = [] if header == inner[0].tag else [_piece(first.get(header, header), style), _Piece(trailer, [])]
    pieces = [*ends[:1], *inner, *ends[1:]]
    for requirement in guide.requirements:
        if not any(_answers(piece, requirement) for piece in pieces):
            pieces = _with(guide, pieces, requirement)
    return pieces


def _piece(text: str, style: _Style) -> _Piece:
    tag, *elements = text.split(style.element)
    return _Piece(tag, [element.split(style.component) for element in elements])


def _answers(piece: _Piece, requirement: Requirement) -> bool:
    """Whether a segment is one that is asked for, as far as can be told before it has its place."""
    if piece.tag != requirement.tag:
        return False
    if not requirement.element:
        return True
    value = _get(piece.values, requirement.element, requirement.component or 1)
    return value in requirement.values if requirement.values else bool(value)


def _with(guide: Guide, pieces: list[_Piece], requirement: Requirement) -> list[_Piece]:
    """`pieces` with the segment that is asked for, at the first place where all others keep theirs."""
    value = min(requirement.values, default="1")
    new = _Piece(requirement.tag, _usual(requirement.tag, guide))
    if requirement.element:
        _set(new.values, requirement.element, requirement.component or 1, value)
    for index in range(1, len(pieces)):
        tried = [*pieces[:index], new, *pieces[index:]]
        placed = [(piece, step) for piece, step in _steps(guide, tried) if step]
        if len(placed) == len(tried) and _in_group(placed[index][1], requirement):
            return tried
    return pieces


def _in_group(step: Step | None, requirement: Requirement) -> bool:
    return step is not None and requirement.group in ("", step.node.group)


def _steps(guide: Guide, pieces: Sequence[_Piece]) -> Iterator[tuple[_Piece, Step | None]]:
    state: State = start(guide)
    for piece in pieces:
        step = state.step(piece.tag)
        if step:
            state = step.state
        yield piece, step


def _led(guide: Guide, pieces: Sequence[_Piece]) -> Iterator[_Piece]:
    """The segments that have a place, with the mandatory ones that were passed over; none more often than allowed."""
    counts: dict[Node, int] = {}
    skipping: Node | None = None
    for piece, step in _steps(guide, pieces):
        if step is None or (skipping and any(group is skipping for group, _ in step.state.path)):
            continue
        counts[step.counted] = counts.get(step.counted, 0) + 1 if step.again else 1
        skipping = step.counted if step.counted.children else None
        if counts[step.counted] > step.counted.most:
            continue
        skipping = None
        for missing, _ in step.missing:
            yield from _made(guide, missing)
        yield _Piece(piece.tag, _fitted(piece.values, guide.rule(step.node)), step.node)


def _made(guide: Guide, node: Node) -> Iterator[_Piece]:
    """A mandatory segment, or the mandatory segments of a mandatory group."""
    if node.children:
        for child in node.children:
            if child.mandatory:
                yield from _made(guide, child)
    else:
        yield _Piece(node.name, _fitted(_usual(node.name, guide), guide.rule(node)), node)


def _usual(tag: str, guide: Guide) -> Values:
    style = _X12 if guide.standard == "x12" else _EDIFACT
    text = _USUAL.get(tag, "")
    return [part.split(style.component) for part in text.split(style.element)] if text else []


# -- one segment fitted to its rule ---------------------------------------------------------------------------------


def _fitted(values: Values, rule: SegmentRule | None) -> Values:
    """`values` as `rule` wants them: what is mandatory filled in, codes and lengths kept, no more than there may be."""
    if rule is None:
        return values
    fitted = [list(part) for part in values[: len(rule.elements)]]
    fitted += [[""] for _ in range(len(rule.elements) - len(fitted))]
    for index, element in enumerate(rule.elements):
        fitted[index] = _fitted_element(fitted[index], element)
    for condition in rule.conditions:
        _keep(condition, fitted, rule)
    return fitted


def _fitted_element(parts: list[str], element: Element) -> list[str]:
    if element.forbidden:
        return [""]
    if not element.components:
        return [_fitted_value(parts[0], element)]
    if not any(parts) and not element.mandatory:
        return [""]
    parts = [*parts, *[""] * len(element.components)][: len(element.components)]
    fitted = [_fitted_value(part, component) for part, component in zip(parts, element.components, strict=True)]
    return fitted if any(fitted) else [_filled(element.components[0]), *fitted[1:]]


def _fitted_value(value: str, element: Element) -> str:
    if element.forbidden or (not value and not element.mandatory):
        return ""
    if not value or (element.closed and value not in element.codes):
        return _filled(element)
    return value[: element.longest] if element.longest and element.type in ("an", "a", "id") else value


def _filled(element: Element) -> str:
    """Some value that an element may have."""
    if element.codes:
        return next(iter(element.codes))
    if element.type in _BY_TYPE:
        return _BY_TYPE[element.type]
    length = max(element.shortest, 1)
    return ("A" if element.type == "a" else "1") * length


def _keep(condition: Condition, values: Values, rule: SegmentRule) -> None:
    """Give what a condition asks for and is not there; what may not be there is taken away."""
    present = [bool(_get(values, *position)) for position in condition.positions]
    if condition.values:
        wanted = _get(values, *condition.positions[0]) in condition.values
    else:
        wanted = not holds(condition, present)
    if not wanted:
        return
    for (element, component), there in list(zip(condition.positions, present, strict=True))[1:]:
        known = rule.elements[element - 1]
        part = known.components[component - 1] if component else known
        if condition.kind in "EN":
            values[element - 1] = [""]
        elif not there:
            _set(values, element, component or 1, _filled(part.components[0] if part.components else part))


def _get(values: Values, element: int, component: int) -> str:
    parts = values[element - 1] if element <= len(values) else []
    if not component:
        return "".join(parts)
    return parts[component - 1] if component <= len(parts) else ""


def _set(values: Values, element: int, component: int, value: str) -> None:
    values.extend([""] for _ in range(element - len(values)))
    parts = values[element - 1]
    parts.extend("" for _ in range(component - len(parts)))
    parts[component - 1] = value


# -- writing ----------------------------------------------------------------------------------------------------------


def _numbered(pieces: list[_Piece], style: _Style) -> list[_Piece]:
    """The trailer with its count and reference, and the number of lines where it is told."""
    tags = [piece.tag for piece in pieces]
    lines = next((tags.count(tag) for tag in _LINES if tag in tags), 0)
    for piece in pieces:
        if piece.tag in ("UNT", "SE"):
            piece.values = [[str(len(pieces))], ["1" if style is _EDIFACT else "0001"]]
        elif piece.tag == "CTT":
            piece.values[0] = [str(lines)]
        elif piece.tag == "CNT" and _get(piece.values, 1, 1) == "2":
            _set(piece.values, 1, 2, str(lines))
    return pieces


def _written(piece: _Piece, style: _Style) -> str:
    elements = [style.component.join(parts).rstrip(style.component) for parts in piece.values]
    return style.element.join([piece.tag, *elements]).rstrip(style.element) + style.terminator
