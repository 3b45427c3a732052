"""`python -m edi`: read, judge, answer and convert EDI files without a portal and without a database."""

import sys

from edi.command.main import main

sys.exit(main(sys.argv[1:]))
