from pathlib import Path

import pytest
from django.conf import settings as django_settings
from django.core.mail import EmailMultiAlternatives
from django.test import Client

from accounts.roles import Role
from newsletter import hits, kept_mail
from newsletter.models import LinkTarget
from newsroom.lib.mail import EmlFileBackend, keep, kept_names
from tests.factories import make_article, make_issue, make_site, make_user

pytestmark = pytest.mark.django_db

LIST = "/admin/newsletter/delivery/mail/"


@pytest.fixture(autouse=True)
def files(settings) -> None:
    settings.EMAIL_BACKEND = "newsroom.lib.mail.EmlFileBackend"
    make_site()


@pytest.fixture
def desk(client: Client) -> Client:
    client.force_login(make_user(Role.NEWSLETTER_EDITOR))
    return client


def make_mail(to: str = "layla@example.com", subject: str = "أكّد اشتراكك", html: str = "", **headers: str) -> str:
    mail = EmailMultiAlternatives(subject, "افتح https://news.example/newsletter/confirm/x/", "a@b.example", [to])
    mail.extra_headers = {key.replace("_", "-"): value for key, value in headers.items()}
    if html:
        mail.attach_alternative(html, "text/html")
    before = set(kept_names())
    EmlFileBackend().send_messages([mail])
    [name] = set(kept_names()) - before
    return name


def text(client: Client, path: str) -> str:
    response = client.get(path)
    assert response.status_code == 200
    return response.content.decode()


def test_newest_mail_stands_first_with_subject_and_reader(desk: Client, clock) -> None:
    make_mail(subject="الأولى")
    clock.shift(61)
    make_mail("samer@example.org", subject="الثانية")
    shown = text(desk, LIST)
    assert shown.index("الثانية") < shown.index("الأولى")
    assert "samer@example.org" in shown


def test_list_is_paged(desk: Client, clock, monkeypatch) -> None:
    monkeypatch.setattr(kept_mail, "PER_PAGE", 2)
    for number in range(5):
        clock.shift(1)
        make_mail(subject=f"رسالة {number}")
    seen, address = [], LIST
    for _page in range(3):
        response = desk.get(address)
        seen += [line.subject for line in response.context["lines"]]
        address = f"{LIST}?before={response.context['before']}"
    assert seen == [f"رسالة {number}" for number in (4, 3, 2, 1, 0)]
    assert response.context["before"] == ""


def test_mail_shows_headers_and_text_with_its_links(desk: Client, clock) -> None:
    name = make_mail(html="<p>مرحبًا</p>")
    response = desk.get(f"{LIST}{name}/")
    shown = response.content.decode()
    assert "layla@example.com" in shown
    assert 'href="https://news.example/newsletter/confirm/x/"' in shown
    assert "frame-src 'self'" in response.headers["Content-Security-Policy"]
    assert response.headers["Referrer-Policy"] == "no-referrer"
    assert "no-store" in response.headers["Cache-Control"]


def test_html_of_a_mail_runs_nothing_and_fetches_nothing(desk: Client, clock, settings) -> None:
    settings.PICTURE_ORIGINS = ["https://pictures.example"]
    name = make_mail(html="<script>alert(1)</script><img src='https://tracker.example/x.gif'>")
    response = desk.get(f"{LIST}{name}/html/")
    policy = response.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert f"img-src 'self' {django_settings.SITE_URL} data: https://pictures.example;" in policy
    assert "script-src" not in policy
    assert "allow-scripts" not in policy
    assert "sandbox" in policy
    assert response.headers["X-Frame-Options"] == "SAMEORIGIN"
    assert response["Content-Type"].startswith("text/html")


def test_words_of_a_mail_are_no_markup_of_ours(desk: Client, clock) -> None:
    name = make_mail(subject="<script>alert(1)</script>", html="<p>x</p>")
    for path in (LIST, f"{LIST}{name}/"):
        assert "<script>alert" not in text(desk, path)


@pytest.mark.parametrize(
    "name",
    [
        "../../../../etc/passwd",
        "..%2F..%2F..%2Fsettings.py",
        "20261120/0640/../../../newsroom.sqlite3",
        "20261120/0640/064000-000000-00000000.eml",
        "%2e%2e/%2e%2e/x.eml",
        "20261120/0640/",
    ],
)
def test_nothing_else_can_be_read(name: str, desk: Client, clock) -> None:
    make_mail()
    (Path(django_settings.MAIL_FOLDER).parent / "settings.py").write_text("hush-hush")
    for path in (f"{LIST}{name}/", f"{LIST}{name}/html/", f"{LIST}?before={name}"):
        response = desk.get(path)
        assert response.status_code in {200, 404} if "before" in path else response.status_code == 404, path
        assert b"hush-hush" not in response.content


def test_file_that_is_no_mail_ends_in_no_error(desk: Client, clock) -> None:
    for raw in (
        b"",
        b"\xff\xfe\x00",
        b"Subject: =?utf-8?B?!!!?=\r\n\r\nx",
        b"Content-Type: text/plain; charset=x-no\r\n\r\n\xff",
    ):
        name = keep(raw)
        assert desk.get(f"{LIST}{name}/").status_code == 200, raw
    assert desk.get(LIST).status_code == 200


def test_where_mail_is_sent_there_is_no_such_page(desk: Client, clock, settings) -> None:
    name = make_mail()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    for path in (LIST, f"{LIST}{name}/", f"{LIST}{name}/html/"):
        assert desk.get(path).status_code == 404
    assert LIST not in text(desk, "/admin/")


@pytest.mark.parametrize("role", [Role.REPORTER, Role.EDITOR, Role.CHIEF_EDITOR])
def test_links_of_readers_are_for_the_newsletter_desk(role: str, client: Client, clock) -> None:
    name = make_mail()
    client.force_login(make_user(role))
    for path in (LIST, f"{LIST}{name}/", f"{LIST}{name}/html/"):
        response = client.get(path)
        assert response.status_code == 403
        assert b"layla" not in response.content


def test_mail_of_the_desk_to_its_members_is_theirs_and_the_administrators(desk: Client, clock) -> None:
    """It tells of drafts, which the newsletter desk may not read."""
    make_user(Role.REPORTER, email="Rana@news.example")
    name = make_mail("rana@news.example", subject="تعليق على مسودة سرية")
    issue = make_mail("rana@news.example", subject="عدد تجريبي", List_Id="<daily.news.example>")
    assert "سرية" not in text(desk, LIST)
    assert "عدد تجريبي" in text(desk, LIST)
    assert desk.get(f"{LIST}{name}/").status_code == 404
    assert desk.get(f"{LIST}{issue}/").status_code == 200
    desk.force_login(make_user(Role.ADMINISTRATOR))
    assert "سرية" in text(desk, LIST)


def test_first_page_of_the_desk_says_that_nothing_leaves(desk: Client, clock) -> None:
    assert LIST in text(desk, "/admin/")
    desk.force_login(make_user(Role.REPORTER))
    assert LIST not in text(desk, "/admin/")


def test_looking_at_a_kept_mail_counts_nobody(desk: Client, clock) -> None:
    """Its frame sends no cookies, so the picture of one point would take an editor for a reader."""
    issue = make_issue(articles=(make_article(),), tracking="aggregate")
    LinkTarget.objects.create(issue=issue, number=1, url="https://news.example/a/1/")
    link = f"{django_settings.SITE_URL}/newsletter/c/{hits.click_token(issue.pk, 'a', 1)}/"
    pixel = f"{django_settings.SITE_URL}/newsletter/o/{hits.open_token(issue.pk, 'a')}.gif"
    name = make_mail(html=f'<a href="{link}">x</a><img src="{pixel}" width="1" height="1" alt="">')
    shown = text(desk, f"{LIST}{name}/html/")
    assert "/newsletter/o/" not in shown
    assert '<a href="https://news.example/a/1/">' in shown
