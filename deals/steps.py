"""What each step of a deal takes and does: the documentation is written from this table, the scenarios hold it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Step:
    """A step of Deal.TRANSITIONS. `who` is partner, vendor or portal; `told` is who is notified, empty for nobody."""

    who: str
    capability: str
    guard: str
    verb: str
    told: str
    timer: str


STEPS: dict[str, Step] = {
    "submit": Step(
        "partner",
        "deals.register",
        "partnership active, agreement accepted, terms accepted, all required filled, capacity of the tier left, no "
        "duplicate of one's own, cooled off",
        "deal.submitted",
        "vendor",
        "the review is due in the type's business hours",
    ),
    "take": Step("vendor", "deals.decide", "not the submitter", "deal.taken", "", "goes on"),
    "release": Step("vendor", "deals.decide", "waits for no approval", "deal.released", "", "goes on"),
    "return": Step(
        "vendor",
        "deals.decide",
        "says which parts and why; waits for no approval",
        "deal.returned",
        "partner",
        "stands still; what is left is kept",
    ),
    "resubmit": Step(
        "partner",
        "deals.register",
        "everything asked for is filled; place kept for the type's business days",
        "deal.resubmitted",
        "vendor",
        "goes on with what was left, an hour at least",
    ),
    "approve": Step(
        "vendor",
        "deals.decide",
        "partnership active; everybody whom the approval steps ask has agreed; nobody else is protected, or it queues",
        "deal.approved",
        "partner",
        "ends; reminders 30, 14, 7 and 1 days before the protection does",
    ),
    "approve_by_rule": Step(
        "portal",
        "",
        "a rule of the type holds, the check is clear, no approval step applies",
        "deal.approved_by_rule",
        "partner",
        "as with an approval",
    ),
    "reject": Step(
        "vendor",
        "deals.decide",
        "reason and note; waits for no approval (an approver may refuse)",
        "deal.rejected",
        "partner",
        "ends; ten days to appeal",
    ),
    "withdraw": Step(
        "partner", "deals.register", "", "deal.withdrawn", "vendor", "ends; protection, reminders and approval too"
    ),
    "win": Step(
        "portal",
        "deals.decide",
        "an accepted order carries the deal, or a reviewer names the proof",
        "deal.won",
        "partner",
        "reminders end; the protection runs to its end",
    ),
    "lose": Step("partner", "deals.register", "reason", "deal.lost", "vendor", "protection and reminders end"),
    "expire": Step(
        "portal",
        "",
        "the last day is past, no extension pending",
        "deal.expired",
        "partner",
        "grace and cool-off begin; who waited is woken",
    ),
    "reinstate": Step(
        "vendor",
        "deals.decide",
        "asked for by the partner within the grace; nobody else is protected by now",
        "deal.reinstatement_granted",
        "partner",
        "protection and reminders anew",
    ),
    "revoke": Step(
        "vendor",
        "deals.decide",
        "proposed by one person, agreed to by a second",
        "deal.revoked",
        "partner",
        "protection and reminders end; who waited is woken",
    ),
    "reopen": Step(
        "vendor",
        "deals.decide",
        "appealed once within ten days, upheld by another person than who rejected it",
        "deal.appeal_granted",
        "partner",
        "the review is due anew",
    ),
    "deem": Step(
        "portal",
        "",
        "the type promises it, twice its time is over, the check is clear",
        "deal.deemed_approved",
        "partner",
        "as with an approval",
    ),
}
