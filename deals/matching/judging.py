"""From what was weighed to a verdict. The same input gives the same verdict, whenever it is replayed."""

from collections.abc import Iterable
from typing import TypedDict

from deals.matching.scoring import Rules, matched, score


class Weighed(TypedDict):
    """One thing beside which a registration was held."""

    kind: str  # deal, protection, named_account, incumbent, loss, tender
    deal: int | None
    account: int | None
    own: bool  # the same partner's
    exclusive: bool
    features: dict[str, float]
    lines: list[str]  # product lines in common; "" stands for every product


class Finding(TypedDict):
    """One thing that counts."""

    kind: str
    deal: int | None
    account: int | None
    own: bool
    score: int
    matched: list[str]
    features: dict[str, float]
    lines: list[str]


# The gravest first: what is found twice is judged by the graver.
GRAVITY = ("blocking", "tender_closed", "named_account", "incumbent", "possible", "self", "clear")


def judge(weighed: Iterable[Weighed], rules: Rules) -> tuple[str, list[Finding]]:
    """The verdict (one of GRAVITY) and what counts for it, the surest first.

    What has no product line in common, belongs to another project or stays below `rules.possible` does not count.
    """
    findings, verdicts = [], {"clear"}
    for each in weighed:
        sure = 100 if each["kind"] == "tender" else score(each["features"], rules)
        # Another tender is another sale; a protection is of the customer, whatever the project.
        elsewhere = each["kind"] == "deal" and each["features"].get("project_id") == 0.0
        if sure < rules.possible or not each["lines"] or elsewhere:
            continue
        findings.append(_finding(each, sure, rules))
        verdicts.add(_verdict(each, sure, rules))
    findings.sort(key=lambda found: (-found["score"], found["kind"], found["deal"] or 0, found["account"] or 0))
    return min(verdicts, key=GRAVITY.index), findings


def _finding(each: Weighed, sure: int, rules: Rules) -> Finding:
    return {
        "kind": each["kind"],
        "deal": each["deal"],
        "account": each["account"],
        "own": each["own"],
        "score": sure,
        "matched": matched(each["features"], rules),
        "features": each["features"],
        "lines": each["lines"],
    }


def _verdict(each: Weighed, sure: int, rules: Rules) -> str:
    kind = each["kind"]
    if kind == "tender":
        return "tender_closed"
    if each["own"]:
        return "self"
    same = sure >= rules.same
    if kind == "protection" and same and each["exclusive"]:
        return "blocking"
    if kind in {"named_account", "incumbent"} and same:
        return kind
    return "possible"
