"""A line between browser and portal that can be cut in the middle of everything, as trains and hotels do."""

import contextlib
import socket
import threading


class Relay:
    """Passes bytes from a port of its own to the portal's. `cut()` drops every connection and takes no new one."""

    def __init__(self, target: int) -> None:
        self.target = target
        self.ends: set[socket.socket] = set()
        self.whole = True
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://localhost:{self.listener.getsockname()[1]}"

    def __enter__(self) -> "Relay":
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(self, *exception: object) -> None:
        self.listener.close()
        self.cut()

    def cut(self) -> None:
        """Nothing passes any more, in either direction."""
        self.whole = False
        for end in list(self.ends):
            self._drop(end)

    def mend(self) -> None:
        """New connections pass again."""
        self.whole = True

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                browser, _ = self.listener.accept()
                if self.whole:
                    self._join(browser)
                else:
                    browser.close()

    def _join(self, browser: socket.socket) -> None:
        portal = socket.create_connection(("127.0.0.1", self.target))
        self.ends |= {browser, portal}
        for source, sink in ((browser, portal), (portal, browser)):
            threading.Thread(target=self._pass, args=(source, sink), daemon=True).start()

    def _pass(self, source: socket.socket, sink: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while data := source.recv(65536):
                sink.sendall(data)
        self._drop(source)
        self._drop(sink)

    def _drop(self, end: socket.socket) -> None:
        self.ends.discard(end)
        with contextlib.suppress(OSError):
            end.shutdown(socket.SHUT_RDWR)
        end.close()
