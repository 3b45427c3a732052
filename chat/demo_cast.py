"""What people of the demo say. V is somebody of the vendor, P of the partner, v of the vendor in the side thread."""

DEAL_TALKS: tuple[tuple[tuple[str, str], ...], ...] = (
    (
        ("P", "The tender closes at the end of the month. They compare us with one other maker."),
        ("V", "Thank you. Is the discount for the pumps alone, or the drives as well?"),
        ("P", "Both. The consultant asked for one price for the whole station."),
        ("v", "We can go to 7 %, not further. The drives leave us 19 % as it is."),
        ("V", "Understood. I will come back today."),
    ),
    (
        ("P", "We visited the site yesterday: the old base plates can stay."),
        ("V", "Good news. Then the shorter shaft is enough, I will have it changed in the quote."),
        ("P", "Perfect, the customer hoped for that."),
    ),
    (
        ("V", "Could you add the name of the end customer's engineer? We should send the curves to the right person."),
        ("P", "It is the head of operations. I add him to the customer's card."),
        ("v", "Same customer bought from us directly in 2023, please check before we approve."),
        ("V", "Found it, thank you."),
    ),
    (
        ("P", "Delivery in **eight weeks** is a condition. Possible?"),
        (
            "V",
            "Six for the pumps, nine for the drives. In two parts:\n\n- pumps in week 6\n- drives in week 9",
        ),
        ("P", "That works if commissioning starts with pump 1."),
    ),
    (
        ("P", "They want stainless impellers. Does the protection cover the variant?"),
        ("V", "Yes, the product line counts, not the material."),
    ),
    (
        ("P", "The board decides on Thursday."),
        ("V", "Fingers crossed. If they ask for references, the station in Adria is happy to be called."),
        ("P", "They did ask. Thank you."),
        ("v", "Let us offer them the extended warranty if they hesitate."),
    ),
)
ORDER_TALKS: tuple[tuple[tuple[str, str], ...], ...] = (
    (
        ("P", "Please confirm the date of line 1, the crane is booked."),
        ("V", "Confirmed with the response. Line 2 comes two days later."),
    ),
    (
        ("V", "Line 3 names a product that was replaced this year. May we deliver its successor at the same price?"),
        ("P", "Yes, go ahead."),
        ("v", "Write it into the item master, this is the third time."),
    ),
    (
        ("P", "The delivery address changed to the site, gate 4."),
        ("V", "Noted. The carrier will call half an hour before."),
    ),
)
PARTNERSHIP_TALK: tuple[tuple[str, str], ...] = (
    ("V", "Welcome. This room is for everything that belongs to no single deal."),
    ("P", "Thank you. Who is our contact for spare parts?"),
    ("V", "The order desk, weekdays from eight to six. For drawings write to me."),
    ("V", "The price list of the new year is in the catalogue from today."),
)
MARTA, LUCA, GIULIA = "marta.riva@brenta.example", "luca.conti@aurora.example", "giulia.ferri@aurora.example"
REFERENCE_TALK: tuple[tuple[int, str, str, str], ...] = (
    (3, MARTA, "all", "The tender closes in two months. They want six pumps and our commissioning; survey attached."),
    (19, LUCA, "all", "Thank you. Is the 7 % for the pumps alone, or the drives as well?"),
    (22, GIULIA, "us", "7 % on the pumps is within the frame. For the drives I would ask 5 %."),
    (24, LUCA, "us", "Agreed, let us see what they say first."),
    (35, MARTA, "all", "Both, @Luca Conti. First part of the order is on its way by EDI."),
)
DIRECT_TALK: tuple[tuple[int, int, str], ...] = (
    (2, 0, "Have you got five minutes for the Adige station tomorrow?"),
    (2, 1, "Of course, ten o'clock?"),
    (2, 0, "Ten is good. I bring the curves of the *VT-400*."),
    (0, 1, "One more question came up on the drives, I write it in the deal's room."),
)
# title, purpose, talk: (days ago, who, words)
ROOMS: dict[str, tuple[str, str, tuple[tuple[int, str, str], ...]]] = {
    "open": (
        "Commissioning corner",
        "Questions from site: start-up, alignment, spare parts. Everybody of both companies may join.",
        (
            (9, LUCA, "Welcome. Ask here what is not about one deal."),
            (8, GIULIA, "The new alignment sheet is in the catalogue from today."),
            (3, GIULIA, "Does the **VT-400** need a dry run before the seals are set?"),
            (3, LUCA, "No dry run, never. Fill the casing first, then ten minutes at half speed."),
        ),
    ),
    "archived": (
        "Water fair, Verona",
        "Stand and travel of last year's fair.",
        (
            (320, LUCA, "Hall 9, stand C 12. Set-up is on Monday."),
            (318, MARTA, "We bring two pumps and the banner."),
            (300, LUCA, "Thank you all: 84 visitors, eleven leads. I archive this room."),
        ),
    ),
    "quiet": (
        "Shuttle and parking",
        "Who drives to the plant, and when.",
        (
            (4, GIULIA, "The shuttle leaves at 8:10 this week."),
            (1, GIULIA, "Two places are free on Thursday."),
        ),
    ),
}
GROUP_TITLE = "Water fair, Bologna"
GROUP_TALK: tuple[tuple[str, str], ...] = (
    ("luca.conti@aurora.example", "The stand is confirmed: hall 22, next to the entrance."),
    ("marta.riva@brenta.example", "Great. We bring the cut-away pump."),
    ("davide.lenzi@dolomiti.example", "We can man the stand on the second day."),
    (
        "luca.conti@aurora.example",
        "So:\n\n| day | who |\n|---|---|\n| 1 | Brenta |\n| 2 | Dolomiti |",
    ),
    ("davide.lenzi@dolomiti.example", "👍 I book the hotel."),
)
