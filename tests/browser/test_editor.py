"""The editor in the admin: it works, speaks Arabic, keeps to the schema and uploads with the token."""

from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils.translation import gettext, override
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from images.models import Image
from images.refusals import unreadable
from richtext.sanitise import sanitise
from tests.images.pictures import picture_file

ADD_ARTICLE = "admin:articles_article_add"
READY = "() => window.CKEDITOR && CKEDITOR.instances.id_body && CKEDITOR.instances.id_body.status === 'ready'"
UPLOAD = """async ([name, bytes]) => {
  const editor = CKEDITOR.instances.id_body;
  const loader = editor.uploadRepository.create(new File([new Uint8Array(bytes)], name));
  const ended = new Promise((resolve) => {
    for (const state of ["uploaded", "error"]) loader.on(state, () => resolve(state));
  });
  loader.loadAndUpload(editor.config.imageUploadUrl);
  const state = await ended;
  return [state, loader.url || loader.message];
}"""

ROUND_TRIP = """(html) => {
  CKEDITOR.instances.id_body.setData(html);
  return CKEDITOR.instances.id_body.getData();
}"""


@pytest.fixture
def desk(page: Page, admin_client: Client, live_server: LiveServer) -> Page:
    """The page for a new article, signed in as administrator, with the editor ready."""
    return at_desk(page, admin_client, live_server)


def at_desk(page: Page, admin_client: Client, live_server: LiveServer) -> Page:
    session = admin_client.cookies[settings.SESSION_COOKIE_NAME].value
    cookie = {"name": settings.SESSION_COOKIE_NAME, "value": session, "url": live_server.url}
    page.context.add_cookies([cookie])
    page.goto(live_server.url + reverse(ADD_ARTICLE))
    page.wait_for_function(READY)
    return page


def kept(desk: Page, html: str) -> str:
    """What the editor gives back for some HTML, in the form in which it is stored."""
    return sanitise(desk.evaluate(ROUND_TRIP, html))


def test_the_editor_is_arabic(desk: Page) -> None:
    assert desk.evaluate("() => CKEDITOR.instances.id_body.langCode") == "ar"
    inside = desk.frame_locator("iframe.cke_wysiwyg_frame").locator("body")
    expect(inside).to_have_css("direction", "rtl")
    desk.locator(".cke_button__image").click()
    with override("ar"):
        expect(desk.get_by_label(gettext("Alternative text"))).to_be_visible()


def test_what_the_schema_names_goes_through_the_editor_unchanged(desk: Page) -> None:
    body = sanitise(
        """
        <h2>عنوان</h2><p>نص <strong>مهم</strong> و<a href="https://example.org/">رابط</a></p>
        <ul><li>بند<ul><li>فرعي</li></ul></li></ul><ol start="3"><li>بند</li></ol>
        <blockquote><p>قول</p></blockquote><p class="caption">شرح</p><p dir="ltr">left</p><hr>
        <table><caption>جدول</caption><tr><th scope="col">أ</th><td colspan="2">١</td></tr></table>
        <figure class="image"><img alt="وصف" src="/static/img/icon.svg"><figcaption>شرح</figcaption></figure>
        """
    )
    assert kept(desk, body) == body


def test_what_the_schema_does_not_name_is_gone_in_the_editor(desk: Page) -> None:
    filtered = desk.evaluate(
        "() => ['script', 'style', 'iframe', 'p{color}', 'img[onerror]', 'a[onclick]', 'span(x)', 'h1']"
        ".filter((rule) => CKEDITOR.instances.id_body.filter.check(rule))"
    )
    assert filtered == []


def test_a_picture_is_uploaded_with_the_token_of_the_form(desk: Page) -> None:
    raw = picture_file(size=(800, 600)).read()
    state, url = desk.evaluate(UPLOAD, ["صورة.jpg", list(raw)])
    assert state == "uploaded"
    assert url == Image.objects.get().url(1440)
    assert Path(settings.MEDIA_ROOT, url.removeprefix("/media/")).is_file()


def test_a_refusal_says_why(chromium: Browser, admin_client: Client, live_server: LiveServer) -> None:
    # In a page of its own: Chromium reports every 400 in the console, which the fixture `page` forbids.
    with chromium.new_context(locale="ar") as context:
        desk = at_desk(context.new_page(), admin_client, live_server)
        state, message = desk.evaluate(UPLOAD, ["a.jpg", [1, 2, 3]])
        with override("ar"):
            assert (state, message) == ("error", unreadable().message)
        desk.route("**/upload/", lambda route: route.fulfill(status=413, body="<html>too large</html>"))
        assert "413" in desk.evaluate(UPLOAD, ["a.jpg", [1, 2, 3]])[1]
    assert not Image.objects.exists()
