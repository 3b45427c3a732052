"""The demo's named accounts: what a vendor keeps to itself, where it is at already, and what its own people work on."""

from datetime import timedelta
from typing import Any

from deals.actions.filing import file_accounts
from deals.models import NamedAccount

# Vendor, kind, name, country, city, postcode, web domain, product line, days left, note. Nobody of these is in a deal.
ACCOUNTS = (
    (
        "aurora",
        "named_account",
        "Gardesana Servizi Idrici S.p.A.",
        "IT",
        "Peschiera",
        "37019",
        "gardesana-idrici.example",
        "",
        None,
        "Frame contract to 2028; Giulia Ferri looks after it.",
    ),
    (
        "aurora",
        "named_account",
        "Rheinufer Chemie AG",
        "DE",
        "Worms",
        "67547",
        "rheinufer.example",
        "",
        None,
        "",
    ),
    ("aurora", "incumbent", "Zuccherificio Adige S.r.l.", "IT", "Legnago", "37045", "", "Pumps", None, ""),
    (
        "aurora",
        "incumbent",
        "Brasserie du Val SAS",
        "FR",
        "Obernai",
        "67210",
        "brasserie-du-val.example",
        "Services",
        200,
        "Service contract for the pumps of 2023.",
    ),
    (
        "aurora",
        "pipeline",
        "Porto Nuovo Logistica S.p.A.",
        "IT",
        "Monfalcone",
        "34074",
        "porto-nuovo.example",
        "Pumps",
        75,
        "Dock drainage: our own offer is out.",
    ),
    (
        "aurora",
        "pipeline",
        "Seilbahnen Hochkar GmbH",
        "AT",
        "Göstling",
        "3345",
        "",
        "Drives",
        -20,
        "Lost in spring.",
    ),
    ("nordic", "named_account", "Mälaren Kraft AB", "SE", "Västerås", "72211", "malaren-kraft.example", "", None, ""),
    ("nordic", "incumbent", "Fjordvann AS", "NO", "Hamar", "2317", "fjordvann.example", "", 320, ""),
    ("nordic", "pipeline", "Skagen Fiskemel A/S", "DK", "Skagen", "9990", "skagen-fiskemel.example", "", 45, ""),
)


def accounts(world: Any) -> None:
    """A few of every kind, one of them over."""
    columns = ("kind", "name", "country", "city", "postcode", "domain", "product_line")
    rows = []
    for number, (key, *values, days, note) in enumerate(ACCOUNTS, start=1):
        until = world.now.date() + timedelta(days=days) if days is not None else None
        named = dict(zip(columns, values, strict=True))
        rows.append(
            NamedAccount(
                vendor=world.orgs[key],
                reference=f"CRM-{4100 + 7 * number}",
                until=until,
                note=note,
                created=world.now - timedelta(days=90 - number),
                **named,
            )
        )
    NamedAccount.objects.bulk_create(rows)
    file_accounts(rows)
