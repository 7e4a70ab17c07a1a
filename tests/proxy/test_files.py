"""Files come from nginx itself, with the headers that the application would send."""

import base64
import hashlib
import json
import re
from http.client import HTTPMessage
from pathlib import Path

import pytest

from deploy.proxy import HERE, ROOT
from tests.proxy.nginx import Proxy
from tests.proxy.served import House

# Of the server and the connection, or of how the same bytes are packed.
OWN = {"server", "date", "connection", "keep-alive", "etag", "last-modified", "content-length", "content-encoding"}
OWN |= {"accept-ranges", "x-request-id", "vary", "content-disposition", "transfer-encoding"}


def told(headers: HTTPMessage) -> dict[str, str]:
    """Quotation marks round a charset mean nothing (RFC 9110, 5.6.6)."""
    return {name.lower(): value.replace('"', "") for name, value in headers.items() if name.lower() not in OWN}


def static_paths(house: House) -> dict[str, str]:
    """One file of each kind that is collected, hashed and plain."""
    files = json.loads((Path(house.variables["STATIC_ROOT"]) / "staticfiles.json").read_text())["paths"]
    found: dict[str, str] = {}
    for plain, hashed in files.items():
        kind = Path(plain).suffix
        found.setdefault(f"plain {kind}", f"/static/{plain}")
        found.setdefault(f"hashed {kind}", f"/static/{hashed}")
    return found


def test_static_files_have_the_headers_of_the_application(house: House) -> None:
    paths = static_paths(house)
    ours = {path: told(house.proxy.get(path, Accept_Encoding="gzip").headers) for path in paths.values()}
    theirs = {path: told(house.direct(path, Accept_Encoding="gzip").headers) for path in paths.values()}
    assert len(paths) > 10
    assert ours == theirs


def test_static_file_is_sent_as_it_was_packed(house: House) -> None:
    path = next(path for path in static_paths(house).values() if path.endswith(".css"))
    packed, plain = (house.proxy.get(path, Accept_Encoding=encoding) for encoding in ("gzip, br", ""))
    assert (packed.headers["Content-Encoding"], packed.headers["Vary"]) == ("gzip", "Accept-Encoding")
    assert plain.headers["Content-Encoding"] is None
    assert len(packed.body) < len(plain.body)
    assert house.proxy.get(path, If_None_Match=plain.headers["ETag"]).status == 304


def test_picture_has_the_headers_of_the_application(house: House) -> None:
    path = house.paths["picture"]
    ours, theirs = house.proxy.get(path), house.direct(path)
    assert told(ours.headers) == told(theirs.headers)
    assert ours.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"


@pytest.mark.parametrize(
    "path",
    [
        "/media/",
        "/media/images/",
        "/media/../newsroom.sqlite3",
        "/media/..%2fnewsroom.sqlite3",
        "/media/%2e%2e/newsroom.sqlite3",
        "/media/x.html",
        "/media/x.svg",
        "/media/images/2026/../../../x.jpg",
        "/static/",
        "/static/../manage.py",
        "/static/..%2f..%2fmanage.py",
        "/static/staticfiles.json/",
        "/.proxy/unreachable.html",
        "/nginx.conf",
        "/.env",
        "/.git/config",
    ],
)
def test_nothing_else_is_to_be_had(house: House, path: str) -> None:
    (Path(house.variables["DATA_DIR"]) / "media" / "x.html").write_text("<script>alert(1)</script>")
    (Path(house.variables["DATA_DIR"]) / "media" / "x.svg").write_text("<svg/>")
    answer = house.proxy.get(path)
    assert answer.status in {400, 404}
    assert b"alert(1)" not in answer.body


@pytest.mark.parametrize("name", ["unreachable", "too-many", "too-large"])
def test_page_of_the_proxy_may_show_its_style(name: str) -> None:
    page = (HERE / "nginx" / "pages" / f"{name}.html").read_text()
    style = re.findall(r"<style>(.*?)</style>", page)[0]
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert f"sha256-{digest}" in (HERE / "nginx" / "nginx.conf.template").read_text()
    assert '<html lang="ar" dir="rtl">' in page


def test_secret_addresses_and_readers_are_not_in_the_log(proxy: Proxy) -> None:
    template = (ROOT / "deploy/nginx/nginx.conf.template").read_text()
    line = re.search(r"log_format line (.*?);", template, re.DOTALL)
    assert line
    named = set(re.findall(r"\$\{?(\w+)", line[1]))
    assert not named & {"remote_addr", "request", "request_uri", "uri", "args", "http_referer", "http_user_agent"}
    assert not [name for name in named if name.startswith(("http_", "cookie_", "arg_"))]
