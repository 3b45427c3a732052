"""A running demo, a real browser in front of it, and pages that are signed in as somebody.

`E2E_URL` and `E2E_ACCESS` (the path of demo-access.json) take a portal that runs already instead of starting one.
"""

import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.e2e.callers import ALLOWED, DEVICES, KEEP
from tests.e2e.firefox import Firefox
from tests.e2e.relay import Relay
from tests.e2e.running import Portal, free_port, read_access, start, wait_until_healthy

CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip
# Answers that a test provokes on purpose are logged by the browser as errors of the network, not of the page.
EXPECTED = ("the server responded with a status of 4", "WebSocket connection to", "net::ERR_")
OWN_HOSTS = {"localhost", "127.0.0.1"}
PATIENCE = 20_000  # milliseconds: two busy cores, not two idle ones
expect.set_options(timeout=PATIENCE)
# Notes on the page which kinds of frames its socket received, so that a test acts when the page really listens.
LISTEN = """window.WebSocket = class extends WebSocket {
  constructor(...where) {
    super(...where);
    const heard = document.documentElement.dataset;
    this.addEventListener("message", ({data}) => (heard.heard = `${heard.heard ?? ""} ${JSON.parse(data).on}`));
  }
};"""


@pytest.fixture(scope="session")
def portal(tmp_path_factory) -> Iterator[Portal]:
    if os.environ.get("E2E_URL"):
        yield read_access(Path(os.environ["E2E_ACCESS"]), os.environ["E2E_URL"])
        return
    data_dir, port = tmp_path_factory.mktemp("demo"), free_port()
    url = f"http://localhost:{port}"
    process = start(data_dir, port)
    try:
        wait_until_healthy(process, url)
        yield read_access(data_dir / "demo-access.json", url)
    finally:
        process.terminate()
        assert process.wait(20) is not None


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def relay(portal) -> Iterator[Relay]:
    """A line to the portal that can be cut."""
    with Relay(urlsplit(portal.url).port or 80) as line:
        yield line


@dataclass
class Watch:
    """What went wrong in a browser's pages: script errors, broken policy, requests to other hosts."""

    errors: list[str] = field(default_factory=list)

    def on(self, page: Page) -> None:
        page.on("pageerror", lambda error: self.errors.append(f"script: {error}"))
        page.on("console", self._console)
        page.on("request", self._request)

    def _console(self, message) -> None:
        if message.type == "error" and not any(part in message.text for part in EXPECTED):
            self.errors.append(f"console: {message.text}")

    def _request(self, request) -> None:
        address = urlsplit(request.url)
        if address.scheme not in {"data", "blob", "about"} and address.hostname not in OWN_HOSTS:
            self.errors.append(f"request to another host: {request.url}")


@pytest.fixture
def open_as(portal, chromium) -> Iterator[Callable[..., Page]]:
    """A page signed in as somebody: `open_as(MARTA, "/deals/")`.

    Somebody's session is opened once and shared by all tests, unless `fresh`. `base` is another way to the portal;
    the other options go to the browser's context.
    """
    watch, contexts = Watch(), []

    def build(email: str | None = None, path: str = "/", *, fresh: bool = False, base: str = "", **options) -> Page:
        state = None if fresh or not email else _session(chromium, portal, email)
        context = chromium.new_context(locale="en-GB", timezone_id="Europe/Rome", storage_state=state, **options)
        context.set_default_timeout(PATIENCE)
        contexts.append(context)
        context.on("page", watch.on)
        context.add_init_script(LISTEN)
        page = context.new_page()
        if email and fresh:
            sign_in(page, portal.url, email, portal.users[email]["password"])
        page.goto((base or portal.url) + path)
        return page

    yield build
    for context in contexts:
        context.close()
    assert watch.errors == []


@pytest.fixture(scope="module")
def calling_browser(chromium) -> Iterator[Browser]:
    """A browser with a microphone that beeps and a camera that shows a clock."""
    launched = chromium.browser_type.launch(executable_path=CHROMIUM, args=[*FLAGS, *DEVICES])
    yield launched
    launched.close()


@pytest.fixture
def firefox(tmp_path) -> Iterator[Firefox]:
    """A Firefox with a microphone that hums and a camera that changes colour; skips where there is no Firefox."""
    path = os.environ.get("FIREFOX") or shutil.which("firefox-esr") or shutil.which("firefox")
    if path is None:
        pytest.skip("no Firefox here")
    running = Firefox(path, tmp_path)
    yield running
    running.close()


@pytest.fixture
def talker(portal, calling_browser) -> Iterator[Callable[..., Page]]:
    """A signed-in page of somebody who has microphone and camera."""
    contexts = []

    def build(email: str, path: str = "/inbox/preferences/", base: str = "") -> Page:
        if email not in portal.sessions:
            context = calling_browser.new_context(locale="en-GB")
            sign_in(context.new_page(), portal.url, email, portal.users[email]["password"])
            portal.sessions[email] = context.storage_state()
            context.close()
        context = calling_browser.new_context(locale="en-GB", storage_state=portal.sessions[email], permissions=ALLOWED)
        context.set_default_timeout(PATIENCE)
        context.add_init_script(KEEP)
        contexts.append(context)
        page = context.new_page()
        page.goto((base or portal.url) + path)
        return page

    yield build
    for context in contexts:
        context.close()


def _session(chromium: Browser, portal: Portal, email: str):
    if email not in portal.sessions:
        context = chromium.new_context(locale="en-GB")
        context.set_default_timeout(PATIENCE)
        sign_in(context.new_page(), portal.url, email, portal.users[email]["password"])
        portal.sessions[email] = context.storage_state()
        context.close()
    return portal.sessions[email]


def sign_in(page: Page, url: str, email: str, password: str) -> None:
    """Through the sign-in page, as a person does."""
    page.goto(f"{url}/accounts/login/")
    page.locator("[name=login]").fill(email)
    page.locator("[name=password]").fill(password)
    page.locator("form:has([name=password])").get_by_role("button").first.click()
    page.wait_for_url(lambda address: "/accounts/login" not in address)
