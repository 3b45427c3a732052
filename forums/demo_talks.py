"""The topics of the demo's boards."""

from forums.demo_cast import (
    ANDREA,
    CAMILLE,
    DAVIDE,
    FRANCO,
    GIULIA,
    INGRID,
    IRENE,
    JONAS,
    LUCA,
    MARTA,
    OSKAR,
    PAOLO,
    STEFAN,
    Said,
    Talk,
)

TALKS: tuple[Talk, ...] = (
    Talk(
        "questions",
        "question",
        24,
        "Is the AP-80 enough for a pit of 7 m?",
        ("sizing", "sewage"),
        (
            Said(
                MARTA,
                0,
                (
                    "A municipality near Rovigo rebuilds a lifting station: **7 m** static head, 42 "
                    "m³/h, 110 m of DN 100.\n\nThe AP-80 meets the duty point on paper, but the curve "
                    "is flat there. Would you take the AP-100 instead?"
                ),
            ),
            Said(
                DAVIDE,
                3,
                (
                    "We had the same in Lavis and took the larger impeller on the AP-80. It runs at "
                    "61 % of best efficiency, which the consultant did not like."
                ),
                (MARTA,),
            ),
            Said(
                LUCA,
                20,
                (
                    "Take the AP-100 with the reduced impeller (205 mm):\n\n| | AP-80 | AP-100 "
                    "|\n|---|---|---|\n| efficiency at duty | 61 % | 72 % |\n| motor | 4.0 kW | 4.0 "
                    "kW |\n| reserve | 3 % | 14 % |\n\nSame frame size, so the base plate stays. I "
                    "have put the curve into the documents of the deal."
                ),
                (MARTA, DAVIDE, STEFAN, CAMILLE),
            ),
            Said(MARTA, 2, "> Same frame size, so the base plate stays.\n\nThat decided it. Thank you, both."),
        ),
        accepted=3,
        read_by=(MARTA, LUCA, DAVIDE),
    ),
    Talk(
        "questions",
        "question",
        15,
        "Which seal for glycol at 45 %?",
        ("materials", "seals"),
        (
            Said(
                CAMILLE,
                0,
                (
                    "A dairy in Ancenis cools with propylene glycol, 45 %, down to -12 °C. The data "
                    "sheet names carbon against ceramic up to 30 %. What do you use above that?"
                ),
            ),
            Said(
                STEFAN,
                5,
                ("Silicon carbide against silicon carbide, EPDM. Two years at a brewery in Köln, no leak."),
                (CAMILLE, IRENE),
            ),
            Said(
                LUCA,
                26,
                ("Stefan is right; it is the option **S3** in the catalogue. From this autumn the data sheet says so."),
                (CAMILLE,),
            ),
        ),
        accepted=2,
        read_by=(CAMILLE, STEFAN),
    ),
    Talk(
        "questions",
        "question",
        4,
        "Vibration after an exchange of the coupling",
        ("commissioning",),
        (
            Said(
                IRENE,
                0,
                (
                    "After we exchanged the coupling on an older AP-125, we read 5.1 mm/s at the "
                    "drive end; before it was 2.3. Alignment is within 0.05 mm. What would you look "
                    "at first?"
                ),
            ),
            Said(
                DAVIDE,
                7,
                ("Soft foot. Loosen one bolt at a time with the dial gauge on the foot; we found 0.2 mm once."),
                (IRENE,),
            ),
            Said(
                LUCA,
                9,
                (
                    "Agreed, and compare the key length of the new hub with the old one: half a key "
                    "too long is enough for 5 mm/s at this speed."
                ),
                (IRENE, MARTA),
            ),
            Said(IRENE, 20, "The key is 12 mm longer. We will cut it on Thursday and I write what we read then."),
        ),
        read_by=(IRENE,),
    ),
    Talk(
        "questions",
        "question",
        1.2,
        "Do the drives of Helios need a filter on 60 m of cable?",
        ("drives", "commissioning"),
        (
            Said(
                MARTA,
                0,
                (
                    "The panel stands 60 m from the pit. The manual speaks of a filter *above 50 m, "
                    "depending on the motor*. Does anybody run the AP-65 on such a length without "
                    "one? @Luca Conti"
                ),
            ),
        ),
    ),
    Talk(
        "questions",
        "discussion",
        11,
        "What do you tell customers about efficiency classes?",
        ("selling",),
        (
            Said(
                ANDREA,
                0,
                (
                    "Every second tender now asks for IE4 although the pump runs 600 hours a year. Do "
                    "you argue, or do you quote it?"
                ),
            ),
            Said(
                STEFAN,
                4,
                "We quote both and put the years of payback beside them. Nine of ten take IE3 then.",
                (ANDREA, MARTA, CAMILLE),
            ),
            Said(
                CAMILLE,
                22,
                (
                    "In France the subsidy asks for IE4, so there is no choice. But the sheet with "
                    "both is a good idea, I take it over."
                ),
            ),
            Said(
                LUCA,
                30,
                "We could offer that sheet from the portal. I open an idea for it on *Ideas and news*.",
                (STEFAN,),
            ),
        ),
        read_by=(ANDREA, STEFAN, LUCA),
    ),
    Talk(
        "ideas",
        "idea",
        9,
        "Payback of both motors on one sheet, from the quote",
        ("portal", "selling"),
        (
            Said(
                LUCA,
                0,
                (
                    "From the discussion with @Andrea Moro and Stefan: a sheet that puts IE3 beside "
                    "IE4 with hours, price of energy and years of payback, filled from the lines of "
                    "the quote."
                ),
                (ANDREA, STEFAN, CAMILLE, MARTA, DAVIDE),
            ),
            Said(MARTA, 18, "With the logo of the partner on it, please.", (STEFAN,)),
        ),
        state="planned",
        reason="Planned for the spring: the sheet, with the partner's logo.",
    ),
    Talk(
        "ideas",
        "idea",
        30,
        "Spare part kits by serial number",
        ("spare parts",),
        (
            Said(
                DAVIDE,
                0,
                (
                    "I type the serial number and see the kit that fits. Today I call Paolo, who is "
                    "quick, but not on Saturdays."
                ),
                (MARTA, IRENE, FRANCO, STEFAN, CAMILLE, ANDREA),
            ),
            Said(PAOLO, 5, "I would not miss the calls on Saturdays.", (DAVIDE, MARTA)),
        ),
        state="in_progress",
        reason="The data of all pumps since 2014 is being cleaned.",
    ),
    Talk(
        "ideas",
        "idea",
        60,
        "A configurator in Spanish",
        ("portal",),
        (Said(IRENE, 0, "Two of our customers order for sites in Spain.", (FRANCO,)),),
        state="declined",
        reason="Spain has its own configurator with the partner there; we would do it twice.",
    ),
    Talk(
        "ideas",
        "idea",
        45,
        "Curves as DXF",
        ("documents",),
        (
            Said(
                CAMILLE,
                0,
                ("Consultants redraw our curves by hand. A DXF beside the PDF would save them an afternoon."),
                (STEFAN, MARTA, JONAS),
            ),
        ),
        state="done",
        reason="Every curve has a DXF beside it since October.",
    ),
    Talk(
        "ideas",
        "announcement",
        6,
        "Delivery times over the end of the year",
        ("delivery",),
        (
            Said(
                GIULIA,
                0,
                (
                    "The plant in Bergamo is closed from **23 December to 6 January**. Orders that we "
                    "answer by 4 December leave before.\n\n- stock items: until 19 December at "
                    "noon\n- spare parts: the order desk answers on 29 and 30 December\n\nPlease "
                    "confirm that you have read this, so that nobody is surprised."
                ),
            ),
            Said(FRANCO, 6, "Thank you for telling us this early."),
        ),
        pinned=True,
        read_by=(FRANCO, MARTA, STEFAN),
    ),
    Talk(
        "ideas",
        "announcement",
        40,
        "The tiers of next year",
        ("programme",),
        (
            Said(
                LUCA,
                0,
                (
                    "Nothing changes in the discounts. New: who answers questions of other partners "
                    "here earns points, and the three with most points in a quarter are invited to "
                    "the test field."
                ),
            ),
        ),
        locked=True,
        read_by=(MARTA, DAVIDE, STEFAN, CAMILLE, ANDREA),
    ),
    Talk(
        "open",
        "question",
        19,
        "How often should the oil of the seal chamber be changed?",
        ("maintenance",),
        (
            Said(
                STEFAN,
                0,
                ("The manual says 4,000 hours. A customer wants to go to 8,000 with synthetic oil. Any experience?"),
            ),
            Said(
                LUCA,
                8,
                (
                    "Yes, with the synthetic oil **and** a yearly look at it: milky means water, and "
                    "then the lower seal is due. Without that look stay at 4,000 hours."
                ),
                (STEFAN, MARTA),
            ),
        ),
        accepted=2,
    ),
    Talk(
        "open",
        "discussion",
        13,
        "Rags: cutter or vortex?",
        ("sewage", "selling"),
        (
            Said(
                DAVIDE,
                0,
                (
                    "Since wipes are sold as *flushable* half of our calls are blocked pumps. Cutter "
                    "impellers wear, vortex wheels cost efficiency. What do you fit?"
                ),
            ),
            Said(
                MARTA,
                2,
                (
                    "Vortex up to 4 kW, above that a cutter with a hardened ring. Below 4 kW the "
                    "energy is not worth the argument."
                ),
                (DAVIDE, STEFAN, LUCA),
            ),
            Said(CAMILLE, 30, "And a reverse run every 20 starts, which every drive can do today."),
        ),
    ),
    Talk(
        "valves",
        "question",
        8,
        "Seat leaks after six months in brackish water",
        ("corrosion",),
        (
            Said(
                MARTA,
                0,
                ("Third NV-50 at the lagoon with a leaking seat after half a year. Bronze trim. Would duplex last?"),
            ),
            Said(
                OSKAR,
                16,
                (
                    "Duplex lasts, but look at the bolts first: we found galvanic corrosion between "
                    "them and the body at two sites. Isolating washers cost a few euro."
                ),
                (MARTA, STEFAN),
            ),
        ),
        accepted=2,
    ),
    Talk(
        "valves",
        "announcement",
        3,
        "Service manual, edition 7",
        ("documents",),
        (
            Said(
                INGRID,
                0,
                (
                    "The new edition is in the catalogue under each valve. The torque table on page "
                    "31 has changed: please throw edition 6 away."
                ),
            ),
        ),
        read_by=(MARTA,),
    ),
)
