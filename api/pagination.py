"""Cursor pages: stable while rows arrive, cheap at any depth."""

from rest_framework.pagination import CursorPagination


class Cursor(CursorPagination):
    """`next` and `previous` are whole addresses; `limit` asks for 1 to 200 rows."""

    ordering = "-pk"
    page_size_query_param = "limit"
    max_page_size = 200
