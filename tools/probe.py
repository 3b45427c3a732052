"""Exit 0 when a URL answers 200: a health check for containers that have no curl."""

import sys
import urllib.request

with urllib.request.urlopen(sys.argv[1], timeout=3) as response:
    sys.exit(0 if response.status == 200 else 1)
