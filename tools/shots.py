"""Photograph pages of a running portal: both widths, both themes; report console errors and horizontal overflow.

    tools/shots.py --base http://127.0.0.1:8000 --email a@b.example --password … --out shots home=/ deals=/deals/

Writes OUT/NAME-{wide,phone}-{light,dark}.png. Exit status 1 when a page logged an error, answered 4xx/5xx,
scrolls sideways or, with --axe, breaks a WCAG 2.1 AA rule. Without --email the pages are visited as a stranger.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, sync_playwright

WIDTHS = {"wide": (1440, 900), "phone": (390, 844)}
THEMES = ("light", "dark")
CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]
AXE = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"], "resultTypes": ["violations"]}
OVERFLOW = """() => {
  const root = document.scrollingElement, wide = innerWidth;
  if (root.scrollWidth <= wide) return [];
  const held = e => { for (let p = e.parentElement; p && p !== document.body; p = p.parentElement)
    if (getComputedStyle(p).overflowX !== 'visible') return true; return false; };
  return [...document.querySelectorAll('body *')]
    .filter(e => { const r = e.getBoundingClientRect(); return r.width && r.right > wide + 1 && !held(e); })
    .slice(0, 4).map(e => e.tagName.toLowerCase() + '.' + [...e.classList].join('.'));
}"""


def arguments() -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--base", required=True, help="address of the running portal")
    parser.add_argument("--email")
    parser.add_argument("--password")
    parser.add_argument("--out", type=Path, default=Path("shots"))
    parser.add_argument("--full", action="store_true", help="the whole page instead of one screen")
    parser.add_argument("--axe", action="store_true", help="check accessibility too")
    parser.add_argument("--only", default="", help="such as wide,light: leave out the other width and theme")
    parser.add_argument("pages", nargs="+", metavar="name=/path")
    return parser.parse_args()


def variants(only: list[str]) -> Iterator[tuple[str, str]]:
    """Every (width, theme) asked for."""
    for width in WIDTHS:
        for theme in THEMES:
            if all(choice in (width, theme) or choice not in group for group in (WIDTHS, THEMES) for choice in only):
                yield width, theme


def sign_in(page: Page, options: argparse.Namespace) -> None:
    """Sign in by the ordinary form."""
    page.goto(f"{options.base}/accounts/login/")
    page.fill("[name=login]", options.email)
    page.fill("[name=password]", options.password)
    page.locator("form:has([name=password]) [type=submit]").first.click()
    page.wait_for_url(lambda url: "/login" not in url)


def signed_in_state(browser: Browser, options: argparse.Namespace) -> Any:
    """Cookies of a fresh session, or None for a stranger."""
    if not options.email:
        return None
    context = browser.new_context()
    sign_in(context.new_page(), options)
    state = context.storage_state()
    context.close()
    return state


def settle(page: Page) -> None:
    """Wait until type and first fragments stand still (a page with an open socket never goes idle)."""
    page.wait_for_load_state("load")
    page.evaluate("document.fonts.ready")
    page.wait_for_timeout(350)


def axe_faults(page: Page) -> list[str]:
    """What axe finds against WCAG 2.1 A and AA, one line a rule."""
    from axe_playwright_python.sync_playwright import Axe

    found = Axe().run(page, options=AXE).response["violations"]
    return [f"axe {v['id']} ×{len(v['nodes'])}: {'; '.join(n['html'][:110] for n in v['nodes'][:3])}" for v in found]


def shoot(page: Page, url: str, target: Path, options: argparse.Namespace) -> list[str]:
    """Visit, save the picture, return the faults."""
    faults: list[str] = []
    page.on("console", lambda line: line.type == "error" and faults.append(f"console: {line.text}"))
    page.on("pageerror", lambda error: faults.append(f"script: {error}"))
    response = page.goto(url)
    if response is None or response.status >= 400:
        faults.append(f"status {response.status if response else 'none'}")
    settle(page)
    page.screenshot(path=target, full_page=options.full)
    wide = page.evaluate(OVERFLOW)
    if wide:
        faults.append(f"scrolls sideways: {', '.join(wide)}")
    return faults + (axe_faults(page) if options.axe else [])


def run(browser: Browser, options: argparse.Namespace) -> int:
    """Photograph everything; the number of faults."""
    state, total = signed_in_state(browser, options), 0
    for width, theme in variants([word for word in options.only.split(",") if word]):
        w, h = WIDTHS[width]
        context = browser.new_context(
            storage_state=state, viewport={"width": w, "height": h}, color_scheme=theme, has_touch=width == "phone"
        )
        context.add_cookies([{"name": "theme", "value": theme, "url": options.base}])
        for name, path in (item.split("=", 1) for item in options.pages):
            page = context.new_page()
            target = options.out / f"{name}-{width}-{theme}.png"
            faults = shoot(page, options.base + path, target, options)
            print(f"{'FAULT' if faults else 'ok   '} {target} {path}", *faults, sep="\n        " if faults else " ")
            total += len(faults)
            page.close()
        context.close()
    return total


def main() -> None:
    """Entry point."""
    options = arguments()
    options.base = options.base.rstrip("/")
    options.out.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        faults = run(browser, options)
        browser.close()
    sys.exit(1 if faults else 0)


if __name__ == "__main__":
    main()
