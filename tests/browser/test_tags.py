"""Tags and related articles at the desk, and what readers see of them, in a real browser."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from accounts.models import User
from accounts.roles import Role
from articles.models import Article, Tag, TagAlias
from tests.browser.conftest import OpenPage, Scheme
from tests.browser.test_desk import PASSWORD, READY, is_accessible
from tests.browser.test_workflow import WIDTHS, form_of, sign_in
from tests.factories import make_article, make_indexed, make_section, make_site, make_tag, make_user


@pytest.fixture
def chief(transactional_db: None) -> User:
    make_site(name="مدار اليوم", months="levant")
    make_section("محليات")
    return make_user(Role.CHIEF_EDITOR, username="sara", password=PASSWORD, first_name="سارة")


@pytest.fixture
def draft(chief: User) -> Article:
    """With tags to propose, another to confuse them with, and stories beside it."""
    for name in ("الزيتون", "معاصر الزيت", "كأس العالم"):
        make_tag(name)
    TagAlias.objects.create(tag=make_tag("سوريا"), name="سورية")
    for number, headline in enumerate(("معصرة جديدة", "أسعار الزيت ترتفع", "قطاف مبكر")):
        make_indexed(headline, tags=("الزيتون",), at=timezone.now() - timedelta(days=number + 1))
    return make_article("موسم الزيتون", published=False, created_by=chief, tags=("الزيتون",))


def open_form(page: Page, user: User, article: Article) -> None:
    sign_in(page, user)
    page.goto(form_of(article))
    page.wait_for_function(READY)


def test_a_tag_that_the_unsaved_text_names_is_added_by_a_click(page: Page, chief: User, draft: Article) -> None:
    open_form(page, chief, draft)
    page.fill("#id_headline", "سورية تنتظر موسم معاصر الزيت")
    chip = page.locator("#tag-chips button[value='سوريا']")
    expect(chip).to_be_visible()
    chip.click()
    expect(page.locator("#id_tags")).to_have_value("الزيتون، سوريا، ")
    page.click(".submit-row [name=_continue]")
    page.wait_for_load_state()
    assert sorted(draft.tags.names()) == ["الزيتون", "سوريا"]


def test_a_tag_is_found_by_its_other_name_while_it_is_typed(page: Page, chief: User, draft: Article) -> None:
    open_form(page, chief, draft)
    page.fill("#id_tags", "")
    page.locator("#id_tags").press_sequentially("سوريه")
    option = page.locator(".tag-suggestions [role=option]").first
    expect(option).to_contain_text("سوريا")
    expect(option).to_contain_text("سورية")
    option.click()
    assert page.input_value("#id_tags") == "سوريا، "


@pytest.mark.parametrize("has_scripts", [True, False], ids=["with scripts", "without"])
def test_a_tag_like_another_is_asked_about(open_page: OpenPage, chief: User, draft: Article, has_scripts: bool) -> None:
    page = open_page(javascript=has_scripts)
    sign_in(page, chief)
    page.goto(form_of(draft))
    page.fill("#id_tags", "الزيتون، كاس العالمم")
    page.fill("#id_headline", "عنوان جديد")
    page.click(".submit-row [name=_continue]")
    question = page.locator(".tag-question")
    expect(question).to_contain_text("كأس العالم")
    draft.refresh_from_db()
    assert draft.headline == "عنوان جديد"
    page.click(".submit-row [name=_continue]")
    expect(question).to_have_count(0)
    assert sorted(draft.tags.names()) == ["الزيتون", "كأس العالم"]
    assert Tag.objects.count() == 4


def test_two_tags_are_merged_and_the_old_page_leads_to_the_new_one(page: Page, chief: User, draft: Article) -> None:
    old = make_tag("المونديال")
    story = make_article("قرعة البطولة", tags=(old,))
    address = old.get_absolute_url()
    sign_in(page, chief)
    page.goto(f"/admin/articles/tag/{old.pk}/merge/")
    page.fill("#id_into", "كأس العالم")
    page.press("#id_into", "Enter")
    page.locator("form[method=post] .submit-row [type=submit]").click()
    page.wait_for_url("**/change/")
    page.goto(address)
    expect(page.locator("h1")).to_contain_text("كأس العالم")
    expect(page.locator("main")).to_contain_text(story.headline)


def test_a_related_story_is_pinned_and_stands_first_on_the_page(page: Page, chief: User, draft: Article) -> None:
    story = make_indexed("حصاد الموسم", tags=("الزيتون",))
    last = Article.objects.get(headline="قطاف مبكر")
    sign_in(page, chief)
    page.goto(form_of(story))
    page.click(f"#related button[name=_pin][value='{last.pk}']")
    expect(page.locator(".related-pinned li")).to_have_count(1)
    page.goto(story.get_absolute_url())
    expect(page.locator("section[aria-labelledby=related] .card-title").first).to_have_text("قطاف مبكر")


def test_read_also_gets_a_row_of_its_own(page: Page, chief: User, draft: Article) -> None:
    open_form(page, chief, draft)
    button = page.locator("#related [data-read-also]").first
    key = button.get_attribute("data-read-also")
    button.click()
    page.click(".submit-row [name=_continue]")
    page.wait_for_load_state()
    assert str(draft.related_links.get().target_id) == key


@pytest.mark.parametrize(("width", "scheme"), WIDTHS)
def test_pages_are_accessible(open_page: OpenPage, chief: User, draft: Article, width: int, scheme: Scheme) -> None:
    page = open_page(width, scheme)
    make_tag("كأس العالمم")
    sign_in(page, chief)
    page.goto(form_of(draft))
    page.fill("#id_tags", "معاصر الزييت")
    page.click(".submit-row [name=_continue]")
    expect(page.locator(".tag-question")).to_have_count(1)
    is_accessible(page)
    tag = Tag.objects.get(name="كأس العالم")
    for path in ("similar/", f"{tag.pk}/merge/", f"{tag.pk}/merge/?into=سوريا"):
        page.goto(f"/admin/articles/tag/{path}")
        assert page.locator("h1").count() == 1
        is_accessible(page)
