"""What everybody may reach without an account: logos, by their code alone."""

from partners.models import Logo, Organisation


def logo_of(code: str) -> bytes | None:
    """The PNG behind a code (128 bits, guessed by nobody); None for a code of none."""
    png = Logo.objects.filter(code=code).values_list("png", flat=True).first()
    return None if png is None else bytes(png)


def letterhead_of(organisation: Organisation) -> bytes:
    """The PNG of an organisation's logo, for paper; empty without one."""
    return (organisation.logo_code and logo_of(organisation.logo_code)) or b""
