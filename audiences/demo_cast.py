"""Who is among the demo's contacts, and what they are sent: invented people, companies and letters."""

FIRST = (
    "Alessia", "Riccardo", "Caterina", "Tommaso", "Ursula", "Jürgen", "Élodie", "Nuria", "Federico", "Bianca",
    "Matteo", "Chiara", "Stefan", "Greta", "Paolo", "Ilaria", "Davide", "Sofia", "Lorenzo", "Marta",
)  # fmt: skip
LAST = (
    "Marin", "Boni", "Dal Lago", "Rizzi", "Brandt", "Falk", "Marchand", "Gil", "Zorzi", "Serafini", "Costa", "Weber",
    "Ferrari", "Lang", "Moretti", "Keller", "Greco", "Vidal", "Conte", "Berger",
)  # fmt: skip
COMPANIES = (
    ("Cantina Valpolicella", "IT"), ("Terme di Abano", "IT"), ("Albergo Stella Alpina", "IT"), ("Vivai Treviso", "IT"),
    ("Ospedale San Marco", "IT"), ("Fonderia Udine", "IT"), ("Latteria Bolzano", "IT"), ("Serre Forlì", "IT"),
    ("Brauerei Regensburg", "DE"), ("Klinikum Düsseldorf", "DE"), ("Laiterie Angers", "FR"), ("Molino Ancona", "IT"),
)  # fmt: skip
TAGS = ("installer", "planner", "maintenance", "fair bologna", "newsletter", "hospital", "winery")
SOURCES = ("Fair in Bologna", "Web form", "Newsletter page", "Typed")
WORDING = "Aurora Pumps may send me news and offers by e-mail. I can withdraw this at any time."
SENT = (
    (
        "New booster sets save a third of the energy",
        "A third less energy, {{first_name}}: the new booster sets",
        24,
        """# The new booster sets are here

Dear {{first_name}},

since October we build the **Aqua line** with motors of class IE5. In a building of nine floors that saves a third of
the energy of a set from 2010.

- [Read how it was measured](https://aurora.example/aqua)
- [Ask for the data of your building](https://aurora.example/ask)

We are glad to come to {{company|you}} and look.

Your Aurora team""",
    ),
    (
        "Is your fire pump ready for the winter?",
        "",
        9,
        """Dear {{first_name}},

before the first frost the test run of a fire pump takes ten minutes.
[Here is the list of what to look at](https://aurora.example/winter), on one page to print.

If you want somebody to do it for {{company|you}}: [our service partners](https://aurora.example/partners) have free
days in December.

Your Aurora team""",
    ),
)
DRAFT = (
    "You are invited: open day in Vicenza",
    """Dear {{first_name}},

on the 12th of December we open the test hall. [Tell us that you come](https://aurora.example/open-day).

Your Aurora team""",
)
