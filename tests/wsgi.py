"""A request as gunicorn hands it to the application."""

import sys
from io import BytesIO
from typing import Any
from urllib.parse import unquote


def environ_of(path: str = "/", query: str = "", method: str = "GET", **headers: str) -> dict[str, Any]:
    """`path` as in an address or with its letters; `HTTP_X_...="..."` are headers of the request."""
    return {
        "REQUEST_METHOD": method,
        "PATH_INFO": unquote(path).encode().decode("latin-1"),
        "QUERY_STRING": query,
        "SERVER_NAME": "127.0.0.1",
        "SERVER_PORT": "8000",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "203.0.113.9",
        "HTTP_HOST": "127.0.0.1:8000",
        "wsgi.url_scheme": "http",
        "wsgi.input": BytesIO(),
        "wsgi.errors": sys.stderr,
        "wsgi.version": (1, 0),
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    } | headers
