"""The cache between tests."""

from uuid import uuid4

from django.conf import settings
from django.core.cache import caches


def forget() -> None:
    """Begin with an empty cache. The workers share a Redis: cleared, the others would lose what they have just kept."""
    settings.CACHES["default"]["KEY_PREFIX"] = caches["default"].key_prefix = uuid4().hex
