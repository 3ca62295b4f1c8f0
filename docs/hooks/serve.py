"""Show a folder at http://127.0.0.1:<port>/, or at the next port that is free.

Usage: serve.py FOLDER PORT

Text is sent compressed, as web hosts send it, so that what is measured here
holds there.
"""
import gzip
import io
import sys
from contextlib import suppress
from functools import cache, partial
from http import HTTPStatus
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit

PORTS_TO_TRY = 50
TEXT = {".html", ".css", ".js", ".json", ".svg", ".ipynb", ".txt", ".xml"}


@cache
def compressed(path, changed):
    """A file as gzip; `changed` is when, so that an answer is forgotten once the file is another."""
    return gzip.compress(path.read_bytes(), mtime=0)


class SiteHandler(SimpleHTTPRequestHandler):
    """Compresses text, and answers a wrong address with the site's own page, as web hosts do."""

    protocol_version = "HTTP/1.1"

    def handle(self):
        """Serve one connection; a browser that leaves in the middle is no event."""
        with suppress(ConnectionError):
            super().handle()

    def send_head(self):
        path = Path(self.translate_path(self.path))
        if urlsplit(self.path).path.endswith("/"):
            path /= "index.html"
        accepted = self.headers.get("Accept-Encoding", "")
        if path.suffix not in TEXT or not path.is_file() or "gzip" not in accepted:
            return super().send_head()
        body = compressed(path, path.stat().st_mtime_ns)
        self.send_response(HTTPStatus.OK)
        self.send_header("Content-Type", self.guess_type(path))
        self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        return io.BytesIO(body)

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
