"""`acknowledge`: the technical answer to each interchange of a file."""

import argparse
import sys
from datetime import datetime

from edi.command.files import LIMITS, whole
from edi.mapping import acknowledge, read


def run(options: argparse.Namespace) -> int:
    """The answers go to the standard output as they would be sent; 1 when there is nothing to answer."""
    now = datetime.now().replace(microsecond=0)
    written = 0
    for interchange in read(whole(options.file), limits=LIMITS).interchanges:
        answer = acknowledge(interchange, control_number=options.control_number, prepared_at=now)
        if answer:
            sys.stdout.buffer.write(answer)
            written += 1
    if not written:
        sys.stderr.write("edi: there is nothing in the file to acknowledge\n")
    return 0 if written else 1
