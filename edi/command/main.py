"""What can be asked for on the command line, and the answers to a shell: 0 no errors, 1 errors, 2 wrong usage."""

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from edi.command import acknowledging, checking, conformance, converting, guide

USAGE_ERROR = 2


def main(arguments: Sequence[str]) -> int:
    """Do what `arguments` say; the exit status."""
    options = _parser().parse_args(arguments)
    try:
        status: int = options.run(options)
        sys.stdout.flush()
    except BrokenPipeError:  # the reader of our output has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except OSError as error:
        name = f"{error.filename}: " if error.filename else ""
        print(f"edi: {name}{error.strerror or error}", file=sys.stderr)  # noqa: T201 - a command prints
        return USAGE_ERROR
    return status


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m edi", description="Read, judge, answer and convert EDI files.")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    check = commands.add_parser("check", help="say what is in files and what is wrong with them")
    check.add_argument("files", nargs="+", metavar="FILE", help='files to read; "-" is the standard input')
    check.add_argument("--json", action="store_true", help="one JSON object a file, each on a line of its own")
    check.add_argument("--strict", action="store_true", help="judge UBL by the schemas of OASIS too (extra: validate)")
    check.add_argument(
        "--rules", action="append", default=[], type=Path, metavar="XSLT", help="with --strict: compiled Schematron"
    )
    check.set_defaults(run=checking.run)
    acknowledge = commands.add_parser("acknowledge", help="write the acknowledgement of a file: CONTRL, TA1 and 997, …")
    acknowledge.add_argument("file", metavar="FILE")
    acknowledge.add_argument("--control-number", default="1", help="control number of the answer (default 1)")
    acknowledge.set_defaults(run=acknowledging.run)
    convert = commands.add_parser("convert", help="write the documents of a file in another standard")
    convert.add_argument("file", metavar="FILE")
    convert.add_argument("--to", required=True, choices=["edifact", "x12", "ubl", "cxml", "json"])
    convert.set_defaults(run=converting.run)
    show = commands.add_parser("guide", help="show the structure of a message: ORDERS, 850, Order, …")
    show.add_argument("name", metavar="NAME")
    show.add_argument("version", nargs="?", default="", metavar="VERSION", help='"D.96A", "5010", … (default: oldest)')
    show.add_argument("--json", action="store_true", help="as a JSON schema")
    show.set_defaults(run=guide.run)
    verdicts = commands.add_parser("conformance", help="a table of verdicts over a folder with a MANIFEST.tsv")
    verdicts.add_argument("folder", metavar="FOLDER", type=Path)
    verdicts.set_defaults(run=conformance.run)
    return parser
