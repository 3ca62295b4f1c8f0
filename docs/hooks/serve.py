"""Show a folder at http://127.0.0.1:<port>/, or at the next port that is free.

Usage: serve.py FOLDER PORT
"""
import sys
from functools import partial
from http import HTTPStatus
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

PORTS_TO_TRY = 50


class SiteHandler(SimpleHTTPRequestHandler):
    """Answers a wrong address with the site's own page, as web hosts do."""

    def send_error(self, code, message=None, explain=None):
        missing = Path(self.directory, "404.html")
        if code != HTTPStatus.NOT_FOUND or not missing.exists():
            return super().send_error(code, message, explain)
        body = missing.read_bytes()
        self.send_response(code)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def log_message(self, *details):
        """Say nothing about each file that is fetched."""


def open_server(folder, port):
    """A server on the first free port from `port` on."""
    handler = partial(SiteHandler, directory=folder)
    for candidate in range(port, port + PORTS_TO_TRY):
        try:
            return ThreadingHTTPServer(("127.0.0.1", candidate), handler)
        except OSError as problem:
            taken = problem
    raise taken


if __name__ == "__main__":
    with open_server(sys.argv[1], int(sys.argv[2])) as server:
        print(f"http://127.0.0.1:{server.server_address[1]}/ (Ctrl-C to stop)", flush=True)
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            print()
