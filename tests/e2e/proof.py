"""Two browsers on two socket processes behind nginx, with PostgreSQL and Redis between them. tools/prove.sh runs this.

PROOF_URL is nginx; PROOF_ACCESS the path of demo-access.json; PROOF_PROCESSES the two processes that serve sockets.
"""

import os
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.cast import ELSA, LUCA, MARTA
from tests.e2e.running import Portal, read_access
from tests.e2e.steps import call, connected, joined, message, say, submitted_deal

pytestmark = pytest.mark.browser
PROCESSES = os.environ.get("PROOF_PROCESSES", "http://127.0.0.1:18001 http://127.0.0.1:18002").split()


@pytest.fixture(scope="session")
def portal() -> Portal:
    """The one that tools/prove.sh started."""
    return read_access(Path(os.environ["PROOF_ACCESS"]), os.environ["PROOF_URL"])


def talk(marta: Page, luca: Page, words: str) -> None:
    """Both ways, each message once, in the same order."""
    joined(marta)
    joined(luca)
    for speaker, text in ((marta, f"{words} 1"), (luca, f"{words} 2"), (marta, f"{words} 3")):
        say(speaker, text)
        for reader in (marta, luca):
            expect(message(reader, text)).to_have_count(1)
    said = [page.locator("[data-log] [data-seq]").evaluate_all("all => all.map(m => m.id)") for page in (marta, luca)]
    assert said[0] == said[1]


def test_two_browsers_on_two_processes_talk_with_each_other(open_as):
    deal = submitted_deal(open_as)
    marta = open_as(MARTA, f"/deals/{deal['id']}/", base=PROCESSES[0])
    luca = open_as(LUCA, f"/deals/{deal['id']}/", base=PROCESSES[1])
    talk(marta, luca, "across processes")
    expect(marta.locator("[data-here]")).to_contain_text("2 here")  # presence is gathered from both
    # longer than the signals are held back
    marta.locator("[data-composer] textarea").press_sequentially("and there is more to come", delay=180)
    expect(luca.locator("[data-typing]")).to_contain_text("Marta Riva")
    call(luca, "POST", f"deals/{deal['id']}/take/")
    expect(marta.locator(".note").last).to_contain_text("Luca Conti took the deal for review")
    expect(marta.locator("#deal-top .track [aria-current=step]")).to_contain_text("In review")


def test_the_same_through_nginx(open_as):
    deal = submitted_deal(open_as)
    marta, luca = (open_as(who, f"/deals/{deal['id']}/") for who in (MARTA, LUCA))
    talk(marta, luca, "through nginx")


def test_an_uploaded_file_is_served_by_another_process(open_as):
    deal = submitted_deal(open_as)
    marta = open_as(MARTA, f"/deals/{deal['id']}/", base=PROCESSES[0])
    luca = open_as(LUCA, f"/deals/{deal['id']}/", base=PROCESSES[1])
    joined(marta)
    joined(luca)
    content = b"%PDF-1.4\ntrailer<<>>\n%%EOF\n"
    file = {"name": "curve.pdf", "mimeType": "application/pdf", "buffer": content}
    marta.locator("[data-composer] input[type=file]").set_input_files(file)
    say(marta, "the curve")
    link = message(luca, "the curve").locator("a.file")
    page = link.evaluate("a => a.href")  # the page that shows it; the file itself lies above
    assert luca.request.get(page.removesuffix("view/")).body() == content


def test_the_bell_rings_across_processes_and_strangers_hear_nothing(open_as):
    luca = open_as(LUCA, "/inbox/", base=PROCESSES[1])
    stranger = open_as(ELSA, "/inbox/", base=PROCESSES[1])
    connected(luca)
    connected(stranger)
    deal = submitted_deal(open_as)
    expect(luca.locator("#notifications li", has_text=deal["title"])).to_have_count(1)
    expect(stranger.locator("body")).not_to_contain_text(deal["title"])
