"""Tables of records: a Listing declares columns, filters, views and bulk acts, and answers as page, fragment or CSV."""

from core.listing.acts import Bulk, Create, RowAct
from core.listing.columns import Column
from core.listing.filters import Choice, Flag, Period
from core.listing.listing import Empty, Listing, View

__all__ = ["Bulk", "Choice", "Column", "Create", "Empty", "Flag", "Listing", "Period", "RowAct", "View"]
