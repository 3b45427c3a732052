"""What people type: orders, answers, products."""

from orders.forms.answering import AnswerForm, LinkForm, MatchForm, ReasonForm
from orders.forms.catalogue import OptionsForm, ProductForm
from orders.forms.ordering import BaseLines, LinesFormSet, OrderForm, whole_document

__all__ = [
    "AnswerForm",
    "BaseLines",
    "LinesFormSet",
    "LinkForm",
    "MatchForm",
    "OptionsForm",
    "OrderForm",
    "ProductForm",
    "ReasonForm",
    "whole_document",
]
