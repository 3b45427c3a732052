"""What the demo's deals are about: invented customers and projects, by country."""

_CITIES = {
    "IT": "Verona Treviso Vicenza Rovigo Trento Bolzano Belluno Udine Ravenna Ferrara Modena Ancona Mantova",
    "DE": "Aachen Bonn Essen Mainz Kassel Ulm Bremen Lübeck Erfurt Siegen Trier Gera",
    "FR": "Nantes Angers Rennes Vannes Poitiers Tours Laval Saumur Cholet Niort",
    "SE": "Kalmar Borås Lund Gävle Örebro Umeå Halmstad Karlstad Visby Skövde",
    "ES": "Zaragoza Huesca Lleida Reus Teruel Girona",
    "US": "Toledo Duluth Erie Flint Racine Buffalo Sandusky Saginaw Kenosha Muskegon",
}
CITIES = {country: names.split() for country, names in _CITIES.items()}
FORMS = {"IT": "S.p.A.", "DE": "GmbH", "FR": "SAS", "SE": "AB", "ES": "S.L.", "US": "Inc."}
# The customer's name with its city, and the project.
CUSTOMERS = {
    "IT": (
        ("Consorzio Acque {}", "Pumping station upgrade"),
        ("Acquedotto {}", "Booster station, upper zone"),
        ("Caseificio Valle di {}", "Cooling loop for the new dairy line"),
        ("Ospedale Civile {}", "HVAC renewal, surgical wing"),
        ("Cartiere {}", "Process water recovery"),
        ("Terme di {}", "Thermal water distribution"),
        ("Cantine Riunite {}", "Bottling plant extension"),
        ("Bonifica {}", "Flood control pumps"),
    ),
    "DE": (
        ("Stadtwerke {}", "District heating transfer station"),
        ("Brauerei {}", "Brewhouse water treatment"),
        ("Klinikum {}", "Chilled water plant"),
        ("Chemiepark {}", "Solvent transfer skids"),
        ("Wasserverband {}", "Deep well replacement"),
        ("Papierwerk {}", "Stock pumps, machine 3"),
    ),
    "FR": (
        ("Eaux de {}", "Desalination pilot"),
        ("Laiterie {}", "CIP station, line 4"),
        ("Port de {}", "Dock drainage"),
        ("Conserverie {}", "Steam boiler feed"),
        ("Hôpital de {}", "Heat recovery"),
    ),
    "SE": (
        ("{} Vatten", "Waterworks modernisation"),
        ("{} Bryggeri", "Fermentation cooling"),
        ("{} Energi", "District cooling, stage 2"),
        ("{} Massa", "Pulp line valves"),
    ),
    "ES": (("Aguas de {}", "Irrigation community pumps"), ("Bodegas {}", "Winery cooling")),
    "US": (
        ("{} Water Authority", "Lift station rehab"),
        ("{} Foods", "Food plant expansion"),
        ("{} Steel Works", "Descaling pumps"),
        ("{} Brewing", "Glycol loop"),
    ),
}
COMPETITORS = ("", "", "", "KSB", "Grundfos", "Wilo", "Xylem", "Sulzer", "Danfoss", "AVK")
BENEFITS = (
    "",
    "",
    "Special price −5 %",
    "Special price −7 %",
    "Longer payment term",
    "Help with the tender",
    "Demo unit",
)
NOTES = (
    "",
    "",
    "The consultant writes our curve into the specification if we confirm by the end of the month.",
    "They have had two failures of the old sets this year and want one maker for all.",
    "Public tender; documents are due four weeks after publication.",
    "The plant stops for three weeks in August, that is the window.",
)
RETURNS = (
    (["amount", "lines"], "Which sizes exactly, and does the value include commissioning?"),
    (["decision_date"], "The tender is published later. When will they decide?"),
    (["customer_vat", "evidence"], "Please add the VAT number and a proof of contact."),
)
REJECTIONS = (
    ("not_qualified", "There is no budget yet. Register it again when the tender is prepared."),
    ("no_fit", "For this medium we have no certified material."),
    ("territory", "This site lies outside your agreed territory."),
    ("unverified", "The customer could not confirm the project to us."),
)
LOSSES = (
    ("competitor", "A local maker was chosen."),
    ("price", "8 % above the winner."),
    ("postponed", "Put off to the next budget."),
)
REVOCATIONS = (
    "The customer was named wrongly; the tender belongs to another authority.",
    "The evidence turned out to be of another project.",
)
REFERENCE_LINES = (
    ("AP-VT400-IE4", "Vertical turbine pump VT-400", "6", "24800", "23064", "Pumps"),
    ("AP-FD090", "Frequency drive 90 kW", "6", "6900", "6417", "Drives"),
    ("AP-SVC-D", "Commissioning, per day", "8", "914.25", "914.25", "Services"),
)
