"""What the demo's vendors sell: families of invented products, each in several sizes."""

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Family:
    """Products that differ by size: SKU and name take the size; the price grows by `step` from one to the next."""

    sku: str
    name: str
    line: str
    sizes: tuple[str, ...]
    price: str
    step: str = "1.22"
    unit: str = "C62"
    pack: int = 1

    def products(self) -> list[tuple[str, str, Decimal]]:
        """SKU, name and list price of each size."""
        made, price = [], Decimal(self.price)
        for size in self.sizes:
            made.append((self.sku.format(size), self.name.format(size.lstrip("0")), price))
            price = (price * Decimal(self.step) / 5).quantize(Decimal("0.01")) * 5
        return made


FAMILIES: dict[str, tuple[Family, ...]] = {
    "aurora": (
        Family("AP-VT{}-IE4", "Vertical turbine pump VT-{}", "Pumps", ("150", "200", "250", "300"), "9450"),
        Family("AP-VT400-IE4", "Vertical turbine pump VT-400", "Pumps", ("400",), "24800"),
        Family("AP-ES{}", "End-suction pump ES-{}", "Pumps", ("032", "040", "050", "065", "080", "100", "125"), "780"),
        Family("AP-SM{}", "Submersible motor pump SM-{}", "Pumps", ("075", "110", "150", "220", "300"), "1640"),
        Family("AP-BS{}", "Booster set with {} pumps", "Booster sets", ("2", "3", "4"), "6900", "1.38"),
        Family("AP-FD{}", "Frequency drive {} kW", "Drives", ("015", "030", "055"), "1980", "1.45"),
        Family("AP-FD090", "Frequency drive 90 kW", "Drives", ("090",), "6900"),
        Family("AP-MS{}", "Mechanical seal {} mm", "Spare parts", ("32", "45", "60", "80"), "128", "1.3", pack=2),
        Family("AP-IMP{}", "Bronze impeller DN {}", "Spare parts", ("065", "100", "150"), "415", "1.4"),
        Family("AP-GSK{}", "Gasket kit DN {}", "Spare parts", ("050", "080", "100", "150"), "18.4", "1.25", "SET", 10),
        Family("AP-CBL{}", "Submersible cable {} mm²", "Accessories", ("04", "10"), "7.85", "2.1", "MTR", 50),
        Family("AP-SVC-D", "Commissioning, per day", "Services", ("",), "914.25", unit="DAY"),
    ),
    "nordic": (
        Family("NV-BV{}", "Butterfly valve DN {}", "Valves", ("080", "100", "150", "200", "250", "300", "400"), "186"),
        Family("NV-GV{}", "Gate valve DN {}", "Valves", ("050", "080", "100", "150", "200"), "142", "1.34"),
        Family("NV-CV{}", "Control valve DN {}", "Control", ("025", "040", "050", "080", "100"), "1290"),
        Family("NV-NR{}", "Non-return valve DN {}", "Valves", ("050", "080", "100", "150"), "98", "1.36"),
        Family("NV-AQ{}", "Electric actuator {} Nm", "Actuators", ("035", "080", "150", "300"), "640", "1.41"),
        Family("NV-PP{}", "Positioner PP-{}", "Control", ("1", "2"), "720", "1.5"),
        Family("NV-FL{}", "Flange set DN {}", "Accessories", ("080", "100", "150"), "34.5", "1.3", "SET", 4),
        Family("NV-ST{}", "Stem packing {} mm", "Spare parts", ("08", "10", "12"), "2.36", "1.2", "MTR", 25),
        Family("NV-SVC-H", "Valve service, per hour", "Services", ("",), "112.5", unit="HUR"),
    ),
    "helios": (
        Family("HD-M{}", "IE5 motor {} kW", "Motors", ("004", "007", "011", "018", "030", "045", "075"), "890", "1.33"),
        Family("HD-VX{}", "Drive VX {} kW", "Drives", ("004", "007", "011", "018", "030", "045", "075"), "740", "1.31"),
        Family("HD-GB{}", "Helical gearbox GB-{}", "Gearboxes", ("20", "30", "40", "50", "60", "70"), "1120", "1.28"),
        Family("HD-EN{}", "Encoder {} pulses", "Accessories", ("1024", "2048", "4096"), "212", "1.18"),
        Family("HD-BR{}", "Brake resistor {} Ω", "Accessories", ("040", "080", "120"), "96", "1.22"),
        Family("HD-FB{}", "Fieldbus card {}", "Accessories", ("PN", "EC", "MB"), "168", "1.05"),
        Family("HD-FLT{}", "Line filter {} A", "Accessories", ("016", "032", "063", "125"), "88", "1.4"),
        Family("HD-SVC-R", "Remote commissioning", "Services", ("",), "480", unit="LS"),
        Family("HD-LUB{}", "Gear oil, drum of {} l", "Spare parts", ("005", "020"), "64", "3.4"),
    ),
    "adriatica": (
        Family("AD-PE{}", "PE pipe PN16 DN {}", "Pipes", ("063", "090", "110", "160", "200"), "6.4", "1.6", "MTR", 6),
        Family(
            "AD-EF{}", "Electrofusion coupler DN {}", "Fittings", ("063", "090", "110", "160"), "14.2", "1.5", pack=5
        ),
        Family("AD-MN{}", "Manhole cover {} kN", "Covers", ("125", "250", "400"), "88", "1.45"),
    ),
}
# GS1 company prefixes that belong to nobody in this world.
PREFIXES = {"aurora": "80123450", "nordic": "73123450", "helios": "40123450", "adriatica": "80456780"}
PLACES = {
    "IT": ("Via dell'Industria 12", "35129", "Padova"),
    "DE": ("Industriestraße 40", "50825", "Köln"),
    "FR": ("Rue des Docks 8", "44000", "Nantes"),
    "SE": ("Hamngatan 3", "411 06", "Göteborg"),
    "ES": ("Calle Ebro 21", "50012", "Zaragoza"),
    "US": ("1200 Canal Street", "53202", "Milwaukee"),
}
NOTES = (
    "Please deliver to the site gate, forklift on hand until 16:00.",
    "Partial delivery is welcome.",
    "Mark every package with our order number.",
    "",
    "",
    "",
)
REASONS = {
    "changed": ("In stock from that week", "Packed by the dozen", "Price of the list of this quarter"),
    "rejected": ("No longer made", "Not available before summer", "Please order the successor"),
    "backordered": ("Castings are late", "Next production in four weeks"),
}
CANCELLED = ("The site is put off", "Ordered twice", "The customer changed the layout")
# How many orders in each state, and how many days ago they came in.
PLAN = (
    ("closed", 14, 60, 200),
    ("invoiced", 8, 30, 70),
    ("shipped", 10, 15, 40),
    ("partly_shipped", 5, 8, 30),
    ("accepted", 16, 2, 25),
    ("accepted_with_changes", 8, 2, 25),
    ("rejected", 4, 3, 90),
    ("cancelled", 4, 5, 120),
    ("change_requested", 3, 1, 6),
    ("acknowledged", 5, 0, 2),
    ("received", 9, 0, 1),
    ("draft", 4, 0, 9),
)
