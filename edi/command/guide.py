"""`guide`: the structure of a message as a person or a program reads it."""

import argparse
import json
import sys

USAGE_ERROR = 2


def run(options: argparse.Namespace) -> int:
    """The outline, or a JSON schema; 2 when there is no such guide."""
    from edi.guides import find
    from edi.guides.rendering import json_schema, outline

    guide = find(options.name, options.version)
    if guide is None:
        sys.stderr.write(f"edi: there is no guide named {options.name}\n")
        return USAGE_ERROR
    if options.json:
        sys.stdout.write(json.dumps(json_schema(guide), ensure_ascii=False, indent=2) + "\n")
        return 0
    sys.stdout.write(f"{guide.kind} {guide.version}  {guide.title}\n\n")
    for row in outline(guide):
        what = f"{'  ' * row.level}{row.tag}"
        sys.stdout.write(f"{what:20} {row.presence} {row.repeats:>8}  {row.name}\n")
    return 0
