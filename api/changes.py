"""What changed since: pages in the order of the change, complete while others write.

Rows are handed out by (updated_at, id), each page after the last row of the one before. A row that changes meanwhile
moves to the end and comes once more, newer; none is skipped. What changed within the last seconds waits for the next
call, as a transaction that began earlier may still commit.
"""

import base64
import binascii
import json
from datetime import UTC, datetime, timedelta
from heapq import merge
from itertools import islice
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.dateparse import parse_datetime
from django.utils.timezone import now
from django.utils.translation import gettext as _
from rest_framework.exceptions import NotFound, ValidationError
from rest_framework.request import Request
from rest_framework.utils.urls import replace_query_param

SETTLES = timedelta(seconds=2)
Place = tuple[datetime, int]


def moment_of(text: str, name: str) -> datetime:
    """A moment with its offset (RFC 3339). Raises ValidationError for anything else."""
    try:
        found = parse_datetime(text.strip().replace(" ", "+"))
        in_utc = found.astimezone(UTC) if found and found.tzinfo else None  # PostgreSQL knows fewer offsets than Python
    except (ValueError, OverflowError):
        in_utc = None
    if in_utc is None:
        raise ValidationError({name: [_("Write a moment with its offset, such as 2026-11-21T09:00:00Z.")]})
    return in_utc


def limit_of(request: Request) -> int:
    """How many rows a page has: `?limit=`, 1 to 200, else 50."""
    text = request.query_params.get("limit", "")
    return min(200, max(1, int(text))) if text.isascii() and text.isdigit() and len(text) < 6 else 50


def changes_of(rows: QuerySet, sides: tuple[Q, ...], since: datetime, request: Request) -> tuple[list[Any], str | None]:
    """One page of what changed, and the address of the next. `sides` are conditions of which a row meets one: each is
    read by its own index, and the two streams are merged."""
    limit, after = limit_of(request), _read(request.query_params.get("cursor", ""))
    settled = rows.filter(updated_at__gte=since, updated_at__lt=now() - SETTLES).order_by("updated_at", "pk")
    if after is not None:
        settled = settled.filter(Q(updated_at__gt=after[0]) | Q(updated_at=after[0], pk__gt=after[1]))
    streams = [list(settled.filter(side)[: limit + 1]) for side in sides]
    found = list(islice(merge(*streams, key=lambda row: (row.updated_at, row.pk)), limit + 1))
    if len(found) <= limit:
        return found, None
    page = found[:limit]
    return page, replace_query_param(request.build_absolute_uri(), "cursor", _write(page[-1]))


def _write(row: Any) -> str:
    text = json.dumps([row.updated_at.isoformat(), row.pk])
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def _read(cursor: str) -> Place | None:
    """The row after which a page begins. Raises NotFound for a cursor that is not ours."""
    if not cursor:
        return None
    try:
        moment, pk = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        found = parse_datetime(moment)
        if found is None or found.tzinfo is None or not isinstance(pk, int) or not 0 < pk < 2**63:
            raise ValueError
    except (ValueError, TypeError, binascii.Error, RecursionError) as error:
        raise NotFound(_("This cursor is not one of ours.")) from error
    return found, pk
