"""Who plays in the demo: invented companies and people; identifiers have right check digits and belong to nobody."""

from decimal import Decimal
from typing import Any

COMPANIES: dict[str, dict[str, Any]] = {
    "aurora": {
        "name": "Aurora Pumps",
        "legal_name": "Aurora Pumps S.p.A.",
        "country": "IT",
        "city": "Bergamo",
        "vat_id": "IT03456780240",
        "gln": "8012345000005",
    },
    "nordic": {
        "name": "Nordic Valves",
        "legal_name": "Nordic Valves AB",
        "country": "SE",
        "city": "Malmö",
        "vat_id": "SE556123456701",
        "gln": "7312345000007",
    },
    "helios": {
        "name": "Helios Drives",
        "legal_name": "Helios Drives GmbH",
        "country": "DE",
        "city": "Stuttgart",
        "vat_id": "DE134567896",
        "gln": "4012345000009",
    },
    "brenta": {
        "name": "Brenta Impianti",
        "legal_name": "Brenta Impianti S.r.l.",
        "country": "IT",
        "city": "Padova",
        "vat_id": "IT04567890241",
        "gln": "8023456000006",
    },
    "dolomiti": {
        "name": "Dolomiti Acque",
        "legal_name": "Dolomiti Acque S.r.l.",
        "country": "IT",
        "city": "Trento",
        "vat_id": "IT05678900241",
        "gln": "8034567000007",
    },
    "adriatica": {
        "name": "Adriatica Distribuzione",
        "legal_name": "Adriatica Distribuzione S.p.A.",
        "country": "IT",
        "city": "Rimini",
        "vat_id": "IT06789010243",
        "gln": "8045678000008",
    },
    "rhein": {
        "name": "Rhein Technik",
        "legal_name": "Rhein Technik GmbH",
        "country": "DE",
        "city": "Köln",
        "vat_id": "DE245678907",
        "gln": "4023456000000",
    },
    "loire": {
        "name": "Loire Fluides",
        "legal_name": "Loire Fluides SAS",
        "country": "FR",
        "city": "Nantes",
        "vat_id": "FR96412345670",
        "gln": "3023456000001",
    },
    "baltic": {
        "name": "Baltic Process",
        "legal_name": "Baltic Process AB",
        "country": "SE",
        "city": "Göteborg",
        "vat_id": "SE556234567701",
        "gln": "7323456000008",
    },
    "iberia": {
        "name": "Iberia Bombas",
        "legal_name": "Iberia Bombas S.L.",
        "country": "ES",
        "city": "Zaragoza",
        "vat_id": "ESB50123454",
        "gln": "8423456000004",
    },
    "lakes": {
        "name": "Great Lakes Supply",
        "legal_name": "Great Lakes Supply Inc.",
        "country": "US",
        "city": "Milwaukee",
        "gln": "0614141000005",
        "duns": "081466849",
        "currency": "USD",
    },
}

Seat = tuple[str, str, tuple[str, ...]]
PEOPLE: tuple[tuple[str, str, str, tuple[Seat, ...]], ...] = (
    ("luca.conti@aurora.example", "Luca Conti", "en", (("aurora", "Channel manager", ("channel_manager",)),)),
    (
        "giulia.ferri@aurora.example",
        "Giulia Ferri",
        "it",
        (("aurora", "Sales director", ("administrator", "approver", "channel_manager")),),
    ),
    ("silvia.neri@aurora.example", "Silvia Neri", "it", (("aurora", "Head of pricing", ("approver",)),)),
    ("bruno.marin@aurora.example", "Bruno Marin", "it", (("aurora", "Finance director", ("approver", "finance")),)),
    ("paolo.greco@aurora.example", "Paolo Greco", "it", (("aurora", "Order desk", ("order_desk",)),)),
    ("elena.sala@aurora.example", "Elena Sala", "en", (("aurora", "Integration engineer", ("integration",)),)),
    ("nico.rota@aurora.example", "Nico Rota", "it", (("aurora", "Trainee", ("reader",)),)),
    (
        "ingrid.lund@nordic.example",
        "Ingrid Lund",
        "en",
        (("nordic", "Partner lead", ("administrator", "channel_manager")),),
    ),
    ("oskar.berg@nordic.example", "Oskar Berg", "en", (("nordic", "Customer service", ("order_desk", "support")),)),
    (
        "jonas.weber@helios.example",
        "Jonas Weber",
        "en",
        (("helios", "Head of channel", ("administrator", "channel_manager")),),
    ),
    ("klara.vogt@helios.example", "Klara Vogt", "en", (("helios", "Inside sales", ("sales", "order_desk")),)),
    ("marta.riva@brenta.example", "Marta Riva", "en", (("brenta", "Sales engineer", ("sales",)),)),
    (
        "andrea.moro@brenta.example",
        "Andrea Moro",
        "it",
        (("brenta", "Managing director", ("administrator", "finance")),),
    ),
    ("sara.zanin@brenta.example", "Sara Zanin", "it", (("brenta", "Purchasing", ("order_desk", "integration")),)),
    (
        "davide.lenzi@dolomiti.example",
        "Davide Lenzi",
        "it",
        (("dolomiti", "Owner", ("administrator", "sales", "order_desk")),),
    ),
    ("chiara.tait@dolomiti.example", "Chiara Tait", "it", (("dolomiti", "Sales", ("sales",)),)),
    (
        "franco.galli@adriatica.example",
        "Franco Galli",
        "it",
        (("adriatica", "Distribution manager", ("administrator", "channel_manager", "order_desk")),),
    ),
    (
        "irene.bassi@adriatica.example",
        "Irene Bassi",
        "en",
        (("adriatica", "Key accounts", ("sales",)), ("brenta", "Adviser", ("reader",))),
    ),
    ("stefan.koch@rhein.example", "Stefan Koch", "en", (("rhein", "Managing director", ("administrator", "sales")),)),
    ("anna.schulz@rhein.example", "Anna Schulz", "en", (("rhein", "Purchasing", ("order_desk", "integration")),)),
    (
        "camille.roux@loire.example",
        "Camille Roux",
        "en",
        (("loire", "Sales director", ("administrator", "sales", "order_desk")),),
    ),
    ("hugo.petit@loire.example", "Hugo Petit", "en", (("loire", "Engineer", ("sales",)),)),
    (
        "elsa.holm@baltic.example",
        "Elsa Holm",
        "en",
        (("baltic", "Project manager", ("administrator", "sales", "order_desk")),),
    ),
    ("pablo.serra@iberia.example", "Pablo Serra", "en", (("iberia", "General manager", ("administrator", "sales")),)),
    ("lucia.vidal@iberia.example", "Lucía Vidal", "en", (("iberia", "Logistics", ("order_desk",)),)),
    ("dan.miller@lakes.example", "Dan Miller", "en", (("lakes", "VP Sales", ("administrator", "sales")),)),
    ("amy.chen@lakes.example", "Amy Chen", "en", (("lakes", "Supply chain", ("order_desk", "integration")),)),
)

TIERS: tuple[dict[str, Any], ...] = (
    {"name": "Registered", "rank": 1, "discount_percent": Decimal(5), "protection_days": 60, "open_deals": 20},
    {"name": "Advanced", "rank": 2, "discount_percent": Decimal(8), "protection_days": 90, "open_deals": 60},
    {"name": "Premier", "rank": 3, "discount_percent": Decimal(12), "protection_days": 120, "open_deals": 200},
)

TERMS = (
    "1. The partner registers an opportunity before it quotes. The vendor answers within one working day.\n"
    "2. An approved registration is protected for the days of the partner's tier.\n"
    "3. Prices are those of the current list less the discount of the tier; special prices belong to one deal.\n"
    "4. Orders may be sent by form, API or EDI; an order is binding once the vendor has answered it.\n"
    "5. Either side may end the partnership with thirty days' notice; both keep their copies of what was exchanged."
)
AGREEMENT: dict[str, tuple[str, str, str]] = {
    "aurora": ("Aurora Circle", "Aurora partner agreement", TERMS),
    "nordic": ("Nordic Partner Network", "Nordic partner agreement", TERMS),
    "helios": ("Helios Alliance", "Helios partner agreement", TERMS),
    "adriatica": ("Adriatica Rete", "Adriatica reseller agreement", TERMS),
}

PARTNERSHIPS: tuple[tuple[str, str, str, str, int, str], ...] = (
    ("aurora", "brenta", "reseller", "active", 3, "Veneto, Friuli"),
    ("aurora", "dolomiti", "reseller", "active", 2, "Trentino-Alto Adige"),
    ("aurora", "adriatica", "distributor", "active", 3, "Emilia-Romagna, Marche"),
    ("aurora", "rhein", "reseller", "active", 2, "Nordrhein-Westfalen"),
    ("aurora", "loire", "reseller", "active", 2, "Pays de la Loire"),
    ("aurora", "lakes", "distributor", "active", 3, "Great Lakes states"),
    ("aurora", "helios", "technology", "active", 1, "Europe"),
    ("aurora", "iberia", "reseller", "in_review", 1, "Aragón, Cataluña"),
    ("nordic", "baltic", "reseller", "active", 3, "Västra Götaland"),
    ("nordic", "brenta", "services", "active", 1, "North-east Italy"),
    ("nordic", "rhein", "reseller", "active", 2, "Germany west"),
    ("nordic", "lakes", "distributor", "active", 2, "Great Lakes states"),
    ("nordic", "iberia", "reseller", "suspended", 1, "Spain"),
    ("helios", "brenta", "reseller", "active", 2, "North Italy"),
    ("helios", "rhein", "reseller", "active", 3, "Germany"),
    ("helios", "loire", "reseller", "active", 1, "France west"),
    ("helios", "baltic", "referral", "active", 1, "Sweden"),
    ("adriatica", "dolomiti", "reseller", "active", 1, "Trento"),
    ("adriatica", "brenta", "reseller", "ended", 1, "Rovigo"),
)
