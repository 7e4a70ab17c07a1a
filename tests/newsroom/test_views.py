"""Error pages and the sign of life."""

import logging
import re

import pytest
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.test.utils import override_settings
from django.urls import include, path

from newsroom.urls import handler400, handler403, handler404, handler500
from tests.factories import make_article, make_site

__all__ = ["handler400", "handler403", "handler404", "handler500"]


def fail(request: HttpRequest) -> HttpResponse:
    raise RuntimeError("the secret of the house")


def refuse(request: HttpRequest) -> HttpResponse:
    raise PermissionDenied("the secret of the house")


def reject(request: HttpRequest) -> HttpResponse:
    raise SuspiciousOperation("the secret of the house")


# The site's own map with three views that fail.
urlpatterns = [
    path("fail/", fail),
    path("refuse/", refuse),
    path("reject/", reject),
    path("", include("newsroom.urls")),
]


@pytest.fixture
def visitor() -> Client:
    return Client(raise_request_exception=False)


def test_livez_asks_nobody(client: Client, django_assert_num_queries) -> None:
    # No database mark: a query would fail the test.
    response = client.get("/livez")
    assert (response.status_code, response.content) == (200, b"ok")


@pytest.mark.django_db
def test_unknown_address_offers_the_latest_news(client: Client) -> None:
    make_site()
    article, draft = make_article("آخر ما نُشر"), make_article("مسودة سرية", published=False)
    response = client.get("/لا-شيء-هنا/")
    page = response.content.decode()
    assert response.status_code == 404
    assert "الصفحة غير موجودة" in page
    assert article.get_absolute_url() in page
    assert draft.headline not in page
    assert "لا-شيء-هنا" not in page
    assert 'content="noindex"' in page


@pytest.mark.django_db
@override_settings(ROOT_URLCONF="tests.newsroom.test_views")
@pytest.mark.parametrize(
    ("address", "status", "sentence"),
    [
        ("/fail/", 500, "نعتذر، لم نتمكن من عرض الصفحة."),
        ("/refuse/", 403, "لا يمكنك عرض هذه الصفحة"),
        ("/reject/", 400, "لا يمكن قراءة هذا الطلب"),
    ],
)
def test_errors_are_arabic_and_tell_no_secrets(visitor: Client, address: str, status: int, sentence: str) -> None:
    response = visitor.get(address)
    page = response.content.decode()
    assert response.status_code == status
    assert sentence in page
    assert 'lang="ar" dir="rtl"' in page
    assert "secret" not in page
    assert "default-src 'none'" in response["Content-Security-Policy"]


@override_settings(ROOT_URLCONF="tests.newsroom.test_views")
def test_server_error_page_needs_no_database_and_gives_a_number(
    visitor: Client, caplog: pytest.LogCaptureFixture
) -> None:
    # No database mark: a query would fail the test.
    with caplog.at_level(logging.ERROR, logger="newsroom.views"):
        page = visitor.get("/fail/").content.decode()
    (message,) = (record.getMessage() for record in caplog.records if record.name == "newsroom.views")
    (reference,) = re.findall(r"reference ([0-9a-f]{8}) for", message)
    assert f'رقم البلاغ: <bdi dir="ltr">{reference}</bdi>' in page


@pytest.mark.django_db
def test_form_without_token_is_refused_in_arabic(settings) -> None:
    make_site()
    response = Client(enforce_csrf_checks=True).post("/admin/login/", {"username": "x", "password": "y"})
    assert response.status_code == 403
    assert "انتهت مدة هذه الصفحة. أعد تحميلها ثم أرسل مجددًا." in response.content.decode()
