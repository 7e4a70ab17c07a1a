"""A store that speaks as much of S3 as pictures need, on a port of this machine (Amazon's API reference)."""

import hashlib
import hmac
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, quote, unquote, urlsplit
from xml.sax.saxutils import escape

BUCKET, ACCESS_KEY, SECRET_KEY, REGION = "pictures", "desk", "hush-hush", "us-east-1"


@dataclass
class Kept:
    content: bytes
    headers: dict[str, str]


@dataclass
class Store:
    """`asked` are method and key of every request in its order; `status` is answered to all when it is not 0."""

    address: str = ""
    files: dict[str, Kept] = field(default_factory=dict)
    asked: list[tuple[str, str]] = field(default_factory=list)
    status: int = 0


@contextmanager
def running_store() -> Iterator[Store]:
    store = Store()
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Bound", (_Handler,), {"store": store}))
    server.daemon_threads = True
    store.address = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield store
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class _Handler(BaseHTTPRequestHandler):
    store: Store
    protocol_version = "HTTP/1.1"

    def do_PUT(self) -> None:
        body = self._read()
        kept = {name: self.headers[name] for name in ("Content-Type", "Cache-Control") if name in self.headers}
        if key := self._key(body):
            self.store.files[key] = Kept(body, kept)
            self._answer(200)

    def do_GET(self) -> None:
        if "prefix=" in urlsplit(self.path).query:
            self._list()
        elif (key := self._key(b"")) and (kept := self._kept(key)):
            self._answer(200, kept.content, kept.headers)

    def do_HEAD(self) -> None:
        if (key := self._key(b"")) and (kept := self._kept(key)):
            self._answer(200, kept.content, kept.headers)

    def do_DELETE(self) -> None:
        if key := self._key(b""):
            self.store.files.pop(key, None)
            self._answer(204)

    def _read(self) -> bytes:
        return self.rfile.read(int(self.headers.get("Content-Length", "0")))

    def _key(self, body: bytes) -> str:
        """'' when the request was refused and answered."""
        path = unquote(urlsplit(self.path).path)
        key = path.removeprefix(f"/{BUCKET}/")
        self.store.asked.append((self.command, key))
        if self.store.status:
            self._answer(self.store.status, _fault("InternalError"))
        elif not is_signed(self.command, self.path, dict(self.headers.items()), body):
            self._answer(403, _fault("SignatureDoesNotMatch"))
        elif key == path:
            self._answer(404, _fault("NoSuchBucket"))
        else:
            return key
        return ""

    def _kept(self, key: str) -> Kept | None:
        kept = self.store.files.get(key)
        if kept is None:
            self._answer(404, _fault("NoSuchKey"))
        return kept

    def _list(self) -> None:
        prefix = parse_qs(urlsplit(self.path).query)["prefix"][0]
        self.store.asked.append(("LIST", prefix))
        if not is_signed(self.command, self.path, dict(self.headers.items()), b""):
            self._answer(403, _fault("SignatureDoesNotMatch"))
            return
        keys = [key for key in self.store.files if key.startswith(prefix) and "/" not in key[len(prefix) :]]
        rows = "".join(f"<Contents><Key>{escape(key)}</Key></Contents>" for key in sorted(keys))
        page = f"<ListBucketResult><IsTruncated>false</IsTruncated>{rows}</ListBucketResult>"
        self._answer(200, page.encode(), {"Content-Type": "application/xml"})

    def _answer(self, status: int, body: bytes = b"", headers: dict[str, str] | None = None) -> None:
        self.send_response(status)
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        if status != 204:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def log_message(self, *arguments: Any) -> None:
        """The output of a test is no place for it."""


def _fault(code: str) -> bytes:
    return f"<Error><Code>{code}</Code><Message>refused</Message></Error>".encode()


def is_signed(method: str, address: str, headers: dict[str, str], body: bytes) -> bool:
    """Whether the request was signed with our secret (AWS Signature Version 4, in the header)."""
    given = {name.lower(): value for name, value in headers.items()}
    scheme, _space, rest = given.get("authorization", "").partition(" ")
    parts = dict(part.strip().split("=", 1) for part in rest.split(",") if "=" in part)
    if scheme != "AWS4-HMAC-SHA256" or set(parts) != {"Credential", "SignedHeaders", "Signature"}:
        return False
    key, day, region, service, _end = parts["Credential"].split("/")
    digest = given.get("x-amz-content-sha256", "")
    if key != ACCESS_KEY or digest not in {hashlib.sha256(body).hexdigest(), "UNSIGNED-PAYLOAD"}:
        return False
    split, names = urlsplit(address), parts["SignedHeaders"].split(";")
    query = sorted((name, value) for name, values in parse_qs(split.query, True).items() for value in values)
    canonical = [
        method,
        split.path,
        "&".join(f"{quote(name, safe='~')}={quote(value, safe='~')}" for name, value in query),
        *(f"{name}:{' '.join(given.get(name, '').split())}" for name in names),
        "",
        ";".join(names),
        digest,
    ]
    scope = f"{day}/{region}/{service}/aws4_request"
    text = "\n".join(
        ["AWS4-HMAC-SHA256", given["x-amz-date"], scope, hashlib.sha256("\n".join(canonical).encode()).hexdigest()]
    )
    signing = f"AWS4{SECRET_KEY}".encode()
    for step in (day, region, service, "aws4_request"):
        signing = hmac.digest(signing, step.encode(), "sha256")
    return hmac.compare_digest(hmac.new(signing, text.encode(), "sha256").hexdigest(), parts["Signature"])
