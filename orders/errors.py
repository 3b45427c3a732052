"""Why an order or an answer is refused. The code tells programs, the sentence tells people."""

from django.utils.translation import gettext as _

from core.errors import DomainError


class OrderRefused(DomainError):
    """The order cannot be taken in; `code` says why."""

    def __init__(self, code: str, message: str, *, field: str | None = None) -> None:
        super().__init__(message, field=field)
        self.code = code


class DuplicateOrder(OrderRefused):
    """The buyer already sent this seller an order with the number."""

    def __init__(self, number: str) -> None:
        text = _("There is an order %(number)s already. Nothing was changed; send a change to change it.")
        super().__init__("duplicate_order", text % {"number": number}, field="number")


class UnknownOrder(OrderRefused):
    """A document about an order that is not here."""

    def __init__(self, number: str) -> None:
        text = _("There is no order “%(number)s” between these two companies.")
        super().__init__("unknown_order", text % {"number": number}, field="number")


class AnswerRefused(DomainError):
    """An answer that contradicts itself or the order; `field` is the line it is about."""

    code = "answer_invalid"


class DuplicateDocument(OrderRefused):
    """The same two companies exchanged a document of this kind with the number already."""

    def __init__(self, number: str) -> None:
        text = _("There is a document %(number)s of this kind already. Nothing was changed.")
        super().__init__("duplicate_document", text % {"number": number}, field="number")
