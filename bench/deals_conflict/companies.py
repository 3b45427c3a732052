"""A seeded generator of companies, of the ways in which people write them, and of companies that only look alike.

Its surnames, trades and towns were written for this benchmark alone: score and keys of deals.matching were worked out
on pairs of other surnames and trades, and of another seed.
"""

import random
import string
from dataclasses import dataclass, replace
from functools import partial

from stdnum import luhn
from stdnum.de import vat as german
from stdnum.es import cif as spanish
from stdnum.gb import vat as british

SURNAMES = {
    "IT": "Bortolotti Zanetti Fumagalli Pellegrini Cattaneo Brambilla D'Angelo Dell'Acqua Sforza Mazzocchi Tiraboschi "
    "Gasparini Piccinini Quaranta Lo_Bianco Scognamiglio Panciera Buonarroti Tosetti Vezzoli Cereda Giacomelli "
    "Rinaldoni Spagnuolo Trevisanello Uberti Vianello Zambon Agostinelli Boscolo",
    "DE": "Köhler Größl Schäfer Hübschmann Voßkamp Brüggemann Wünsche Lämmle Dörfler Kräutle Nußbaum Öttinger Pfänder "
    "Rößler Stüber Tölke Überall Wittkopp Zeller Achleitner Burkhardt Cordes Drescher Eichinger Finkbeiner Gutzeit "
    "Hasenclever Immendorf Jahnke Kirchhoff",
    "FR": "Lefèvre Bézard Chéreau Dufrêne Gauthier Hébrard L'Héritier Mérieux Noël Pâris Quéméneur Rivière Sénéchal "
    "Thévenot Vauquelin Barthélemy Courtois Delaunay Escoffier Fontanel Guérin Jourdain Kervella Lacombe Marchand "
    "Navarre Ollivier Péronnet Roussillon Tisserand",
    "ES": "Ibáñez Núñez Güell Echeverría Zubizarreta Peñalver Cañizares Íñiguez Gutiérrez Ordóñez Muñiz Arréguez "
    "Bermejo Carrascosa Domènech Etxeberri Fajardo Gallardo Huertas Jaramillo Lizarraga Montesinos Olavide "
    "Palomares Quintana Rebolledo Salvatierra Trujillo Urrutia Villalobos",
    "GB": "Ashworth Braithwaite Carruthers Dunstable Entwistle Fairfax Gillingham Hathersage Inglethorpe Jessop "
    "Kettlewell Lockwood Micklethwaite Northcote O'Rourke Pemberton Quarmby Ravenscroft Stallybrass Thistlewood "
    "Uttley Venables Wolstenholme Yarborough Ainscough Birtwistle Crowther Duckworth Eccleshall Fothergill",
}
TRADES = {
    "IT": "Idraulica Carpenterie Torneria Serramenti Vetreria Marmi Caldaie Giardini Ceramiche Stampi Vernici Gomma "
    "Tubi Pompe Motori Verniciature Impianti Costruzioni Officine Trasporti",
    "DE": "Sanitär Schlosserei Dreherei Fensterbau Glaserei Natursteine Heizung Gartenbau Keramik Formenbau Lacke "
    "Gummi Rohre Pumpen Motoren Antriebe Anlagenbau Bau Maschinenbau Logistik",
    "FR": "Plomberie Ferronnerie Tournage Menuiserie Vitrerie Marbrerie Chauffage Jardins Céramique Moules Peintures "
    "Caoutchouc Tubes Pompes Moteurs Vannes Construction Transports Industrie Mécanique",
    "ES": "Fontanería Herrería Tornería Ventanas Cristalería Mármoles Calderas Jardines Cerámica Moldes Pinturas "
    "Caucho Tubos Bombas Motores Válvulas Construcciones Transportes Industrial Montajes",
    "GB": "Plumbing Ironworks Turning Joinery Glazing Masonry Heating Gardens Ceramics Mouldings Coatings Rubber Pipes "
    "Pumps Motors Valves Construction Transport Engineering Fabrications",
}
COINED = [
    "Vexa",
    "Lumor",
    "Torvi",
    "Kelda",
    "Brisma",
    "Noxal",
    "Feron",
    "Quila",
    "Zintra",
    "Almor",
    "Perida",
    "Solvane",
    "Tremont",
    "Ultrex",
    "Wolfin",
    "Yorma",
]
TOWNS = {
    "IT": {"Rovigo": "45100", "Cuneo": "12100", "Lecce": "73100", "Arezzo": "52100", "Sondrio": "23100"},
    "DE": {"Kassel": "34117", "Görlitz": "02826", "Bayreuth": "95444", "Lübeck": "23552", "Trier": "54290"},
    "FR": {"Nîmes": "30000", "Angers": "49000", "Besançon": "25000", "Pau": "64000", "Troyes": "10000"},
    "ES": {"Cádiz": "11001", "Lugo": "27001", "Teruel": "44001", "Huesca": "22001", "Ávila": "05001"},
    "GB": {"Hereford": "HR1 2AA", "Lincoln": "LN1 1AA", "Truro": "TR1 1AA", "Durham": "DH1 1AA", "Perth": "PH1 1AA"},
}
FORMS = {
    "IT": ("S.r.l.", "SRL", "S.p.A.", "S.n.c.", "Società a responsabilità limitata", "s.r.l. unipersonale", "srls"),
    "DE": ("GmbH", "GmbH & Co. KG", "G.m.b.H.", "AG", "KG", "Gesellschaft mit beschränkter Haftung", "e.K."),
    "FR": ("SARL", "S.A.R.L.", "SAS", "S.A.", "Société par actions simplifiée", "SASU", "EURL"),
    "ES": ("S.L.", "SL", "S.A.", "Sociedad Limitada", "S.L.U.", "Sociedad Anónima", "SLU"),
    "GB": ("Ltd", "Ltd.", "Limited", "PLC", "LLP", "Limited", "(UK) Ltd"),
}
KIN = {"IT": "& Figli", "DE": "& Söhne", "FR": "et Fils", "ES": "e Hijos", "GB": "& Sons"}
BROTHERS = {"IT": "Fratelli", "DE": "Gebrüder", "FR": "Établissements", "ES": "Hermanos", "GB": "Bros"}
SHORT = {"Fratelli": "F.lli", "Gebrüder": "Gebr.", "Établissements": "Ets", "Hermanos": "Hnos.", "Bros": "Brothers"}
DAUGHTERS = {
    "IT": ("Service", "Immobiliare", "Holding", "Energia", "Logistica"),
    "DE": ("Service", "Immobilien", "Holding", "Vertrieb", "Verwaltungs"),
    "FR": ("Services", "Immobilier", "Groupe", "Distribution", "Logistique"),
    "ES": ("Servicios", "Inmobiliaria", "Grupo", "Energía", "Logística"),
    "GB": ("Services", "Properties", "Group", "Energy", "Logistics"),
}
FREE = ("gmail.com", "libero.it", "gmx.de", "orange.fr", "hotmail.es", "btinternet.com")
DIALS = {"IT": "+39 045 8{}", "DE": "+49 561 7{}", "FR": "+33 4 66 {}", "ES": "+34 956 2{}", "GB": "+44 1522 5{}"}
LANGUAGES = tuple(SURNAMES)


@dataclass(frozen=True, slots=True)
class Entity:
    """A legal entity as it is: everything that could be written of it."""

    words: tuple[str, ...]
    form: str
    country: str
    city: str
    postcode: str
    vat: str
    domain: str
    phone: str
    email: str


def entity(rng: random.Random, country: str = "", surname: str = "") -> Entity:
    """A company, of a family or with a coined name, in one of five languages."""
    country = country or rng.choice(LANGUAGES)
    surname = surname or rng.choice(SURNAMES[country].split()).replace("_", " ")
    trades = rng.sample(TRADES[country].split(), 2)
    coined = rng.choice(COINED) + rng.choice(("", "tech", "plast", "mec", "", "")) + rng.choice(string.ascii_lowercase)
    shapes = (
        (surname, trades[0]),
        (trades[0], surname),
        (BROTHERS[country], surname),
        (surname, *KIN[country].split()),
        (coined.capitalize(), trades[0]),
        (trades[0], trades[1], surname),
        (coined.capitalize(),),
        (f"{surname}-{rng.choice(SURNAMES[country].split()).replace('_', '')}", trades[0]),
    )
    words = rng.choice(shapes)
    city, postcode = rng.choice(list(TOWNS[country].items()))
    stem = "".join(letter for letter in _plain("".join(words)).lower() if letter.isalnum())[:24]
    domain = (
        f"{stem}{rng.randint(1, 99) if rng.random() < 0.3 else ''}.{ {'GB': 'co.uk'}.get(country, country.lower()) }"
    )
    person = rng.choice(("info", "acquisti", "einkauf", "m.weiss", "anna", "contact", "sales", "p.costa"))
    email = f"{person}@{domain}"
    if rng.random() < 0.12:
        email = f"{stem[:12]}{rng.randint(1, 999)}@{rng.choice(FREE)}"
    return Entity(
        words,
        rng.choice(FORMS[country]),
        country,
        city,
        postcode,
        vat(rng, country),
        domain,
        phone(rng, country),
        email,
    )


def phone(rng: random.Random, country: str) -> str:
    return DIALS[country].format("".join(rng.choices(string.digits, k=6)))


def vat(rng: random.Random, country: str) -> str:
    """A number that passes the country's own check."""
    digits = partial(rng.choices, string.digits)
    if country == "IT":
        body = "0" + "".join(digits(k=6)) + rng.choice(("023", "015", "001"))
        return body + luhn.calc_check_digit(body)
    if country == "FR":
        body = "".join(digits(k=8))
        siren = body + luhn.calc_check_digit(body)
        return f"{(12 + 3 * (int(siren) % 97)) % 97:02d}{siren}"
    while True:
        if country == "DE" and german.is_valid(number := rng.choice("123456789") + "".join(digits(k=8))):
            return number
        if country == "ES" and spanish.is_valid(number := "B" + "".join(digits(k=8))):
            return number
        if country == "GB" and british.is_valid(number := rng.choice("123456789") + "".join(digits(k=8))):
            return number


def _plain(text: str) -> str:
    table = str.maketrans("äöüÄÖÜèéêëàâîïôûñçíóáúéÉ", "aouAOUeeeeaaiiounciouaeE"[:24])
    return text.translate(table)


def moved(rng: random.Random, company: Entity) -> Entity:
    """The same words in another town of the country."""
    city, postcode = rng.choice([pair for pair in TOWNS[company.country].items() if pair[0] != company.city])
    return replace(company, city=city, postcode=postcode)
