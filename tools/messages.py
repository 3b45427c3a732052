"""Collect the translatable strings, compile the catalogues, and check that Italian is complete.

`messages.py` collects with gettext and compiles; `--check` only reads: every message translated, none fuzzy, the same
placeholders on both sides, and the compiled file as new as its source.
"""

import re
import subprocess
import sys
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po

ROOT = Path(__file__).resolve().parent.parent
CATALOGUE = ROOT / "locale" / "it" / "LC_MESSAGES" / "django.po"
PLACEHOLDER = re.compile(r"%\([a-z_]+\)[sd]|%[sd]|%%")
IGNORED = [".venv", ".tools", "frontend", "var", "tests", "bench", "tools", "docs"]


def collect() -> None:
    """Run makemessages over the source; needs Debian's gettext."""
    ignore = [argument for name in IGNORED for argument in ("-i", f"{name}/*")]
    command = [
        sys.executable,
        "manage.py",
        "makemessages",
        "-l",
        "it",
        "--no-obsolete",
        "--no-wrap",
        "--add-location=file",
    ]
    subprocess.run([*command, *ignore], cwd=ROOT, check=True)


def compile_catalogue() -> None:
    """Write django.mo beside django.po."""
    target = CATALOGUE.with_suffix(".mo")
    command = ["pybabel", "compile", "-i", str(CATALOGUE), "-o", str(target), "-l", "it"]
    subprocess.run([str(Path(sys.executable).parent / command[0]), *command[1:]], check=True)


def translations(catalogue: Catalog) -> dict[tuple[str, ...], tuple[str, ...]]:
    """Every message, its context before it, and what it is in Italian, plural forms and all."""
    known = (each for each in catalogue if each.id and each.string and not each.fuzzy)
    return {(_context(each.context), *forms_of(each.id)): forms_of(each.string) for each in known}


def _context(given: str | bytes | None) -> str:
    """Babel reads it as text from the source and as bytes from the compiled file."""
    return given.decode() if isinstance(given, bytes) else given or ""


def forms_of(text: str | list[str] | tuple[str, ...]) -> tuple[str, ...]:
    """One form, or singular and plural."""
    return (text,) if isinstance(text, str) else tuple(text)


def problems() -> list[str]:
    """What is wrong with the Italian catalogue, one line each."""
    with CATALOGUE.open("rb") as file:
        catalogue = read_po(file, locale="it")
    found = []
    for message in catalogue:
        if not message.id:
            continue
        source, target = forms_of(message.id), forms_of(message.string)
        if message.fuzzy or not all(target):
            found.append(f"not translated: {source[0]!r}")
        elif set(PLACEHOLDER.findall(source[-1])) != set(PLACEHOLDER.findall(target[-1])):
            found.append(f"other placeholders: {source[0]!r}")
    with CATALOGUE.with_suffix(".mo").open("rb") as file:
        compiled = translations(read_mo(file))
    current = translations(catalogue)
    if compiled != current:
        found.append("django.mo is older than django.po: run make messages")
    return found


def main() -> int:
    """0 when all is well."""
    if "--check" not in sys.argv:
        collect()
        compile_catalogue()
    found = problems()
    print("\n".join(found[:40]) or "Italian is complete.")
    return 1 if found and "--check" in sys.argv else 0


if __name__ == "__main__":
    sys.exit(main())
