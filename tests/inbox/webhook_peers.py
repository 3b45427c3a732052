"""A receiver of webhooks: a real server in a thread, which checks signatures as the docs say and answers as told."""

import base64
import hashlib
import hmac
import json
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from core.vault import unseal
from inbox.webhooks.actions import make_endpoint
from partners.models import ServiceAccount
from tests.factories import RoleFactory


class Receiver:
    """What came, and what is answered; an answer may be a function that writes to the socket itself."""

    def __init__(self, url):
        self.url = url
        self.seen = []
        self.answers = [(200, {}, b"ok")]

    @property
    def types(self):
        return [json.loads(body)["type"] for _headers, body in self.seen]

    @property
    def ids(self):
        return [headers["webhook-id"] for headers, _body in self.seen]


def is_genuine(secret, headers, body):
    """The check of Standard Webhooks, written apart from ours."""
    key = base64.b64decode(secret.split("_", 1)[1])
    signed = headers["webhook-id"].encode() + b"." + headers["webhook-timestamp"].encode() + b"." + body
    wanted = base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
    given = [each.split(",", 1) for each in headers["webhook-signature"].split(" ")]
    return any(version == "v1" and hmac.compare_digest(text, wanted) for version, text in given)


@contextmanager
def receiver():
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            there.seen.append(({name.lower(): value for name, value in self.headers.items()}, body))
            answer = there.answers.pop(0) if len(there.answers) > 1 else there.answers[0]
            if callable(answer):
                answer(self)
                return
            status, headers, said = answer
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(said)))
            self.end_headers()
            self.wfile.write(said)

        def log_message(self, *_args):
            """Keep quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    there = Receiver(f"http://localhost:{server.server_address[1]}/hook")
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield there
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)


def account_of(organisation, *capabilities):
    role = RoleFactory(organisation=organisation, capabilities=list(capabilities))
    return ServiceAccount.objects.create(organisation=organisation, name=f"CRM {role.pk}", role=role)


def endpoint_of(act_for, organisation, url, events=("deal.*",), capabilities=("deals.view",)):
    """An endpoint of the organisation that sees with these capabilities."""
    actor = act_for(organisation, "integration.manage", *capabilities)
    account = account_of(organisation, *capabilities)
    endpoint, _secret = make_endpoint(actor=actor, url=url, description="Our CRM", account=account, events=events)
    return endpoint


def secret_of(endpoint):
    return unseal(endpoint.sealed)["secret"]
