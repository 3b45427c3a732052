"""Message structures as data: a compact notation, a tree of nodes, and the guide that holds it.

The notation is that of the directories' branching diagrams, read left to right: `BGM!` is mandatory, `DTM*35` may come
35 times, `SG1*10(RFF! DTM*5)` is a segment group that its first segment triggers. `*M` sets no limit.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import count
from typing import TYPE_CHECKING

from edi.guides.elements import SegmentRule
from edi.guides.requirements import Requirement

if TYPE_CHECKING:
    from edi.guides.patterns import Patterns
    from edi.guides.structure import State
    from edi.syntax.segments import Separators

_TOKEN = re.compile(r"(?P<name>[A-Z][A-Z0-9]*)(?P<mandatory>!)?(?:\*(?P<most>\d+|M))?(?P<open>\()?|(?P<close>\))")
PLENTY = 1_000_000  # "M", many: the directory sets no limit

Dictionary = Callable[[], Mapping[str, SegmentRule]]


@dataclass(frozen=True, slots=True, eq=False)
class Node:
    """A position: a segment, or a group when it has `children` (the first of which triggers it).

    Nodes are compared by identity: the same tag at two places of a message is two nodes. `group` is the name of the
    group a segment stands in ("SG25", "LPO1"; empty in the message itself), `serial` counts the nodes of one guide.
    """

    name: str
    mandatory: bool
    most: int
    children: tuple["Node", ...] = ()
    positions: dict[str, tuple[int, ...]] = field(default_factory=dict, repr=False)
    group: str = ""
    serial: int = 0
    rule: SegmentRule | None = field(default=None, repr=False)  # where a connection's rules differ from the dictionary
    strict: bool = False  # a connection's own rule: what breaks it is an error

    @property
    def trigger(self) -> str:
        """The tag that opens this position."""
        return self.children[0].trigger if self.children else self.name


@dataclass(slots=True)
class Compiled:
    """What the Walk has worked out for a guide, kept for the next message: a matter of speed only."""

    states: "dict[int, State]" = field(default_factory=dict)  # by serial of the node
    patterns: "dict[Separators, Patterns]" = field(default_factory=dict)


@dataclass(frozen=True, slots=True, eq=False)
class Guide:
    """The structure of one message. `exact` guides judge strictly; others are neighbours lent to another release.

    `dictionary` gives the segments and their elements when first needed; `requirements` are a connection's own rules
    about the message as a whole.
    """

    kind: str
    version: str
    root: Node
    tags: frozenset[str]
    exact: bool = True
    dictionary: Dictionary = dict
    standard: str = ""
    title: str = ""
    requirements: tuple[Requirement, ...] = ()
    compiled: Compiled = field(default_factory=Compiled, repr=False)

    def lend(self, version: str) -> "Guide":
        """This guide for another release that has none of its own; judged leniently."""
        return replace(self, version=version, exact=False)

    def rule(self, node: Node) -> SegmentRule | None:
        """What the elements of the segment at `node` must be; None when no dictionary has it."""
        return node.rule or self.dictionary().get(node.name)


def parse_guide(
    kind: str, version: str, notation: str, dictionary: Dictionary = dict, *, standard: str = "", title: str = ""
) -> Guide:
    """A guide from its notation. Raises ValueError when the notation is not well formed."""
    tokens = _TOKEN.finditer(notation)
    if _TOKEN.sub("", notation).strip():
        raise ValueError(f"not understood in {kind} {version}: {_TOKEN.sub('', notation).strip()[:40]!r}")
    root = _group(_Head("", True, 1), tokens, count(1), outermost=True)
    return Guide(kind, version, root, frozenset(_tags(root)), dictionary=dictionary, standard=standard, title=title)


@dataclass(frozen=True, slots=True)
class _Head:
    name: str
    mandatory: bool
    most: int


def _group(head: _Head, tokens: Iterator[re.Match[str]], serial: Iterator[int], *, outermost: bool = False) -> Node:
    children: list[Node] = []
    own = next(serial)
    for token in tokens:
        if token["close"]:
            break
        times = PLENTY if token["most"] == "M" else int(token["most"] or 1)
        inner = _Head(token["name"], bool(token["mandatory"]), times)
        if token["open"]:
            children.append(_group(inner, tokens, serial))
        else:
            children.append(Node(inner.name, inner.mandatory, times, group=head.name, serial=next(serial)))
    else:
        if not outermost:
            raise ValueError(f"group {head.name} is not closed")
    return group_node(head.name, head.mandatory, head.most, tuple(children), own)


def group_node(name: str, mandatory: bool, most: int, children: tuple[Node, ...], serial: int) -> Node:
    """A group of `children`. Raises ValueError when it does not begin with a segment."""
    if not children or children[0].children:
        raise ValueError(f"group {name or 'of the message'} must begin with a segment")
    positions: dict[str, tuple[int, ...]] = {}
    for index, child in enumerate(children):
        positions[child.trigger] = (*positions.get(child.trigger, ()), index)
    return Node(name, mandatory, most, children, positions, serial=serial)


def _tags(node: Node) -> Iterator[str]:
    for child in node.children:
        if child.children:
            yield from _tags(child)
        else:
            yield child.name


def nodes(guide: Guide) -> Iterator[tuple[int, Node]]:
    """Every position of the guide in order, groups included, with its depth (0 is the message)."""

    def below(node: Node, depth: int) -> Iterator[tuple[int, Node]]:
        for child in node.children:
            yield depth, child
            yield from below(child, depth + 1)

    return below(guide.root, 0)
