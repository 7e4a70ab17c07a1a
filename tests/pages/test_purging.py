"""Having a CDN put away what has changed: by a task, which is tried again."""

import json
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from pytest_django import Settings

from newsroom.lib import generations
from newsroom.lib.generations import bump, bump_everything
from pages import purging
from pages.purging import MOST_KEYS, Purger, Refused, purge

pytestmark = pytest.mark.django_db


class Cdn:
    def __init__(self) -> None:
        self.status = 200
        self.calls: list[tuple[str, dict[str, str], Any]] = []


@pytest.fixture
def cdn(settings: Settings) -> Iterator[Cdn]:
    own = Cdn()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            own.calls.append((self.path, dict(self.headers), json.loads(body)))
            self.send_response(own.status)
            self.end_headers()

        def log_message(self, *_arguments: object) -> None:
            """Nobody reads it."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        settings.CDN_PURGE_URL = f"http://127.0.0.1:{server.server_port}/zones/5/purge?soft=1"
        settings.CDN_PURGE_TOKEN = "Authorization: Bearer secret"
        yield own
        server.shutdown()
        thread.join()


@pytest.fixture
def purger(monkeypatch: pytest.MonkeyPatch) -> Purger:
    """Whose timer never goes off by itself."""
    own = Purger()
    monkeypatch.setattr(purging, "purger", own)
    monkeypatch.setattr(generations, "tellers", [own.changed])
    return own


def test_the_call_names_the_keys_twice_and_who_calls(cdn: Cdn) -> None:
    purge.call(["article:3", "stories"])
    ((path, headers, body),) = cdn.calls
    assert path == "/zones/5/purge?soft=1"
    assert headers["Authorization"] == "Bearer secret"
    assert headers["Surrogate-Key"] == "article:3 stories"
    assert body == {"tags": ["article:3", "stories"]}


def test_many_keys_are_several_calls(cdn: Cdn) -> None:
    purge.call([str(number) for number in range(MOST_KEYS * 2 + 1)])
    assert [len(call[2]["tags"]) for call in cdn.calls] == [MOST_KEYS, MOST_KEYS, 1]


def test_changes_of_one_deed_are_one_task(cdn: Cdn, purger: Purger, run_tasks: Callable[..., int]) -> None:
    bump("stories", "articles.article:3")
    bump("articles.section:2 stories")
    bump_everything()
    assert cdn.calls == []
    purger.flush()
    assert run_tasks() == 1
    assert set(cdn.calls[0][2]["tags"]) == {"stories", "article:3", "section:2-stories", "all", "many"}


def test_what_was_withdrawn_is_called_at_once_and_again(
    cdn: Cdn, purger: Purger, run_tasks: Callable[..., int]
) -> None:
    bump("articles.article:3", recall=True)
    assert run_tasks() == 1
    purger.flush()
    assert run_tasks() == 1
    assert len(cdn.calls) == 2


def test_a_cdn_that_refuses_is_asked_again(cdn: Cdn, purger: Purger, run_tasks: Callable[..., int]) -> None:
    cdn.status = 429
    with pytest.raises(Refused, match="429"):
        purging._call(["a"])
    bump("stories")
    purger.flush()
    run_tasks(may_fail=True)
    assert len(cdn.calls) == 2


def test_nobody_is_called_where_no_cdn_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(generations, "tellers", [])
    purging.listen()
    assert generations.tellers == []
