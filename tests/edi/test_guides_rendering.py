"""A guide as an outline, as a JSON schema and as a sample message; and how a guide is found."""

import json

import jsonschema
import pytest

from edi.guides import Entry, catalogue, find
from edi.guides.guide import Guide, nodes
from edi.guides.narrowing import narrow
from edi.guides.own_rules import RuleBook
from edi.guides.rendering import json_schema, outline
from edi.guides.sampling import sample
from edi.mapping import read
from tests.edi.edifact_text import guide, judged

SEGMENTED = [each for each in catalogue() if each.standard in ("edifact", "x12")]
ALL = pytest.mark.parametrize("entry", SEGMENTED, ids=lambda entry: f"{entry.kind}-{entry.version}")


def orders() -> Guide:
    return guide("ORDERS", "D.96A")


# -- finding ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "version", "kind", "release", "exact"),
    [
        ("ORDERS", "", "ORDERS", "D.96A", True),
        ("orders", "D96A", "ORDERS", "D.96A", True),
        ("Orders ", "D:01B", "ORDERS", "D.01B", True),
        ("invoic", "01b", "INVOIC", "D.01B", True),
        ("INVOIC", "D.07A", "INVOIC", "D.07A", False),
        ("CONTRL", "", "CONTRL", "D.3", True),
        ("CONTRL", "4.1", "CONTRL", "4.1", True),
        ("850", "", "850", "004010", True),
        ("850", "5010", "850", "005010", True),
        ("810", "003040", "810", "003040", False),
        ("ta1", "", "TA1", "004010", True),
    ],
)
def test_a_guide_is_found_as_people_write_it(name: str, version: str, kind: str, release: str, exact: bool) -> None:
    found = find(name, version)
    assert isinstance(found, Guide)
    assert (found.kind, found.version, found.exact) == (kind, release, exact)


def test_what_is_not_there_is_not_found() -> None:
    assert find("NOSUCH") is None
    assert find("") is None
    assert find("../850") is None


def test_xml_documents_are_found_listed_and_rendered_like_the_others() -> None:
    order = find("order")
    assert order is not None
    assert (order.standard, order.kind) == ("ubl", "Order")
    assert outline(order)[0].tag == "UBLExtensions"
    assert json_schema(order)["title"] == "UBL Order 2.1: Order"
    assert sample(order).startswith("<?xml")
    assert {each.standard for each in catalogue()} == {"edifact", "x12", "ubl", "cxml", "fatturapa"}


def test_the_catalogue_lists_each_guide_once() -> None:
    listed = [(each.standard, each.kind, each.version) for each in catalogue()]
    assert len(set(listed)) == len(listed)
    assert ("edifact", "ORDERS", "D.96A") in listed
    assert ("x12", "856", "005010") in listed
    assert all(each.title for each in catalogue())


# -- outline ----------------------------------------------------------------------------------------------------------


def test_the_outline_of_orders() -> None:
    rows = outline(orders())
    assert [(row.level, row.kind, row.tag, row.name, row.presence, row.repeats) for row in rows[:2] + rows[10:13]] == [
        (0, "segment", "UNH", "Message header", "M", "1"),
        (0, "segment", "BGM", "Beginning of message", "M", "1"),
        (0, "group", "SG2", "Name and address", "C", "99"),
        (1, "segment", "NAD", "Name and address", "M", "1"),
        (1, "segment", "LOC", "Place or location identification", "C", "25"),
    ]
    nad = rows[11].elements
    assert [(each.position, each.number, each.name, each.presence, each.format) for each in nad[:3]] == [
        ("01", "3035", "Party function code", "M", "an..3"),
        ("02", "C082", "Party identification details", "C", ""),
        ("02.1", "3039", "Party identifier", "M", "an..35"),
    ]


def test_the_outline_shows_what_a_connection_changed() -> None:
    narrowed = narrow(
        orders(),
        [
            {"segment": "NAD", "group": "SG2", "element": "1", "codes": ["BY", "SU"]},
            {"segment": "PAI", "group": "message", "use": "forbidden"},
            {"segment": "LIN", "condition": "R0103"},
        ],
    )
    rows = outline(narrowed)
    changed = [row for row in rows if row.own]
    assert [(row.tag, row.presence) for row in changed] == [("PAI", ""), ("NAD", "M"), ("LIN", "M")]
    assert changed[1].elements[0].codes == (("BY", ""), ("SU", ""))
    assert (changed[1].elements[0].closed, changed[1].elements[0].own) == (True, True)
    assert changed[2].conditions == ("At least one of LIN01 or LIN03 must be given.",)


def test_the_outline_of_an_x12_set_has_its_conditions() -> None:
    found = find("850")
    assert isinstance(found, Guide)
    n1 = next(row for row in outline(found) if row.tag == "N1" and row.group == "LN1")
    assert n1.conditions == (
        "At least one of N102 or N103 must be given.",
        "N103 and N104 must be given together or not at all.",
    )
    assert next(row for row in outline(found) if row.tag == "LN1").presence == "O"


# -- JSON schema ------------------------------------------------------------------------------------------------------


@ALL
def test_every_schema_is_one(entry: Entry) -> None:
    found = find(entry.kind, entry.version)
    schema = json.loads(json.dumps(json_schema(found)))
    jsonschema.Draft202012Validator.check_schema(schema)
    assert schema["type"] == "object"


def test_the_schema_accepts_a_message_and_refuses_others() -> None:
    check = jsonschema.Draft202012Validator(json_schema(orders()))
    message = {
        "UNH": {"01": "1", "02": {"1": "ORDERS", "2": "D", "3": "96A", "4": "UN"}},
        "BGM": {"01": {"1": "220"}, "02": "4711", "03": "9"},
        "DTM": [{"01": {"1": "137", "2": "20260302", "3": "102"}}],
        "SG25": [{"LIN": {"01": "1"}, "QTY": [{"01": {"1": "21", "2": "-10.5"}}]}],
        "UNS": {"01": "S"},
        "UNT": {"01": "6", "02": "1"},
    }
    assert list(check.iter_errors(message)) == []
    wrong = [
        {key: value for key, value in message.items() if key != "BGM"},
        message | {"DTM": []},
        message | {"MTX": {}},
        message | {"UNS": {}},
        message | {"BGM": {"02": "x" * 36}},
        message | {"SG25": [{"QTY": []}]},
        message | {"SG25": [{"LIN": {}, "QTY": [{"01": {"1": "21", "2": "ten"}}]}]},
    ]
    for each in wrong:
        assert list(check.iter_errors(each)), each


# -- sample -----------------------------------------------------------------------------------------------------------


@ALL
def test_every_sample_reads_back_without_an_error(entry: Entry) -> None:
    text = sample(find(entry.kind, entry.version))
    reading = read(text.encode())
    errors = [finding for finding in reading.all_findings if finding.severity == "error"]
    # What this kind of document is not read for here is not the guide's matter.
    assert [finding for finding in errors if finding.code != "unsupported-message"] == []
    (interchange,) = reading.interchanges
    assert [message.kind for message in interchange.messages] == [entry.kind]


def test_the_sample_of_orders_is_an_order() -> None:
    lines = sample(orders()).split("\n")
    assert lines[2:5] == ["UNH+1+ORDERS:D:96A:UN'", "BGM+220+4500001234+9'", "DTM+137:20260302:102'"]
    assert lines[-3:] == ["UNT+31+1'", "UNZ+1+1'", ""]


def test_the_sample_keeps_the_rules_of_a_connection() -> None:
    rules = [
        {"segment": "BGM", "element": "1.1", "value": "224"},
        {"segment": "BGM", "element": "2", "max_length": 6},
        {"segment": "IMD", "group": "SG25", "use": "forbidden"},
        {"group": "SG3", "use": "forbidden"},
        {"segment": "NAD", "group": "SG2", "element": "7", "use": "required"},
        {"segment": "NAD", "group": "SG2", "when": {"element": "1", "is": ["DP"]}, "require": ["2.2"]},
        {"segment": "GIN", "group": "SG25", "use": "required"},
        {"segment": "LIN", "element": "2", "use": "required"},
        {"add": "MTX", "group": "SG25", "after": "QTY", "elements": ["an..3!", "n4!"]},
        {"expect": "NAD", "group": "SG2", "element": "1", "is": ["IV"]},
        {"expect": "MTX", "element": "1", "is": ["DEP"]},
        {"group": "SG25", "max": 1},
    ]
    text = sample(narrow(orders(), rules))
    body = text[text.index("UNH") : text.index("UNZ")]
    assert [each.message for each in judged(body, narrow(orders(), rules)) if each.severity != "note"] == []
    for there in ("BGM+224+450000+9'", "NAD+IV", "MTX+DEP+1111'", "GIN+1+1'", "LIN+1+1+4000862141404:EN'"):
        assert there in body
    assert "IMD" not in body
    assert "RFF+VA" not in body
    assert body.count("\nLIN+") == 1
    assert "CNT+2:1'" in body


# -- the rules of a connection for all its messages -------------------------------------------------------------------


def test_a_rule_book_narrows_the_guides_it_has_rules_for() -> None:
    book = RuleBook(
        {
            "ORDERS": [{"segment": "PIA", "group": "SG25", "use": "required"}],
            "INVOIC D.01B": [{"group": "SG2", "max": 9}],
        }
    )
    assert book.problems() == ()
    narrowed = book.guide(orders())
    assert narrowed is book.guide(orders()), "kept for the next message"
    assert next(node for _, node in nodes(narrowed) if node.name == "PIA").mandatory
    assert book.guide(guide("ORDERS", "D.01B")).exact, "a rule that does not fit a release is left out there"
    assert book.guide(guide("INVOIC", "D.96A")) is guide("INVOIC", "D.96A")
    assert book.guide(guide("INVOIC", "D.01B")) is not guide("INVOIC", "D.01B")


def test_rules_that_were_kept_broken_do_no_harm() -> None:
    for broken in (5, "x", {"segment": "LIN"}, [5, None, {"max": []}]):
        book = RuleBook({"ORDERS": broken})
        assert [node.name for _, node in nodes(book.guide(orders()))] == [node.name for _, node in nodes(orders())]
        assert book.problems()


def test_a_rule_book_tells_what_is_wrong_with_it() -> None:
    book = RuleBook(
        {
            "ORDERS": [{"segment": "NAX", "use": "required"}],
            "NOSUCH": [{}],
            "850": [{"segment": "REF", "group": "message", "use": "required"}],
        }
    )
    assert book.problems() == (
        "ORDERS, rule 1: ORDERS D.96A has no segment NAX.",
        "There is no guide 'NOSUCH' that rules could be added to.",
    )
