"""The requests of requests.txt at Django alone, on both databases: nginx and gunicorn hold many of them off."""

from urllib.parse import quote

import pytest
from django.test import Client

from tests.factories import make_article, make_image, make_site
from tests.security.bad_requests import GROUPS, BadRequest, all_requests, filled, of_group
from tests.security.leaks import told_secrets

AT_LEAST = 300
# No header of these reaches Django as it was sent.
_OF_THE_SERVER = {"host", "connection", "content-length", "transfer-encoding", "content-type"}


def places() -> dict[str, str]:
    image = make_image()
    article, draft = make_article(lead_image=image), make_article(published=False)
    assert article.section
    return {
        "host": "testserver",
        "article": article.get_absolute_url(),
        "draft": draft.get_absolute_url(),
        "preview": "/preview/abc/",
        "picture": image.file.url,
        "section": article.section.get_absolute_url(),
    }


def asked(client: Client, request: BadRequest, where: dict[str, str]) -> tuple[int, bytes]:
    """Status and body. The path and the query arrive as gunicorn hands them over."""
    headers = dict(header.partition(":")[::2] for header in request.headers)
    extra = {
        f"HTTP_{name.strip().upper().replace('-', '_')}": filled(value.strip(), where).decode("latin-1")
        for name, value in headers.items()
        if name.strip() and name.strip().lower() not in _OF_THE_SERVER and name.isascii()
    }
    kind = {name.strip().lower(): value.strip() for name, value in headers.items()}.get("content-type")
    path, _mark, query = filled(request.target, where).decode("utf-8", "replace").partition("?")
    response = client.generic(
        request.method,
        quote(path, safe="/%:;=@&+$,!*'()~"),
        filled(request.body, where),
        filled(kind, where).decode("latin-1") if kind else "application/x-www-form-urlencoded",
        QUERY_STRING=quote(query, safe="/%:;=@&+$,!*'()~?<>\"[]{}|^`\\ "),
        **extra,
    )
    # A file is closed when it was read to its end.
    return response.status_code, b"".join(response) if response.streaming else response.content


def test_there_are_enough_and_no_two_are_one() -> None:
    everything = all_requests()
    assert len({(request.group, request.name) for request in everything}) == len(everything) > AT_LEAST
    where = dict.fromkeys(("host", "article", "draft", "preview", "picture", "section"), "/x")
    assert len({request.raw(where) for request in everything if len(request.body) < 1000}) > AT_LEAST


@pytest.mark.django_db
@pytest.mark.parametrize("group", sorted({*GROUPS} - {"methods"}))  # tests/security/test_methods.py
def test_django_answers_every_bad_request_without_an_error(client: Client, group: str) -> None:
    make_site()
    where = places()
    client.raise_request_exception = False
    wrong = {}
    for request in of_group(group):
        if request.is_formed:
            status, body = asked(client, request, where)
            faults = told_secrets(body) + ([f"status {status}"] if status >= 500 else [])
            if faults:
                wrong[request.name] = faults
    assert wrong == {}
