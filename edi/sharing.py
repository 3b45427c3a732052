"""What the orders of one interchange look up together."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from edi import mapping
from edi.roles import Sides
from orders.documents import OrderDocument
from orders.surroundings import Surroundings

MOST_ORDERS = 100  # few enough that what was looked up is of this moment
MOST_LINES = 500


@dataclass(slots=True)
class Shared:
    """The surroundings of the orders of an interchange, looked up for a run of messages when its first has its turn."""

    messages: Sequence[mapping.Message]
    _sides: tuple[int, int] = (0, 0)
    _run: range = field(default_factory=lambda: range(0))
    _around: Surroundings | None = None

    def around(self, position: int, sides: Sides) -> Surroundings:
        """The surroundings of the order at this position (from 1), whose turn it is."""
        key = (sides.buyer.pk, sides.seller.pk)
        if self._around is None or position not in self._run or key != self._sides:
            documents = list(self._from(position))
            self._run, self._sides = range(position, documents[-1][0] + 1), key
            orders = [document for _at, document in documents]
            self._around = Surroundings.of_many(orders, buyer_id=key[0], seller_id=key[1])
        return self._around

    def _from(self, position: int) -> Iterator[tuple[int, OrderDocument]]:
        """The order at this position and those after it, as many as are looked up at once."""
        orders = lines = 0
        for at in range(position, len(self.messages) + 1):
            document = self.messages[at - 1].document
            if not isinstance(document, OrderDocument):
                continue
            orders, lines = orders + 1, lines + len(document.lines)
            if orders > 1 and (orders > MOST_ORDERS or lines > MOST_LINES):
                return
            yield at, document
