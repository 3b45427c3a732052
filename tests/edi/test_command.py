"""The command line: what it prints, and the status it leaves with, in a process of its own without Django."""

import json
import subprocess
import sys

import pytest

from edi.command import conformance
from edi.command import main as command
from edi.mapping import read
from tests.edi.fixtures import ORDERS_D96A, PURCHASE_ORDER, UBL_ORDER


@pytest.fixture
def order(tmp_path):
    path = tmp_path / "order.edi"
    path.write_text(ORDERS_D96A)
    return str(path)


@pytest.fixture
def broken(tmp_path):
    path = tmp_path / "broken.edi"
    path.write_text(PURCHASE_ORDER.replace("SE*22*0001", "SE*21*0001"))
    return str(path)


def test_check_as_json(order, broken, capsys):
    assert command.main(["check", "--json", order, broken]) == 1
    first, second = (json.loads(line) for line in capsys.readouterr().out.splitlines())
    assert first == {
        "file": order,
        "interchanges": [
            {
                "standard": "edifact",
                "version": "UNOC:3",
                "sender": "8033661230013",
                "receiver": "8024670010017",
                "control": "4711",
                "test": False,
                "messages": [{"type": "ORDERS", "version": "D.96A", "reference": "M1", "segments": 35, "valid": True}],
            }
        ],
        "findings": [],
    }
    assert second["interchanges"][0]["messages"][0]["valid"] is False
    assert second["findings"] == [
        {
            "severity": "error",
            "code": "se-count",
            "place": "24:4",
            "segment": "SE",
            "message": "SE01 states 21 segments, but there are 22.",
        }
    ]


def test_strict_judges_ubl_by_its_schema(tmp_path, capsys):
    path = tmp_path / "order.xml"
    path.write_text(UBL_ORDER)
    assert command.main(["check", "--strict", str(path)]) == 0
    path.write_text(UBL_ORDER.replace("<cbc:ID>", "<cbc:CopyIndicator>perhaps</cbc:CopyIndicator><cbc:ID>", 1))
    capsys.readouterr()
    assert command.main(["check", "--strict", "--json", str(path)]) == 1
    found = json.loads(capsys.readouterr().out)["findings"]
    assert "xsd-invalid" in {each["code"] for each in found}


def test_strict_leaves_other_standards_as_they_are(order, capsys):
    assert command.main(["check", "--strict", order]) == 0
    assert "sound" in capsys.readouterr().out


def test_check_for_a_person(order, broken, capsys):
    assert command.main(["check", order]) == 0
    text = capsys.readouterr().out
    assert "EDIFACT UNOC:3  4711  8033661230013 → 8024670010017" in text
    assert "1 file, 1 message: 0 errors, 0 warnings, 0 notes" in text
    assert "\033" not in text
    assert command.main(["check", broken]) == 1
    text = capsys.readouterr().out
    assert "line 24, column 4 · SE se-count" in text
    assert "SE01 states 21 segments, but there are 22." in text


def test_hostile_text_does_not_reach_the_terminal(tmp_path, capsys):
    path = tmp_path / "x.edi"
    path.write_text(ORDERS_D96A.replace("8024670010017:14", "\x1b[2J8024670010017:14"))
    command.main(["check", str(path)])
    assert "\x1b" not in capsys.readouterr().out


@pytest.mark.parametrize("arguments", [[], ["check"], ["convert", "x"], ["convert", "--to", "word", "x"], ["nothing"]])
def test_wrong_usage(arguments, capsys):
    with pytest.raises(SystemExit) as end:
        command.main(arguments)
    assert end.value.code == 2


def test_a_file_that_is_not_there(capsys):
    assert command.main(["check", "/no/such/file"]) == 2
    assert "No such file" in capsys.readouterr().err
    assert command.main(["guide", "NIX"]) == 2


def run(*arguments: str, data: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    """The command in a process of its own."""
    return subprocess.run([sys.executable, "-m", "edi", *arguments], input=data, capture_output=True, check=False)


def test_from_the_standard_input():
    done = run("check", "--json", "-", data=UBL_ORDER.encode())
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["interchanges"][0]["standard"] == "ubl"


def test_acknowledge(order):
    done = run("acknowledge", "--control-number", "77", order)
    assert done.returncode == 0
    assert done.stdout.startswith(b"UNA")
    assert b"UCI+4711" in done.stdout
    assert read(done.stdout).interchanges[0].control_number == "77"


@pytest.mark.parametrize("standard", ["edifact", "x12", "ubl"])
def test_convert(order, standard):
    done = run("convert", "--to", standard, order)
    (interchange,) = read(done.stdout).interchanges
    assert interchange.standard == standard
    document = interchange.messages[0].document
    assert (document.number, len(document.lines)) == ("BR-2026-0815", 2)


def test_convert_to_json(order):
    done = run("convert", "--to", "json", order)
    (document,) = json.loads(done.stdout)
    assert (document["kind"], document["number"]) == ("order", "BR-2026-0815")
    assert document["lines"][0]["unit_price"] == "123.45"
    assert "origin" not in document


def test_nothing_to_convert_or_to_acknowledge():
    assert run("convert", "--to", "json", "-", data=b"hello").returncode == 1
    assert run("acknowledge", "-", data=b"hello").returncode == 1


def test_guide():
    done = run("guide", "ORDERS", "D.96A")
    assert b"LIN" in done.stdout
    assert json.loads(run("guide", "850", "5010", "--json").stdout)["type"] == "object"


def test_no_django_is_needed():
    code = "import sys, edi.command.main; sys.exit('django' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_conformance(tmp_path, capsys):
    (tmp_path / "a.edi").write_text(ORDERS_D96A)
    (tmp_path / "b.edi").write_text(ORDERS_D96A.replace("UNZ+1", "UNZ+2"))
    rows = [
        "file\tbytes\tsource\tlicence\tmessage_type\tbad\tspecial",
        "a.edi\t1\tx\ty\tORDERS:D:96A\t\t",
        "b.edi\t1\tx\ty\tORDERS:D:96A\tbad\tz",
        "missing.edi\t1\tx\ty\t\t\t",
    ]
    (tmp_path / "MANIFEST.tsv").write_text("\n".join(rows) + "\n")
    assert command.main(["conformance", str(tmp_path)]) == 0
    text = capsys.readouterr().out
    assert "| a.edi | ORDERS:D:96A |  | sound |  |" in text
    assert "| b.edi | ORDERS:D:96A | bad | refused | unz-count |" in text
    assert conformance.verdict_of(read(b"")) == "refused"
