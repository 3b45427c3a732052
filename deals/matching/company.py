"""A company as it is compared."""

from collections.abc import Callable
from dataclasses import asdict, dataclass, fields
from typing import Any, Self

from deals.matching import identifiers, names


@dataclass(frozen=True, slots=True)
class Company:
    """What is known of a company, each part in normal form and empty when unknown."""

    name: str = ""
    key: str = ""  # the name in normal form
    country: str = ""  # ISO 3166-1 alpha-2
    postcode: str = ""
    city: str = ""
    vat: str = ""  # with the country in front
    lei: str = ""
    duns: str = ""
    gln: str = ""
    domain: str = ""
    email: str = ""
    phone: str = ""  # E.164
    project: str = ""

    @classmethod
    def of(
        cls,
        *,
        name: str = "",
        country: str = "",
        postcode: str = "",
        city: str = "",
        vat: str = "",
        lei: str = "",
        duns: str = "",
        gln: str = "",
        domain: str = "",
        email: str = "",
        phone: str = "",
        project: str = "",
    ) -> Self:
        """A company as typed; a part that cannot be right counts as unknown. Never raises, whatever is typed."""
        mail = _tried(identifiers.email_of, email)
        return cls(
            name=name[:200],
            key=names.name_key(name),
            country=country,
            postcode=identifiers.postcode_of(country, postcode[:20]),
            city=names.fold(city).strip()[:100],
            vat=_tried(lambda text: identifiers.vat_number(country, text), vat[:40]),
            lei=_tried(identifiers.lei_number, lei[:40]),
            duns=_tried(identifiers.duns_number, duns[:40]),
            gln=_tried(identifiers.gln_number, gln[:40]),
            domain=identifiers.domain_of(domain) or identifiers.domain_of(mail),
            email=mail,
            phone=_tried(lambda text: identifiers.phone_number(country, text), phone[:60]),
            project=_tried(identifiers.project_number, project[:80]),
        )

    @classmethod
    def known(cls, **parts: str) -> Self:
        """A company whose numbers and addresses were checked when they were stored: name and place alone are not."""
        place = identifiers.postcode_of(parts.get("country", ""), parts.get("postcode", ""))
        domain = parts.get("domain") or (identifiers.domain_of(parts["email"]) if parts.get("email") else "")
        made = {"key": names.name_key(parts.get("name", "")), "city": names.fold(parts.get("city", "")).strip()}
        return cls(**{**parts, **made, "postcode": place, "domain": domain})

    def stored(self) -> dict[str, str]:
        """What is known, for a JSON column."""
        return {name: value for name, value in asdict(self).items() if value}

    @classmethod
    def restored(cls, values: dict[str, Any]) -> Self:
        """What `stored` gave."""
        known = {field.name for field in fields(cls)}
        return cls(**{name: str(value) for name, value in values.items() if name in known})


def _tried(rule: Callable[[str], str], text: str) -> str:
    try:
        return rule(text) if text else ""
    except ValueError:
        return ""
