"""856 from a despatch: its HL tree is numbered as it is written, so that ids, parents and count are right."""

from collections.abc import Iterable
from dataclasses import dataclass

from edi.mapping.x12 import tables
from edi.mapping.x12.setwriter import SetWriter
from edi.syntax.numbers import plain
from orders.documents import DespatchDocument, DespatchLineDocument, PackageDocument

_TARES = frozenset({"PX", "SI", "201", "202", "200"})  # pallets and skids: what packs stand on


def write_856(w: SetWriter, despatch: DespatchDocument) -> None:
    """`despatch` as a ship notice: shipment, order, packages, items, or (where a package holds goods of several orders)
    shipment, packages, order, items."""
    _Tree(w, despatch).write()


@dataclass(frozen=True, slots=True)
class _Node:
    package: PackageDocument
    children: "tuple[_Node, ...]"
    lines: tuple[DespatchLineDocument, ...]

    def orders(self) -> set[str]:
        """The orders of all that stands in it."""
        found = {line.order_number for line in self.lines}
        return found.union(*(child.orders() for child in self.children)) if self.children else found


class _Tree:
    def __init__(self, w: SetWriter, despatch: DespatchDocument) -> None:
        self.w = w
        self.despatch = despatch
        self.last = 0
        known = {package.id for package in despatch.packages}
        self.loose = [line for line in despatch.lines if line.package not in known]
        self.roots = self._nodes("", known, set())

    def _nodes(self, parent: str, known: set[str], seen: set[str]) -> tuple[_Node, ...]:
        """The packages in `parent`; those whose parent is not described stand at the top."""
        nodes = []
        for package in self.despatch.packages:
            above = package.parent if package.parent in known else ""
            if above == parent and package.id not in seen:
                seen.add(package.id)
                lines = tuple(line for line in self.despatch.lines if line.package == package.id)
                nodes.append(_Node(package, self._nodes(package.id, known, seen), lines))
        return tuple(nodes)

    def write(self) -> None:
        """BSN to CTT."""
        w, despatch = self.w, self.despatch
        moment = w.envelope.prepared_at
        purpose = {"cancel": "01", "replace": "05", "change": "04", "duplicate": "07"}.get(despatch.function, "00")
        mixed = any(len(node.orders()) > 1 for node in self.roots)
        structure = ("0003" if mixed else "0001") if self.roots else "0004"
        number = w.key("the number of a despatch", despatch.number, 30)
        w.add("BSN", purpose, number, w.issued(despatch.issued_on), f"{moment:%H%M}", structure)
        top = self._hl(0, "S")
        self._shipment()
        (self._by_package if mixed else self._by_order)(top)
        w.add("CTT", str(self.last))
        w.lose(despatch, "notes", "currency")

    def _hl(self, parent: int, code: str) -> int:
        self.last += 1
        self.w.add("HL", str(self.last), str(parent) if parent else "", code)
        return self.last

    def _shipment(self) -> None:
        w, despatch = self.w, self.despatch
        if despatch.gross_weight is not None:
            unit = w.unit(despatch.weight_unit)
            w.add("TD1", "", "", "", "", "", "G", plain(despatch.gross_weight), unit or "KG")
        carrier = despatch.carrier
        if carrier:
            code = carrier.identifiers[0].value if carrier.identifiers else ""
            name = w.fit("the carrier", carrier.name, 35)
            w.add("TD5", "B", "2" if code else "", w.fit("the carrier", code, 80), "", name)
        if despatch.tracking:
            w.add("REF", "CN", w.key("the tracking number", despatch.tracking, 30))
        w.references(despatch.references)
        w.date("011", despatch.shipped_on)
        w.date("017", despatch.delivery_date)
        parties = (
            ("SF", despatch.ship_from),
            ("ST", despatch.ship_to),
            ("BY", despatch.buyer),
            ("SE", despatch.seller),
        )
        for role, party in parties:
            w.party(role, party)

    def _by_order(self, top: int) -> None:
        """S, O, T, P, I. A package without lines stands in the first order."""
        orders = dict.fromkeys([line.order_number for line in self.despatch.lines])
        if not orders or self.despatch.order_number:
            orders.setdefault(self.despatch.order_number)
        for position, number in enumerate(orders):
            at = self._order(top, number)
            self._items(at, (line for line in self.loose if line.order_number == number))
            for node in self.roots:
                if number in node.orders() or (not position and not node.orders()):
                    self._package(at, node)

    def _order(self, parent: int, number: str) -> int:
        at = self._hl(parent, "O")
        if number:
            self.w.add("PRF", self.w.key("the order number", number, 22))
        return at

    def _by_package(self, top: int) -> None:
        """S, T, P, O, I."""
        order = self.despatch.order_number
        if order and all(line.order_number != order for line in self.despatch.lines):
            self.w.lost("the order of the despatch beside those of its lines", order)
        self._of_orders(top, self.loose)
        for node in self.roots:
            self._package(top, node, split=True)

    def _of_orders(self, parent: int, lines: Iterable[DespatchLineDocument]) -> None:
        lines = list(lines)
        for number in dict.fromkeys(line.order_number for line in lines):
            self._items(self._order(parent, number), (line for line in lines if line.order_number == number))

    def _package(self, parent: int, node: _Node, *, split: bool = False) -> None:
        w, package = self.w, node.package
        at = self._hl(parent, "T" if node.children or package.kind in _TARES else "P")
        kind = tables.CODE_103.get(package.kind, package.kind)
        weight = plain(package.gross_weight) if package.gross_weight is not None else ""
        count = str(package.count) if package.count is not None else "1" if kind else ""  # TD101 asks for TD102
        if kind or count or weight:
            unit = w.unit(package.weight_unit) if weight else ""
            w.add(
                "TD1", w.fit("the kind of a package", kind, 5), count, "", "", "", "G" if weight else "", weight, unit
            )
        if package.sscc:
            w.add("MAN", "GM", package.sscc)
        if split:
            self._of_orders(at, node.lines)
        else:
            self._items(at, node.lines)
        for child in node.children:
            self._package(at, child, split=split)

    def _items(self, parent: int, lines: Iterable[DespatchLineDocument]) -> None:
        w = self.w
        for line in lines:
            self._hl(parent, "I")
            pairs, rest = w.item_numbers(line)
            number = w.key("a line number", line.number, 20)
            w.add("LIN", w.key("the line of an order", line.order_line, 20), *pairs)
            unit = w.unit(line.unit)
            ordered = plain(line.ordered) if line.ordered is not None else ""
            w.add("SN1", number, plain(line.quantity), unit, "", ordered, unit if ordered else "")
            w.description(line.description)
            w.references(rest)
            for kind, values in (("LT", (line.batch,) if line.batch else ()), ("SE", line.serials)):
                for value in values:
                    w.add("REF", kind, w.key("a batch or serial number", value, 30))
            w.date("036", line.best_before)
            w.lose(line, "outstanding", "note")
