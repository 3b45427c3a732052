"""`make bench`: run every benchmark of this folder, or those named on the command line, and print their tables."""

import importlib
import os
import platform
import sys
from pathlib import Path

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
django.setup()


def main() -> None:
    """Print a table a benchmark."""
    paths = Path(__file__).parent.iterdir()
    found = sorted(p.stem for p in paths if p.suffix == ".py" or (p / "__init__.py").exists())
    found = [name for name in found if not name.startswith("_")]
    print(f"Python {platform.python_version()}, {os.cpu_count()} cores. Quote the ratios: machines and hours differ.")
    for name in sys.argv[1:] or found:
        module = importlib.import_module(f"bench.{name}")
        print(f"\n{name}: {module.__doc__.strip().splitlines()[0]}")
        print(f"  {'what':44} {'Filiera':>16} {'beside it':>16}  {'ratio':>7}  against")
        for row in module.run():
            print(f"  {row.what:44} {row.ours:>16} {row.theirs:>16}  {row.ratio:>7.2f}  {row.against}")


if __name__ == "__main__":
    main()
