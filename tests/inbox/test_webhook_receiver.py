"""The receiver in the documentation does what it says."""

import re
import socket
import subprocess
import sys
import time
from pathlib import Path
from time import monotonic

from core import outbound
from inbox.webhooks import signing

DOCS = Path(__file__).parent.parent.parent / "docs" / "erp-integrator.md"


def test_the_receiver_of_the_docs_takes_what_is_genuine_and_nothing_else(tmp_path):
    secret = signing.new_secret()
    (code,) = re.findall(r"```python\n(import base64.*?)```", DOCS.read_text(), re.DOTALL)
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    program = tmp_path / "receiver.py"
    program.write_text(code.replace("whsec_…", secret).replace("9000", str(port)))
    server = subprocess.Popen([sys.executable, str(program)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        until = monotonic() + 20
        while monotonic() < until and not _listens(port):
            time.sleep(0.05)
        body, stamp = b'{"type": "deal.won"}', int(time.time())
        assert _post(port, body, signing.headers([secret], "msg_1", stamp, body)) == 204
        assert _post(port, body, signing.headers([signing.new_secret(), secret], "msg_1", stamp, body)) == 204
        assert _post(port, body + b" ", signing.headers([secret], "msg_1", stamp, body)) == 401
        assert _post(port, body, signing.headers([signing.new_secret()], "msg_1", stamp, body)) == 401
        assert _post(port, body, signing.headers([secret], "msg_1", stamp - 900, body)) == 401
    finally:
        server.kill()
        server.wait(10)


def _listens(port: int) -> bool:
    with socket.socket() as knock:
        return knock.connect_ex(("127.0.0.1", port)) == 0


def _post(port: int, body: bytes, headers: dict[str, str]) -> int:
    return outbound.request("POST", f"http://localhost:{port}/", body, headers, loopback=True).status
