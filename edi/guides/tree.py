"""Changes of a guide's tree of positions: each gives a new guide and leaves the old one as it is."""

from collections.abc import Callable
from dataclasses import replace
from itertools import count

from edi.guides.guide import Compiled, Guide, Node, group_node


def changed(guide: Guide, change: Callable[[Node], Node | None]) -> Guide:
    """`guide` with `change` applied to every position; None keeps it. Of a group only its own limits change so."""

    def rebuilt(node: Node) -> Node:
        head = change(node) or node
        children = tuple(rebuilt(child) for child in node.children)
        if all(new is old for new, old in zip(children, node.children, strict=True)):
            return head
        return replace(group_node(head.name, head.mandatory, head.most, children, head.serial), strict=head.strict)

    return replace(guide, root=rebuilt(guide.root))


def inserted(guide: Guide, before: Node, new: Node) -> Guide:
    """`guide` with `new` right behind the segment `before`."""

    def with_new(node: Node) -> Node:
        children: list[Node] = []
        for child in node.children:
            children.append(with_new(child) if child.children else child)
            if child is before:
                children.append(new)
        made = group_node(node.name, node.mandatory, node.most, tuple(children), node.serial)
        return replace(made, strict=node.strict)

    return replace(guide, root=with_new(guide.root), tags=guide.tags | {new.name})


def renumbered(guide: Guide) -> Guide:
    """`guide` with a serial number of its own for every position, and nothing worked out for it yet."""
    serial = count(1)

    def numbered(node: Node) -> Node:
        own = next(serial)
        return replace(node, serial=own, children=tuple(numbered(child) for child in node.children))

    return replace(guide, root=numbered(guide.root), compiled=Compiled())
