"""What the demo's campaigns say."""

GOAL = (
    "Owners of buildings from before 2005 learn what their pumps cost them, and ask for a check.\n"
    "Aurora brings the tool and the stand, each partner its customers and its engineers."
)
GOALS = {
    "helios": "Plants that run pumps day and night see on one page what a drive saves, and order a trial for a month.",
    "aurora": "Before the winter every large customer has had its fire pumps tested, and knows what to replace.",
    "nordic": "Hospitals hear of valves that nobody hears.",
}
LETTER = """{{our_logo}}

# What does your old pump cost you, {{first_name|good day}}?

a booster set from 2005 uses three times the energy of one of today. We look at yours for nothing, \
and tell you after one hour what it costs in a year.

- [Choose a day for the check]({{our_page}})
- Or call us: {{our_phone}}

{{our_contact}}
{{our_name}}, {{our_city}}"""
LETTER_BEFORE = """# Old pumps cost money

We look at yours for nothing. [Choose a day]({{our_page}}).

{{our_name}}"""
REMINDER = """{{our_logo}}

# Three weeks left, {{first_name|good day}}

the free check of pumps ends with the month. There are days left for {{company|your building}}.

[Choose one]({{our_page}})

{{our_contact}}, {{our_name}}"""
PAGE = """One hour, one number: **what your pumps cost in a year**, and what a new set would save.

- We measure flow, pressure and current while everything runs.
- You get one page with the figures, the same day.
- The check costs nothing until the end of the campaign.

{{our_name}} comes to you in {{our_city|your city}} and around it. {{our_contact}} answers within one working day."""
FLYER = """## One hour, one number

What do your pumps cost in a year? We measure flow, pressure and current while everything runs, \
and leave one page with the figures.

1. Choose a day: {{our_page}}
2. We come, measure, and leave.
3. You decide in peace.

**{{our_name}}** · {{our_contact}} · {{our_phone}}"""
# Who spent it, how many days ago, what for, how much, the supplier and the number of its invoice.
COSTS = (
    ("brenta", 21, "Stand at the fair in Padova", 2_480, "Fiera Service Srl", "2026/0417"),
    ("brenta", 12, "Printing of the flyers", 640, "Tipografia Euganea", "FT 1180"),
    ("brenta", 4, "Calls to 200 customers", 900, "Voce Srl", "88-26"),
    ("aurora", 26, "Measuring cases, rent for two months", 5_300, "Strumenti Nord", "N-20931"),
    ("aurora", 17, "Film of three minutes", 3_950, "Studio Riva", "71/2026"),
    ("adriatica", 15, "Advertisement in the regional paper", 1_850, "Corriere Adriatico", "A-5512"),
)
# Who says it, how many days ago, what.
TALK = (
    ("aurora", 35, "Welcome. The measuring cases come to you on the day before the training. Who needs two?"),
    ("brenta", 34, "Two, please: we send a team to Padova and one to Vicenza."),
    ("adriatica", 33, "One is enough. Does the letter go out under our own name?"),
    (
        "aurora",
        33,
        "Yes. In *Assets*, choose **Use as our mailing** and send it to your own contacts. We never see them.",
    ),
    ("adriatica", 5, "Stand in Rimini: 212 visitors, eleven asked for the check."),
    ("brenta", 2, "We call whoever opened twice from tomorrow on."),
)
# Title, kind, days from today until it starts, how long it takes, who (None: everybody), done.
STEPS = (
    ("Train the engineers on the measuring case", "event", -26, 1, None, True),
    ("Landing pages open", "page", -21, 1, "aurora", True),
    ("First letter to owners and planners", "mailing", -18, 3, None, True),
    ("Stand at the fair for facility managers", "event", -6, 3, "adriatica", True),
    ("Call whoever opened twice", "calls", -1, 6, "brenta", False),
    ("Second letter, with the first results", "mailing", 9, 2, None, False),
    ("Open day in Padova", "event", 20, 1, "brenta", False),
    ("Write the case of the hotel", "task", 26, 5, "aurora", False),
)
NEEDS = (
    "Check of two booster sets, nine floors",
    "Energy check, heating pumps of a school",
    "Replacement of a set from 2003",
    "Check before the budget of next year",
    "Pumps run day and night; why?",
    "Offer for three hotels",
    "Measuring of a well pump",
)
LEADS = {
    "aurora": ("Grand Hotel Rialto", "Terme Antiche Abano", "Cantina Sociale Lonigo", "Ospedale San Marco Vicenza"),
    "brenta": (
        "Residenza Ai Pioppi", "Condominio Torre Belludo", "Piscine Comunali Este", "Hotel Al Santo", "Liceo Livio",
    ),
    "adriatica": ("Bagni Marechiaro", "Centro Commerciale Le Dune", "Albergo Miramare Rimini"),
}  # fmt: skip
PEOPLE = ("Anna Bassi", "Giorgio Vitali", "Lucia Fontana", "Marco Serra", "Elisa Conti", "Davide Greco", "Rita Longo")
