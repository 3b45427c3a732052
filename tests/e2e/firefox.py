"""A Firefox, driven by WebDriver BiDi (https://w3c.github.io/webdriver-bidi/), which every Firefox speaks by itself;
the driver of the other browser tests needs a Firefox of its own making."""

import json
import subprocess
import time
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from websockets.exceptions import WebSocketException
from websockets.sync.client import ClientConnection, connect

from tests.e2e.running import free_port

# A microphone and a camera that need nobody's consent, lines between two processes of one machine, and no calls home.
PREFERENCES = {
    "media.navigator.streams.fake": True,
    "media.navigator.permission.disabled": True,
    "media.peerconnection.ice.loopback": True,
    "media.peerconnection.ice.obfuscate_host_addresses": False,
    "media.autoplay.default": 0,
    "intl.accept_languages": "en-GB",
    "app.update.enabled": False,
    "network.captive-portal-service.enabled": False,
    "network.connectivity-service.enabled": False,
    "browser.safebrowsing.malware.enabled": False,
    "browser.safebrowsing.phishing.enabled": False,
    "datareporting.policy.dataSubmissionEnabled": False,
    "services.settings.server": "http://localhost:1",
}


class Firefox:
    """One running Firefox with one tab."""

    def __init__(self, path: str, profile: Path) -> None:
        lines = (f'user_pref("{name}", {json.dumps(value)});\n' for name, value in PREFERENCES.items())
        (profile / "user.js").write_text("".join(lines))
        port = free_port()
        command = [path, "--headless", "--no-remote", "--profile", str(profile), "--remote-debugging-port", str(port)]
        self.process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.lines = ExitStack()
        self.lines.callback(self._end)
        self.asked = 0
        try:
            self._begin(port)
        except BaseException:
            self.lines.close()
            raise

    def _begin(self, port: int) -> None:
        self.line = self._connected(port)
        self.ask("session.new", capabilities={})
        self.tab = self.ask("browsingContext.create", type="tab")["context"]

    def close(self) -> None:
        """End it."""
        self.lines.close()

    def _end(self) -> None:
        self.process.terminate()
        self.process.wait(20)

    def ask(self, method: str, **params: Any) -> dict[str, Any]:
        """What a command answers. Raises AssertionError with what the browser said is wrong."""
        self.asked += 1
        self.line.send(json.dumps({"id": self.asked, "method": method, "params": params}))
        while (told := json.loads(self.line.recv(timeout=60))).get("id") != self.asked:
            pass  # an event
        assert told["type"] == "success", told
        result: dict[str, Any] = told["result"]
        return result

    def keep(self, cookies: list[dict[str, Any]]) -> None:
        """Take the cookies of a session that another browser opened."""
        for each in cookies:
            value = {"type": "string", "value": each["value"]}
            self.ask("storage.setCookie", cookie={"name": each["name"], "value": value, "domain": each["domain"]})

    def before_all(self, script: str) -> None:
        """Run a script in every page before its own."""
        self.ask("script.addPreloadScript", functionDeclaration=f"() => {{ {script} }}")

    def open(self, address: str) -> None:
        """Go there, until the page is loaded."""
        self.ask("browsingContext.navigate", context=self.tab, url=address, wait="complete")

    def run(self, function: str) -> Any:
        """What a function of the page gives, awaited, by way of JSON."""
        called = f"async () => JSON.stringify(await ({function})() ?? null)"
        target = {"context": self.tab}
        told = self.ask("script.callFunction", functionDeclaration=called, awaitPromise=True, target=target)
        assert told["type"] == "success", told
        return json.loads(told["result"]["value"])

    def until(self, function: str, fits: Callable[[Any], object], seconds: float = 45) -> Any:
        """Ask again and again until the answer fits; AssertionError with the last one."""
        end = time.monotonic() + seconds
        while not fits(told := self.run(function)):
            assert time.monotonic() < end, told
            time.sleep(0.3)
        return told

    def _connected(self, port: int) -> ClientConnection:
        for _n in range(200):
            assert self.process.poll() is None, "Firefox ended"
            try:
                return self.lines.enter_context(connect(f"ws://127.0.0.1:{port}/session", max_size=None))
            except (OSError, WebSocketException):
                time.sleep(0.2)
        raise AssertionError("Firefox does not listen")
