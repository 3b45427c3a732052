"""UBL by the schemas of OASIS and by Schematron rules compiled to XSLT."""

import pytest

from edi.mapping.ubl import strict
from edi.mapping.ubl.strict import validate
from tests.edi.fixtures import UBL_ORDER

RULES = """<xsl:stylesheet version="2.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform"
 xmlns:svrl="http://purl.oclc.org/dsdl/svrl"
 xmlns:cbc="urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2">
<xsl:template match="/"><svrl:schematron-output>
<xsl:if test="not(//cbc:Note)"><svrl:failed-assert id="OWN-1" flag="warning" location="/Order">
<svrl:text>An order should have a note.</svrl:text></svrl:failed-assert></xsl:if>
</svrl:schematron-output></xsl:template></xsl:stylesheet>"""


def codes(data: str, rules=()) -> list[str]:
    return [item.code for item in validate(data.encode(), rules)]


def test_a_sound_order_is_valid():
    assert codes(UBL_ORDER) == []


def test_the_schema_names_what_it_does_not_allow():
    (fault,) = validate(UBL_ORDER.replace("<cbc:IssueDate>2026-03-02</cbc:IssueDate>", "").encode())
    assert (fault.code, fault.severity) == ("xsd-invalid", "error")
    assert "IssueDate" in fault.message
    assert "{urn:" not in fault.message
    assert fault.place.line > 1


def test_what_has_no_schema():
    assert codes("<other/>") == ["strict-no-schema"]
    assert codes(UBL_ORDER.replace("Order-2", "Invoice-2")) == ["strict-no-schema"]
    assert codes("<!DOCTYPE Order [<!ENTITY e 'x'>]><Order/>") == ["doctype-refused"]


def test_rules_of_the_operator(tmp_path):
    pytest.importorskip("saxonche")
    rules = tmp_path / "own.xslt"
    rules.write_text(RULES)
    assert codes(UBL_ORDER, [rules]) == []
    without = UBL_ORDER.replace("<cbc:Note>Ring at gate 3</cbc:Note>", "").replace(
        "<cbc:Note>Pack in tens</cbc:Note>", ""
    )
    (fault,) = validate(without.encode(), [rules])
    assert (fault.code, fault.severity, fault.message) == ("OWN-1", "warning", "An order should have a note.")
    broken = tmp_path / "broken.xslt"
    broken.write_text("<xsl:stylesheet")
    assert codes(UBL_ORDER, [broken]) == ["strict-rules-failed"]


def test_without_the_optional_packages(monkeypatch, tmp_path):
    monkeypatch.setattr(strict, "find_spec", lambda name: None)
    assert codes(UBL_ORDER, [tmp_path / "x.xslt"]) == ["strict-not-installed", "strict-not-installed"]
