"""How often somebody may write into a public form: counted in the cache, by address and by form."""

from django.core.cache import cache

HOUR = 3600
PER_ADDRESS = 20  # submissions of one address an hour
PER_FORM = 500  # submissions of one form an hour


def may_submit(form_pk: int, address: str | None) -> bool:
    """Count a submission; False when its address or its form has had enough for this hour."""
    mine = _count(f"leads.form.{form_pk}.{address or 'unknown'}")
    if mine > PER_ADDRESS:
        return False  # a flood of one address does not close the form to others
    return _count(f"leads.form.{form_pk}") <= PER_FORM


def _count(key: str) -> int:
    """How many there were in this hour, this one included."""
    cache.add(key, 0, HOUR)
    try:
        return cache.incr(key)
    except ValueError:  # it ran out just now
        cache.set(key, 1, HOUR)
        return 1
