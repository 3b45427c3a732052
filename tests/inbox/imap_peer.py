"""A small IMAP server (RFC 3501) in a thread: one folder of letters with flags, and what was moved."""

import re
import socketserver
import threading
from contextlib import contextmanager


class Mailbox:
    """Letters by UID, their flags, and the folders into which they were moved or copied."""

    def __init__(self, letters, *, moves=True):
        self.letters = dict(enumerate(letters, 1))
        self.flags = {uid: set() for uid in self.letters}
        self.folders = {}
        self.moves = moves
        self.fetched = []
        self.url = ""


class Session(socketserver.StreamRequestHandler):
    """One client."""

    def say(self, text):
        self.wfile.write(text.encode() + b"\r\n")

    def handle(self):
        self.say("* OK ready")
        for line in self.rfile:
            tag, command, *rest = line.decode().strip().split(" ", 2)
            answer = getattr(self, f"do_{command.lower()}", None)
            said = answer(*rest) if answer else "BAD unknown"
            self.say(f"{tag} {said or 'OK done'}")
            if command.upper() == "LOGOUT":
                return

    def do_capability(self, *_):
        self.say("* CAPABILITY IMAP4rev1" + (" MOVE" if self.server.box.moves else ""))

    def do_login(self, given):
        return "OK in" if given == 'portal "se cret"' else "NO wrong"

    def do_select(self, given):
        if given != '"INBOX"':
            return "NO no such folder"
        self.say(f"* {len(self.server.box.letters)} EXISTS")
        return None

    def do_expunge(self, *_):
        box = self.server.box
        for uid in [uid for uid in box.letters if r"\Deleted" in box.flags[uid]]:
            del box.letters[uid]

    def do_uid(self, given):
        verb, rest = given.split(" ", 1)
        return getattr(self, f"uid_{verb.lower()}")(rest)

    def uid_search(self, _rest):
        box = self.server.box
        found = [str(uid) for uid in box.letters if not box.flags[uid] & {r"\Seen", r"\Deleted"}]
        self.say(f"* SEARCH {' '.join(found)}".rstrip())

    def uid_fetch(self, rest):
        uid, what = rest.split(" ", 1)
        letter = self.server.box.letters[int(uid)]
        if "SIZE" in what:
            self.say(f"* 1 FETCH (UID {uid} RFC822.SIZE {len(letter)})")
            return
        self.server.box.fetched.append(int(uid))
        self.wfile.write(f"* 1 FETCH (UID {uid} BODY[] {{{len(letter)}}}\r\n".encode() + letter + b")\r\n")

    def uid_store(self, rest):
        uid, _what, flag = rest.split(" ", 2)
        self.server.box.flags[int(uid)].add(flag.strip("()"))

    def uid_copy(self, rest):
        uid, folder = rest.split(" ", 1)
        self.server.box.folders.setdefault(re.sub('"', "", folder), []).append(int(uid))

    def uid_move(self, rest):
        self.uid_copy(rest)
        del self.server.box.letters[int(rest.split(" ", 1)[0])]


@contextmanager
def imap_server(letters, **options):
    """A running server; its mailbox has the address at `url`."""
    server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Session)
    server.daemon_threads = True
    server.box = Mailbox(letters, **options)
    server.box.url = f"imap://portal:se%20cret@127.0.0.1:{server.server_address[1]}/INBOX"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield server.box
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)
