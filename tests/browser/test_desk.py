"""A day at the desk in a real browser: import, edit, publish, and find it on the site."""

from pathlib import Path
from typing import Literal

import pytest
from django.conf import settings
from django.utils import timezone
from playwright.sync_api import Page, expect

from accounts.roles import Role
from articles.models import Article, DroppedLine, RelatedLink, Section
from images.models import Image
from richtext.render import to_text
from tests.axe import violations
from tests.browser.conftest import OpenPage
from tests.factories import (
    make_article,
    make_author,
    make_section,
    make_site,
    make_source,
    make_tag,
    make_user,
)
from tests.images.pictures import picture_file

PASSWORD = "correct horse battery"
SEEDS = sorted((settings.BASE_DIR.parent / "shared" / "seeds").glob("*.txt"))
OURS = settings.BASE_DIR / "fixtures" / "texts" / "01-breadcrumb-caption-newsletter.txt"
READY = "() => window.CKEDITOR && CKEDITOR.instances.id_body && CKEDITOR.instances.id_body.status === 'ready'"


@pytest.fixture
def newsroom(transactional_db: None) -> Section:
    make_site(name="مدار اليوم")
    make_user(Role.EDITOR, username="samer", password=PASSWORD, first_name="سامر")
    return make_section("محليات")


def sign_in(page: Page) -> None:
    page.goto("/admin/")
    page.fill("#id_username", "samer")
    page.fill("#id_password", PASSWORD)
    page.click("#login-form [type=submit]")
    expect(page.locator("#user-tools")).to_contain_text("سامر")


def text_to_import(number: int | None) -> Path:
    if number is None:
        return OURS
    if len(SEEDS) <= number:
        pytest.skip("the two real texts are not on this machine")
    return SEEDS[number]


def import_file(page: Page, file: Path, section: Section) -> Article:
    page.goto("/admin/articles/article/")
    page.click(".object-tools a[href$='/import/']")
    page.set_input_files("#id_uploads", file)
    page.select_option("#id_section", str(section.pk))
    page.click("[name=_preview]")
    expect(page.locator(".import-text")).to_have_count(1)
    assert not Article.objects.exists()
    page.click("[name=_create]")
    page.wait_for_function(READY)
    return Article.objects.get()


@pytest.mark.parametrize("number", [None, 0, 1], ids=["ours", "first seed", "second seed"])
def test_a_raw_text_becomes_a_story_that_readers_find(page: Page, newsroom: Section, number: int | None) -> None:
    file = text_to_import(number)
    sign_in(page)
    article = import_file(page, file, newsroom)
    has_date = page.locator("[name=_accept_date]").count() == 1
    if has_date:
        page.click("[name=_accept_date]")
        page.wait_for_function(READY)
    if page.locator("[name=_accept_headline]").count():
        page.click("[name=_accept_headline]")
        page.wait_for_function(READY)
    page.fill("#id_tags", "مدن، كأس العالم")
    page.check("#id_without_picture")
    page.click("[name=_publish]")
    press_the_button(page)
    article.refresh_from_db()
    assert article.is_published
    is_read_by_everybody(page, article)


def press_the_button(page: Page) -> None:
    """Of the page that publishes."""
    expect(page.locator("#sentence")).to_be_visible()
    page.click(".publishing .submit-row button")
    page.wait_for_selector("[name=_withdraw]")


def is_read_by_everybody(page: Page, article: Article) -> None:
    page.context.clear_cookies()
    page.goto(article.get_absolute_url())
    expect(page.locator("h1")).to_have_text(article.headline)
    for paragraph in to_text(article.body).split("\n\n"):
        expect(page.locator("main")).to_contain_text(paragraph)
    day = timezone.localtime(article.published_at, timezone.get_fixed_timezone(180))
    places = [tag.get_absolute_url() for tag in article.tags.all()]
    places += [source.get_absolute_url() for source in article.sources.all()]
    places += [f"/archive/{day:%Y/%m/%d}/", article.section.get_absolute_url()]
    for place in places:
        page.goto(place)
        expect(page.get_by_role("link", name=article.headline).first).to_be_visible()


def test_a_line_comes_back_with_one_click_and_unsaved_words_stay(page: Page, newsroom: Section) -> None:
    sign_in(page)
    article = import_file(page, OURS, newsroom)
    line = DroppedLine.objects.filter(record__article=article).first()
    assert line is not None
    page.fill("#id_standfirst", "مقدمة لم تُحفظ بعد")
    page.click(f"[name=_restore][value='{line.pk}']")
    page.wait_for_function(READY)
    article.refresh_from_db()
    assert line.text in article.body
    assert article.standfirst == "مقدمة لم تُحفظ بعد"
    expect(page.locator(f"[name=_restore][value='{line.pk}']")).to_have_count(0)


def test_the_enter_key_saves_and_does_nothing_else(page: Page, newsroom: Section) -> None:
    sign_in(page)
    article = import_file(page, OURS, newsroom)
    page.fill("#id_kicker", "ثقافة")
    page.press("#id_kicker", "Enter")
    page.wait_for_selector(".messagelist .success")
    article.refresh_from_db()
    assert (article.kicker, article.publish_at, article.status) == ("ثقافة", None, "draft")
    assert not DroppedLine.objects.filter(restored_at__isnull=False).exists()


def test_the_list_of_articles_fits_its_place(any_page: Page, newsroom: Section) -> None:
    writer = make_user(first_name="عبد الرحمن", last_name="المصطفى")
    section = make_section("اقتصاد وأعمال")
    make_article("افتتاح حديقة عامة جديدة في الحي القديم بعد عام كامل من الترميم", created_by=writer, section=section)
    make_article(published=False)
    sign_in(any_page)
    any_page.goto("/admin/articles/article/")
    hidden = "(box) => box.scrollWidth - box.clientWidth"
    assert any_page.locator("#changelist-form .results").evaluate(hidden) == 0
    assert any_page.locator("html").evaluate(hidden) == 0


# With the sentence before it as many words as a story needs.
REST = (
    "وتمتد الحديقة على مساحة واسعة من الأرض التي كانت مهملة سنوات طويلة، وفيها ملعب للأطفال ومسار للمشي ومقاعد "
    "تحت الأشجار، وتفتح أبوابها كل يوم من الصباح إلى المساء."
)


def test_an_editor_writes_and_publishes(page: Page, newsroom: Section) -> None:
    make_tag("الحدائق العامة")
    sign_in(page)
    page.goto("/admin/articles/article/add/")
    page.wait_for_function(READY)
    page.fill("#id_headline", "افتتاح حديقة عامة في الحي القديم")
    body = page.frame_locator("iframe.cke_wysiwyg_frame").locator("body")
    body.click()
    body.press_sequentially("افتتحت البلدية الحديقة صباح اليوم.")
    body.press("Enter")
    page.keyboard.insert_text(REST)
    page.locator("#id_tags").press_sequentially("الحدا")
    page.locator(".tag-suggestions li").first.wait_for()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.locator("#id_tags")).to_have_value("الحدائق العامة، ")
    page.click("[name=_publish]")
    page.click(".publishing-blocks a[href$='#id_section']")
    page.wait_for_function(READY)
    page.select_option("#id_section", str(newsroom.pk))
    page.check("#id_without_picture")
    page.click("[name=_publish]")
    press_the_button(page)
    article = Article.objects.get()
    assert article.is_published
    assert article.body == f"<p>افتتحت البلدية الحديقة صباح اليوم.</p>\n<p>{REST}</p>"
    assert list(article.tags.names()) == ["الحدائق العامة"]


def test_a_picture_from_the_dialog_stands_in_the_text(page: Page, newsroom: Section, tmp_path: Path) -> None:
    picture = tmp_path / "صورة.jpg"
    picture.write_bytes(picture_file(size=(800, 600)).read())
    article = make_article(published=False)
    sign_in(page)
    page.goto(f"/admin/articles/article/{article.pk}/change/")
    page.wait_for_function(READY)
    page.click(".cke_button__image")
    dialog = page.locator(".cke_dialog:visible")
    dialog.locator(".cke_dialog_tab").last.click()
    dialog.frame_locator("iframe").locator("input[type=file]").set_input_files(picture)
    dialog.locator("a.cke_dialog_ui_fileButton").last.click()
    page.wait_for_function("() => /media/.test(CKEDITOR.dialog.getCurrent().getValueOf('info', 'src'))")
    page.evaluate("() => CKEDITOR.dialog.getCurrent().setValueOf('info', 'alt', 'ممر في حديقة')")
    page.click("a.cke_dialog_ui_button_ok:visible")
    page.click(".submit-row [name=_continue]")
    page.wait_for_function(READY)
    article.refresh_from_db()
    picture_taken_in = Image.objects.get()
    assert picture_taken_in.storage.url(picture_taken_in.file_name) in article.body
    assert 'alt="ممر في حديقة"' in article.body


@pytest.mark.parametrize(("width", "scheme"), [(390, "dark"), (1280, "light")])
def test_the_desk_is_accessible_and_fits(
    open_page: OpenPage, newsroom: Section, width: int, scheme: Literal["light", "dark"]
) -> None:
    article = make_article(published=False, authors=(make_author(),), sources=(make_source(),), tags=("مدن",))
    page = open_page(width, scheme)
    page.goto("/admin/")
    is_accessible(page)
    sign_in(page)
    for address in (
        "",
        "articles/article/",
        f"articles/article/{article.pk}/change/",
        "articles/article/import/",
    ):
        page.goto(f"/admin/{address}")
        if address.endswith("change/"):
            page.wait_for_function(READY)
        is_accessible(page)
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), address


def is_accessible(page: Page) -> None:
    found = violations(page)
    assert [(rule["id"], [node["html"] for node in rule["nodes"]]) for rule in found] == []


@pytest.mark.parametrize("width", [1280, 360])
def test_rows_of_a_story_stand_below_each_other_where_their_columns_do_not_fit(
    page: Page, newsroom: Section, width: int
) -> None:
    target = make_article("حافلات كهربائية تربط الميناء بوسط المدينة كل اثنتي عشرة دقيقة", section=newsroom)
    story = make_article("مسودة", published=False, section=newsroom)
    RelatedLink.objects.create(article=story, target=target)
    sign_in(page)
    page.set_viewport_size({"width": width, "height": 800})
    page.goto(f"/admin/articles/article/{story.pk}/change/")
    page.wait_for_function(READY)
    page.wait_for_selector(".ordered-rows.is-ordered td.field-title[data-column]")
    cut = "[...document.querySelectorAll('.ordered-rows .tabular')].filter((box) => box.scrollWidth > box.clientWidth)"
    assert page.evaluate(f"{cut}.length") == 0
    heading = page.locator("[data-rows=related_links] td.field-title").first
    assert heading.evaluate("(cell) => getComputedStyle(cell, '::before').content") == '"العنوان"'
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert page.locator(".submit-row").evaluate("(row) => row.scrollWidth <= row.clientWidth")
