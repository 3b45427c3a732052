"""Who asks in the demo's leads: invented companies, needs and places."""

from leads.models import Size

# country, region, city
PLACES = (
    ("IT", "Veneto", "Vicenza"),
    ("IT", "Veneto", "Treviso"),
    ("IT", "Friuli-Venezia Giulia", "Udine"),
    ("IT", "Trentino-Alto Adige", "Bolzano"),
    ("IT", "Emilia-Romagna", "Forlì"),
    ("IT", "Marche", "Ancona"),
    ("DE", "Nordrhein-Westfalen", "Düsseldorf"),
    ("DE", "Bayern", "Regensburg"),
    ("FR", "Pays de la Loire", "Angers"),
    ("ES", "Aragón", "Huesca"),
)
COMPANIES = (
    "Cantina {}", "Albergo Stella {}", "Latteria {}", "Vivai {}", "Molino {}", "Terme di {}", "Serre {}", "Fonderia {}",
    "Centro commerciale {}", "Ospedale San Marco {}",
)  # fmt: skip
ABROAD = ("Brauerei {}", "Klinikum {}", "Molkerei {}", "Stadtbad {}", "Laiterie {}", "Serres {}")
NEEDS = (
    ("Booster set for a building of nine floors", "Booster sets", Size.SMALL, 18_500),
    ("Well pump, 120 m deep, for irrigation", "Well pumps", Size.MICRO, 9_800),
    ("Two pumps for a cooling circuit, 80 m³/h", "Process pumps", Size.MEDIUM, 42_000),
    ("Replacement of three sewage pumps", "Sewage pumps", Size.MEDIUM, 31_000),
    ("Fire pump set with diesel drive", "Fire pumps", Size.LARGE, 64_000),
    ("Dosing of chlorine for a pool", "Dosing", Size.SMALL, 5_200),
    ("Pressure raising for a wine press line", "Booster sets", Size.SMALL, 14_300),
    ("Advice on energy use of old pumps", "Process pumps", Size.LARGE, None),
)
PEOPLE = (
    "Alessia Marin", "Riccardo Boni", "Caterina Dal Lago", "Tommaso Rizzi", "Ursula Brandt", "Jürgen Falk",
    "Élodie Marchand", "Nuria Gil", "Federico Zorzi", "Bianca Serafini",
)  # fmt: skip
CAMPAIGNS = ("Fair in Bologna", "Web site", "Newsletter of October", "Article on energy", "")
MESSAGES = (
    "The old set is twenty years old and loud. We would like a visit before Christmas.",
    "Please send a proposal with delivery time; the tender closes at the end of next month.",
    "We have drawings. Somebody should look at the suction side.",
    "",
)
CONTACTS = ("Spoke to the technical office; visit on Thursday.", "Sent the data sheets, they compare.", "Quote is out.")
DECLINES = (("capacity", "Our two people for this are on site until January."), ("no_fit", "We do no sewage work."))
REFUSED = (
    (14, "refused", "Say what is needed."),
    (37, "twice", "The same as L-0000213 Cantina Valpolicella"),
    (38, "known", "The same as L-0000117 Terme di Abano"),
    (52, "refused", "That is no e-mail address."),
    (61, "refused", "“Padania” is no country."),
)
