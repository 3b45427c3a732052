"""By what the same lead is recognised: the e-mail address; or the company's domain together with its name."""

from deals import identity


def email_key(email: str) -> str:
    """The address in one spelling. The part before the @ is compared without case too, as every provider does."""
    return email.strip().casefold()


def keys_of(company: str, email: str, website: str) -> tuple[str, str, str]:
    """The keys of a lead: e-mail address, domain (of the web site, else of the address), name. Empty where unknown."""
    domain = identity.domain_of(website) or identity.domain_of(email)
    return email_key(email), domain, identity.name_key(company)
