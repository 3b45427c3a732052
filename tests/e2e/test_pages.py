"""The main pages at both widths, in both themes: quiet console, no sideways scrolling, WCAG A and AA, little script."""

import gzip
from string import Formatter

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, Response

from tests.e2e.cast import BRUNO, ELENA, INGRID, LUCA, MARTA
from tests.e2e.steps import call

pytestmark = pytest.mark.browser
WIDTHS = {"wide": {"width": 1440, "height": 900}, "phone": {"width": 390, "height": 844}}
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"], "resultTypes": ["violations"]}
MOST_SCRIPT = 120 * 1024  # bytes, gzipped
PAGES: dict[str | None, tuple[str, ...]] = {
    None: ("/", "/accounts/login/", "/accounts/signup/", "/demo/mail/", "/nothing-here/"),
    LUCA: (
        "/",
        "/deals/",
        "/deals/queue/",
        "/deals/board/?side=vendor",
        "/deals/{deal}/",
        "/orders/",
        "/orders/{order}/",
        "/orders/catalogue/",
        "/orders/despatches/",
        "/orders/invoices/",
        "/rooms/",
        "/inbox/",
        "/inbox/preferences/",
        "/exchange/",
        "/organisation/partners/",
        "/orders/quotes/",
        "/orders/quotes/new/?partnership={partnership}",
        "/orders/quotes/{quote}/",
        "/orders/quotes/{quote}/print/",
        "/orders/price-lists/",
        "/orders/catalogue/{product}/",
        "/promotions/",
        "/promotions/new/",
        "/promotions/{promotion}/",
        "/funds/",
        "/funds/new/",
        "/funds/{fund}/",
        "/funds/requests/",
        "/funds/claims/{claim}/",
        "/rebates/",
        "/rebates/new/",
        "/rebates/statements/",
        "/rebates/statements/{statement}/",
        "/programme/",
        "/programme/certifications/",
    ),
    BRUNO: ("/funds/finance/", "/orders/quotes/limits/", "/rebates/statements/{statement}/"),
    MARTA: ("/deals/new/", "/deals/customers/", "/organisation/me/", "/accounts/2fa/", "/accounts/sessions/"),
    ELENA: (
        "/exchange/validate/",
        "/exchange/connections/",
        "/exchange/queue/",
        "/exchange/guides/",
        "/exchange/guides/edifact/ORDERS/D.96A/",
    ),
    INGRID: (
        "/organisation/roles/",
        "/organisation/people/",
        "/trail/",
        "/organisation/services/",
        "/deals/terms/",
        "/design/",
    ),
}
SIDEWAYS = """() => {
  const wide = innerWidth;
  if (document.scrollingElement.scrollWidth <= wide) return '';
  const held = e => { for (let p = e.parentElement; p && p !== document.body; p = p.parentElement)
    if (getComputedStyle(p).overflowX !== 'visible' && getComputedStyle(e).position !== 'absolute') return true;
    return false; };
  const beyond = e => e.getBoundingClientRect().right > wide + 1 && !held(e);
  const out = [...document.querySelectorAll('body *')].filter(beyond);
  return out.slice(-4).map(e => `${e.tagName.toLowerCase()}.${e.getAttribute('class')}`).join(', ') || 'the page';
}"""

# What slides or fades in is judged when it has come to rest: contrast means nothing half way.
AT_REST = """async () => {
  await document.fonts.ready;
  const passing = document.getAnimations().filter(each => each.effect.getComputedTiming().endTime !== Infinity);
  await Promise.allSettled(passing.map(each => each.finished));
}"""


# Where a path names a record, the API gives one of the demo.
RECORDS = {
    "deal": "deals/?state=in_review",
    "order": "orders/?state=accepted",
    "quote": "quotes/?state=sent",
    "partnership": "partnerships/?state=active",
    "product": "products/",
    "promotion": "promotions/?side=own&state=active",
    "fund": "funds/",
    "claim": "fund-claims/",
    "statement": "rebate-statements/",
}


def addresses(page: Page, paths: tuple[str, ...]) -> list[str]:
    """The paths, with a record of the demo where one is asked for."""
    asked = {name for path in paths for _text, name, *_rest in Formatter().parse(path) if name}
    found = {name: call(page, "GET", RECORDS[name])["results"][0]["id"] for name in sorted(asked)}
    return [path.format(**found) for path in paths]


def faults(page: Page, with_axe: bool) -> list[str]:
    """What is wrong with the page as it stands."""
    page.evaluate(AT_REST)
    wide = page.evaluate(SIDEWAYS)
    found = [f"scrolls sideways: {wide}"] if wide else []
    if with_axe:
        for rule in Axe().run(page, options=RULES).response["violations"]:
            nodes = "; ".join(node["html"][:120] for node in rule["nodes"][:2])
            found.append(f"{rule['id']} ×{len(rule['nodes'])}: {nodes}")
    return found


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("who", PAGES, ids=lambda who: (who or "stranger").split(".")[0])
def test_pages_are_sound(open_as, portal, who, width, theme):
    options = {"viewport": WIDTHS[width], "color_scheme": theme, "has_touch": width == "phone"}
    page = open_as(who, "/accounts/login/" if who is None else "/inbox/", **options)
    page.context.add_cookies([{"name": "theme", "value": theme, "url": portal.url}])
    wrong = {}
    for path in addresses(page, PAGES[who]):
        answer = page.goto(portal.url + path)
        assert answer is not None
        expected = 404 if "nothing" in path else 200
        found = faults(page, with_axe=width == "wide" or theme == "light")
        if answer.status != expected:
            found.append(f"status {answer.status}")
        if found:
            wrong[path] = found
    assert wrong == {}


def test_a_page_brings_little_script(open_as, portal):
    page = open_as(LUCA, "/inbox/")
    scripts: list[Response] = []
    page.on("response", lambda answer: answer.request.resource_type == "script" and scripts.append(answer))
    for path in addresses(page, ("/", "/deals/{deal}/", "/orders/{order}/", "/rooms/", "/deals/board/")):
        scripts.clear()
        page.goto(portal.url + path)
        sizes = {answer.url: len(gzip.compress(answer.body())) for answer in scripts}
        assert 0 < sum(sizes.values()) <= MOST_SCRIPT, (path, sizes)
