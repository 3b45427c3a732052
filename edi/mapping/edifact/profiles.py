"""The messages that are read, by the name in UNH."""

from collections.abc import Mapping

from edi.mapping.edifact import orders
from edi.mapping.edifact.reader import Profile

PROFILES: Mapping[str, Profile] = {
    "ORDERS": orders.ORDERS,
    "ORDCHG": orders.ORDCHG,
}
