"""Two editors, two tabs, an expired session, a crash, a killed server: nothing older than ten seconds is lost."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Literal
from urllib.error import URLError
from urllib.request import urlopen

import pytest
from django.conf import settings as site_settings
from django.contrib.sessions.models import Session
from django.utils.translation import gettext, override
from playwright.sync_api import Browser, BrowserContext, Page, expect
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from accounts.models import User
from accounts.roles import Role
from articles.models import Article, Presence, UnsavedText
from articles.revisions import record
from tests.browser.test_desk import PASSWORD, READY, is_accessible
from tests.factories import make_article, make_section, make_site, make_user

EDITOR = "iframe.cke_wysiwyg_frame"
KEPT = ".autosave-status"
OFFER = ".unsaved-text"

Desk = Callable[..., Page]


@pytest.fixture
def sara(transactional_db: None) -> User:
    make_site(name="مدار اليوم")
    make_section("محليات")
    return make_user(Role.EDITOR, username="sara", password=PASSWORD, first_name="سارة")


@pytest.fixture
def samer(sara: User) -> User:
    return make_user(Role.EDITOR, username="samer", password=PASSWORD, first_name="سامر")


@pytest.fixture
def article(sara: User) -> Article:
    article = make_article(
        "افتتاح حديقة", published=False, created_by=sara, body="<p>الفقرة الأولى.</p>\n<p>الفقرة الثانية.</p>"
    )
    record(article, by=sara)
    return article


@pytest.fixture
def new_browser(chromium: Browser, live_server: LiveServer) -> Iterator[Callable[..., BrowserContext]]:
    """A browser of its own: cookies and storage of one person. Pages may meet 401 and 409 here, which they report."""
    contexts: list[BrowserContext] = []

    def new_browser(**options: Any) -> BrowserContext:
        defaults = {"base_url": live_server.url, "locale": "ar", "viewport": {"width": 1280, "height": 800}}
        context = chromium.new_context(**defaults | options)
        context.set_default_timeout(15_000)
        contexts.append(context)
        return context

    yield new_browser
    for context in contexts:
        context.close()


def sign_in(page: Page, name: str) -> None:
    page.context.clear_cookies()
    page.goto("/admin/login/?next=/admin/")
    page.fill("#id_username", name)
    page.fill("#id_password", PASSWORD)
    page.click("#login-form [type=submit]")
    page.wait_for_selector("#user-tools")


def open_form(context: BrowserContext, article: Article, name: str = "") -> Page:
    page = context.new_page()
    if name:
        sign_in(page, name)
    page.goto(f"/admin/articles/article/{article.pk}/change/")
    page.wait_for_function(READY)
    return page


def type_body(page: Page, text: str) -> None:
    """At the end of the text, as one types."""
    page.frame_locator(EDITOR).locator("body").click()
    page.keyboard.press("Control+End")
    page.keyboard.type(text)


def body_of(page: Page) -> str:
    page.wait_for_function(READY)
    text: str = page.evaluate("() => CKEDITOR.instances.id_body.getData()")
    return text


def save(page: Page) -> None:
    page.click(".submit-row [name=_continue]")


def says(page: Page, sentence: str) -> None:
    """The quiet line by the buttons, in the words of the catalogue."""
    with override("ar"):
        words = gettext(sentence).partition("%")[0]
    expect(page.locator(KEPT)).to_contain_text(words, timeout=15_000)


def is_kept(page: Page) -> None:
    says(page, "Your draft is kept (%(time)s)")


def now(article: Article) -> Article:
    return Article.objects.get(pk=article.pk)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_two_editors_save_over_each_other_and_merge(
    new_browser: Callable[..., BrowserContext],
    article: Article,
    samer: User,
    sara: User,
    scheme: Literal["light", "dark"],
) -> None:
    his = open_form(new_browser(color_scheme=scheme), article, "samer")
    hers = open_form(new_browser(), article, "sara")
    hers.fill("#id_headline", "عنوان سارة")
    hers.fill("#id_kicker", "مدن")
    save(hers)
    hers.wait_for_selector(".messagelist .success")
    his.fill("#id_headline", "عنوان سامر")
    type_body(his, " أضافها سامر.")
    save(his)
    his.wait_for_selector(".conflict")
    assert now(article).headline == "عنوان سارة"
    expect(his.locator(".conflict-saves")).to_contain_text("سارة")
    expect(his.locator("#field-headline")).to_be_visible()
    is_accessible(his)
    his.set_viewport_size({"width": 360, "height": 800})
    assert his.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    is_accessible(his)
    his.click("[name=_merge]")
    his.wait_for_selector(".conflict-field.is-undecided")
    his.fill("[name=merged-headline]", "عنوان الاثنين")
    expect(his.locator("[name=pick-headline][value=merged]")).to_be_checked()
    his.click("[name=_merge]")
    his.wait_for_selector(".messagelist .success")
    merged = now(article)
    assert (merged.headline, merged.kicker) == ("عنوان الاثنين", "مدن")
    assert "أضافها سامر." in merged.body
    his.reload()
    his.wait_for_function(READY)
    his.wait_for_timeout(1500)
    expect(his.locator(OFFER)).to_have_count(0)


def test_each_sees_that_the_other_is_there_and_what_is_newer(
    new_browser: Callable[..., BrowserContext], article: Article, samer: User, sara: User
) -> None:
    his = open_form(new_browser(), article, "samer")
    expect(his.locator("#others-here")).to_be_empty()
    his.wait_for_timeout(1500)
    hers = open_form(new_browser(), article, "sara")
    expect(hers.locator("#others-here")).to_contain_text("سامر")
    hers.fill("#id_kicker", "مدن")
    save(hers)
    hers.wait_for_selector(".messagelist .success")
    expect(his.locator("#newer-version")).to_contain_text("سارة", timeout=20_000)
    expect(his.locator("#others-here")).to_contain_text("سارة", timeout=20_000)
    his.goto("/admin/")
    hers.reload()
    expect(hers.locator("#others-here")).to_be_empty()


def test_two_tabs_of_one_person(new_browser: Callable[..., BrowserContext], article: Article, samer: User) -> None:
    context = new_browser()
    one = open_form(context, article, "samer")
    other = open_form(context, article)
    one.fill("#id_headline", "عنوان جديد")
    is_kept(one)
    other.reload()
    other.wait_for_function(READY)
    other.wait_for_timeout(1500)
    expect(other.locator(OFFER)).to_be_hidden()
    save(one)
    one.wait_for_selector(".messagelist .success")
    other.fill("#id_kicker", "ثقافة")
    save(other)
    other.wait_for_selector(".messagelist .success")
    saved = now(article)
    assert (saved.headline, saved.kicker) == ("عنوان جديد", "ثقافة")


def test_the_session_ends_and_the_form_is_saved_after_a_new_sign_in_elsewhere(
    new_browser: Callable[..., BrowserContext], article: Article, samer: User
) -> None:
    context = new_browser()
    page = open_form(context, article, "samer")
    Session.objects.all().delete()
    page.fill("#id_headline", "عنوان سامر")
    says(page, "Your session has ended. Your text is kept in this browser.")
    with context.expect_page() as opened:
        page.click(f"{KEPT} a")
    other = opened.value
    other.fill("#id_username", "samer")
    other.fill("#id_password", PASSWORD)
    other.click("#login-form [type=submit]")
    other.wait_for_selector("#user-tools")
    save(page)
    page.wait_for_selector(".messagelist .success")
    assert now(article).headline == "عنوان سامر"


def test_a_form_sent_while_signed_out_comes_back(
    new_browser: Callable[..., BrowserContext], article: Article, samer: User
) -> None:
    context = new_browser()
    page = open_form(context, article, "samer")
    page.fill("#id_headline", "عنوان سامر")
    other = context.new_page()
    other.goto("/admin/")
    other.click("#logout-form button")
    save(page)
    expect(page.locator("#kept-headline")).to_have_value("عنوان سامر")
    is_accessible(page)
    sign_in(other, "samer")
    page.click(".kept-again [type=submit]")  # the token was renewed with the sign-in: conflict.js takes the new one
    page.wait_for_selector(".messagelist .success")
    assert now(article).headline == "عنوان سامر"


def test_a_tab_that_crashed_is_offered_back(
    new_browser: Callable[..., BrowserContext], article: Article, samer: User
) -> None:
    context = new_browser()
    page = open_form(context, article, "samer")
    page.fill("#id_headline", "عنوان سامر")
    type_body(page, " جملة لم تُحفظ.")
    is_kept(page)
    page.close(run_before_unload=False)
    page = open_form(context, article)
    page.wait_for_selector(OFFER)
    is_accessible(page)
    page.click("[name=_bring_back]")
    page.wait_for_selector(".messagelist .warning")
    expect(page.locator("#id_headline")).to_have_value("عنوان سامر")
    assert "جملة لم تُحفظ." in body_of(page)
    save(page)
    page.wait_for_selector(".messagelist .success")
    assert "جملة لم تُحفظ." in now(article).body
    page.reload()
    page.wait_for_function(READY)
    page.wait_for_timeout(1500)
    expect(page.locator(OFFER)).to_have_count(0)
    assert not UnsavedText.objects.exists()


def test_words_typed_without_a_connection_come_from_this_browser_and_to_nobody_else(
    new_browser: Callable[..., BrowserContext], article: Article, samer: User, sara: User
) -> None:
    context = new_browser()
    page = open_form(context, article, "samer")
    context.set_offline(True)
    page.fill("#id_headline", "كُتب بلا اتصال")
    says(page, "No connection: your text is kept in this browser")
    page.close(run_before_unload=False)
    context.set_offline(False)
    assert not UnsavedText.objects.exists()
    other = open_form(context, article, "sara")
    other.wait_for_timeout(2000)
    expect(other.locator(OFFER)).to_have_count(0)
    assert not UnsavedText.objects.exists()
    page = open_form(context, article, "samer")
    page.wait_for_selector(OFFER)
    page.click("[name=_bring_back]")
    expect(page.locator("#id_headline")).to_have_value("كُتب بلا اتصال")


def test_a_form_left_alone_alarms_nobody(
    new_browser: Callable[..., BrowserContext], article: Article, samer: User
) -> None:
    context = new_browser()
    page = open_form(context, article, "samer")
    page.wait_for_timeout(3500)
    assert (
        page.evaluate("() => Object.keys(localStorage).filter((key) => key.startsWith('newsroom-unsaved')).length") == 0
    )
    page.reload()
    page.wait_for_function(READY)
    page.fill("#id_kicker", "ثقافة")
    save(page)
    page.wait_for_selector(".messagelist .success")
    page.wait_for_function(READY)
    page.go_back()
    page.wait_for_function(READY)
    expect(page.locator("#id_kicker")).to_have_value("ثقافة")
    page.wait_for_timeout(3500)
    expect(page.locator(OFFER)).to_have_count(0)
    save(page)
    page.wait_for_selector(".messagelist .success")
    assert not UnsavedText.objects.exists()
    page.wait_for_function("() => !Object.keys(localStorage).some((key) => key.startsWith('newsroom-unsaved'))")


def test_going_back_never_puts_an_old_text_over_a_newer_one(
    new_browser: Callable[..., BrowserContext], article: Article, samer: User, sara: User
) -> None:
    page = open_form(new_browser(), article, "samer")
    page.fill("#id_headline", "عنوان سامر")
    page.fill("#id_standfirst", "مقدمة سامر")
    page.wait_for_timeout(1200)
    page.goto("/admin/")
    Article.objects.filter(pk=article.pk).update(headline="عنوان سارة")
    record(now(article), by=sara)
    page.go_back()
    page.wait_for_function(READY)
    page.wait_for_selector(OFFER)
    expect(page.locator("#id_headline")).to_have_value("عنوان سارة")
    expect(page.locator("#id_standfirst")).to_have_value("")
    page.click("[name=_bring_back]")
    page.wait_for_selector(".conflict")


def test_everything_but_autosave_works_without_javascript(
    new_browser: Callable[..., BrowserContext], article: Article, samer: User, sara: User, settings: Settings
) -> None:
    settings.EDITOR = "plain"
    page = new_browser(java_script_enabled=False).new_page()
    sign_in(page, "samer")
    page.goto(f"/admin/articles/article/{article.pk}/change/")
    Article.objects.filter(pk=article.pk).update(headline="عنوان سارة")
    record(now(article), by=sara)
    page.fill("#id_headline", "عنوان سامر")
    page.fill("#id_body", "<p>الفقرة الأولى.</p>\n<p>فقرة سامر.</p>")
    save(page)
    page.check("[name=pick-headline][value=mine]")
    page.click("[name=_review]")
    expect(page.locator("#id_body")).to_contain_text("فقرة سامر.")
    page.goto(f"/admin/articles/article/{article.pk}/change/")
    page.click("[name=_bring_back]")
    page.check("[name=pick-headline][value=mine]")
    page.click("[name=_merge]")
    page.wait_for_selector(".messagelist .success")
    saved = now(article)
    assert (saved.headline, saved.body) == ("عنوان سامر", "<p>الفقرة الأولى.</p>\n<p>فقرة سامر.</p>")
    page.goto(f"/admin/articles/article/{article.pk}/change/")
    expect(page.locator(OFFER)).to_have_count(0)


def test_the_page_warns_only_when_the_words_are_kept_nowhere(
    new_browser: Callable[..., BrowserContext], article: Article, samer: User
) -> None:
    context = new_browser()
    page = open_form(context, article, "samer")
    warnings: list[str] = []
    page.on("dialog", lambda dialog: (warnings.append(dialog.type), dialog.accept()))
    page.fill("#id_kicker", "ثقافة")
    page.goto("/admin/")
    assert warnings == []
    page = open_form(context, article)
    page.on("dialog", lambda dialog: (warnings.append(dialog.type), dialog.accept()))
    page.evaluate("() => { Storage.prototype.setItem = () => { throw new Error('full') }; }")
    page.route("**/autosave/", lambda route: route.abort())
    page.fill("#id_kicker", "رياضة")
    page.wait_for_timeout(1200)
    page.goto("/admin/")
    assert warnings == ["beforeunload"]


def test_presence_ends_when_the_page_is_left(
    new_browser: Callable[..., BrowserContext], article: Article, samer: User, sara: User
) -> None:
    page = open_form(new_browser(), article, "samer")
    page.wait_for_timeout(1500)
    assert Presence.objects.filter(user=samer).exists()
    page.goto("/admin/")
    other = open_form(new_browser(), article, "sara")
    expect(other.locator("#others-here")).to_be_empty()


# A server that is killed


class Server:
    """The site as a process of its own, on SQLite, so that it can be killed."""

    def __init__(self, folder: Path) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self.environment = {
            name: value for name, value in os.environ.items() if name not in {"DJANGO_SETTINGS_MODULE", "DATABASE_URL"}
        } | {"DEBUG": "1", "DATA_DIR": str(folder), "SITE_URL": self.url}
        self.run("migrate", "-v", "0")
        self.run("shell", "-v", "0", "-c", PREPARED)
        self.process: subprocess.Popen[bytes] | None = None

    def run(self, *arguments: str) -> None:
        subprocess.run(self.command(*arguments), env=self.environment, check=True, cwd=site_settings.BASE_DIR)

    def command(self, *arguments: str) -> list[str]:
        return [sys.executable, "manage.py", *arguments]

    def start(self) -> None:
        self.process = subprocess.Popen(
            self.command("runserver", "--noreload", f"127.0.0.1:{self.port}"),
            env=self.environment,
            cwd=site_settings.BASE_DIR,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        for _attempt in range(200):
            try:
                urlopen(f"{self.url}/livez", timeout=5).close()
            except URLError:
                time.sleep(0.1)
            else:
                return
        raise TimeoutError

    def kill(self) -> None:
        if self.process:
            self.process.send_signal(signal.SIGKILL)
            self.process.wait()
            self.process = None


PREPARED = f"""
from accounts.models import User
from articles.models import Article
from articles.revisions import record
user = User.objects.create_superuser("samer", password="{PASSWORD}")
record(Article.objects.create(headline="عنوان", body="<p>نص.</p>", created_by=user), by=user)
"""


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    server = Server(tmp_path)
    server.start()
    yield server
    server.kill()


def test_a_server_killed_in_the_middle_of_a_save_loses_nothing(
    new_browser: Callable[..., BrowserContext], server: Server
) -> None:
    context = new_browser(base_url=server.url)
    page = context.new_page()
    sign_in(page, "samer")
    page.goto("/admin/articles/article/1/change/")
    page.wait_for_function(READY)
    page.fill("#id_headline", "عنوان قبل الانقطاع")
    type_body(page, " كُتب قبل الانقطاع.")
    is_kept(page)
    page.fill("#id_kicker", "بعد الحفظ التلقائي")
    page.wait_for_timeout(1200)

    def kill(route: Any) -> None:
        server.kill()
        route.abort()

    page.route("**/change/", kill)
    save(page)
    page.wait_for_url("chrome-error://**")
    page.close()
    server.start()
    page = context.new_page()
    page.goto("/admin/articles/article/1/change/")
    page.wait_for_selector(OFFER)
    page.click("[name=_bring_back]")
    page.wait_for_selector(".messagelist .warning")
    expect(page.locator("#id_headline")).to_have_value("عنوان قبل الانقطاع")
    expect(page.locator("#id_kicker")).to_have_value("بعد الحفظ التلقائي")
    assert "كُتب قبل الانقطاع." in body_of(page)
    save(page)
    page.wait_for_selector(".messagelist .success")
    page.reload()
    page.wait_for_function(READY)
    expect(page.locator("#id_headline")).to_have_value("عنوان قبل الانقطاع")
    page.wait_for_timeout(1500)
    expect(page.locator(OFFER)).to_have_count(0)
