"""Documents into bytes, in any of the three standards."""

from typing import Literal

from edi.mapping.model import Envelope
from edi.mapping.write_edifact import write_orders, write_ordrsp
from edi.mapping.write_ubl import write_ubl_order, write_ubl_response
from edi.mapping.write_x12 import write_850, write_855
from orders.documents import OrderDocument, OrderResponseDocument

Written = Literal["edifact", "x12", "ubl"]

_ORDERS = {"edifact": write_orders, "x12": write_850, "ubl": write_ubl_order}
_RESPONSES = {"edifact": write_ordrsp, "x12": write_855, "ubl": write_ubl_response}


def write_order(order: OrderDocument, *, standard: Written, envelope: Envelope) -> bytes:
    """`order` as ORDERS (D.96A, or D.01B by `envelope.version`), 850 (004010) or UBL 2.1 Order."""
    return _ORDERS[standard](order, envelope)


def write_response(response: OrderResponseDocument, *, standard: Written, envelope: Envelope) -> bytes:
    """`response` as ORDRSP (D.96A, or D.01B by `envelope.version`), 855 (004010) or UBL 2.1 OrderResponse."""
    return _RESPONSES[standard](response, envelope)
