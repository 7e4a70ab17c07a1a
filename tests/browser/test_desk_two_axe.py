"""Every page of the second desk with axe: in a narrow and a wide window, each page loaded once for light and dark."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from accounts.models import User
from accounts.roles import Role
from articles.changes import open_changes, publish_changes
from articles.enums import ChangeKind
from articles.models import Article, AvoidedWord, RelatedChoice
from articles.preview_links import path_of, revoke, share
from articles.revisions import record
from tests.axe import violations
from tests.browser.conftest import DESKTOP, PHONE, OpenPage, Scheme
from tests.browser.test_desk import PASSWORD, READY
from tests.factories import (
    BODY,
    make_article,
    make_author,
    make_image,
    make_page,
    make_section,
    make_site,
    make_source,
    make_tag,
    make_user,
)

FAULTY = BODY.replace("للمشي ومكتبة", "للمشي, ومكتبة")


@pytest.fixture
def chief(transactional_db: None) -> User:
    make_site(name="مدار اليوم")
    make_section("محليات")
    make_page("سياسة التصحيح", slug="corrections")
    return make_user(Role.CHIEF_EDITOR, username="samer", password=PASSWORD, first_name="سامر")


@pytest.fixture
def draft(chief: User) -> Article:
    """With everything in it that a panel of its form has something to say about."""
    article = make_article(
        "افتتاح حديقة المدينة",
        published=False,
        body=FAULTY,
        lead_image=make_image(credit=""),
        authors=(make_author("سلمى عطار"), make_author("Rana Haddad")),
        sources=(make_source(), make_source("Reuters")),
        tags=(make_tag("حدائق"),),
    )
    RelatedChoice.objects.create(article=article, target=make_article("مكتبة صغيرة في الحديقة"), by=chief)
    return recorded(article, by=chief)


def recorded(article: Article, *, by: User) -> Article:
    record(article, by=by)
    article.refresh_from_db()
    return article


def changed(story: Article, kind: ChangeKind, *, by: User) -> Article:
    """The story after readers were told of a change of its headline."""
    copy = open_changes(story, by=by)
    Article.objects.filter(pk=copy.pk).update(headline=f"{copy.headline} اليوم")
    copy = recorded(Article.objects.get(pk=copy.pk), by=by)
    return publish_changes(copy, by=by, kind=kind, note="ذكرنا أولا أن العدد 12، والصحيح 15.")


def signed_in(page: Page) -> Page:
    page.goto("/admin/articles/checklevel/")
    page.fill("#id_username", "samer")
    page.fill("#id_password", PASSWORD)
    page.click("#login-form [type=submit]")
    expect(page.locator("#user-tools")).to_contain_text("سامر")
    return page


def faults(page: Page) -> list[Any]:
    """Of both schemes, and whether the page is wider than its window."""
    found: list[Any] = []
    schemes: tuple[Scheme, ...] = ("light", "dark")
    for scheme in schemes:
        page.emulate_media(color_scheme=scheme)
        page.evaluate("() => Promise.all(document.getAnimations().map((one) => one.finished))")  # links fade
        found += [(scheme, one["id"], [node["html"] for node in one["nodes"]][:3]) for one in violations(page)]
    if page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"):
        found.append("too wide")
    return found


@pytest.mark.parametrize("width", [PHONE, DESKTOP])
def test_the_form_with_all_its_panels(open_page: OpenPage, draft: Article, width: int) -> None:
    page = signed_in(open_page(width))
    page.goto(f"/admin/articles/article/{draft.pk}/change/")
    page.wait_for_function(READY)
    expect(page.locator("#checklist .checklist-mend").first).to_be_visible()
    assert faults(page) == []
    page.locator("#checklist .checklist-mend").first.click()
    expect(page.locator("#checklist dialog .compare-new").first).to_be_visible()
    assert faults(page) == []


def without_scripts(page: Page) -> None:
    """Send the form to the page that mends, as a browser without scripts does."""
    page.wait_for_selector("#checklist .checklist-mend")
    page.evaluate(
        """() => {
          const form = document.getElementById("article_form");
          const button = document.querySelector("#checklist .checklist-mend");
          const field = Object.assign(document.createElement("input"), { type: "hidden", name: "_mend" });
          field.value = button.value;
          form.append(field);
          form.action = button.getAttribute("formaction");
          form.submit();
        }"""
    )
    page.wait_for_url("**/mend/")


@pytest.mark.parametrize("width", [PHONE, DESKTOP])
def test_the_pages_around_an_article(open_page: OpenPage, draft: Article, chief: User, width: int) -> None:
    copy = open_changes(make_article(), by=chief)
    Article.objects.filter(pk=copy.pk).update(headline="افتتاح حديقة أخرى", body=FAULTY)
    word = AvoidedWord.objects.create(word="ضحايا", instead="قتلى", note="نسمّي ما حدث باسمه.")
    link, ended = (share(draft, by=chief, reader=reader) for reader in ("المحامية", "Rana"))
    revoke(ended, by=chief)
    page = signed_in(open_page(width))
    found: dict[str, list[Any]] = {}
    for address in (
        f"article/{draft.pk}/publish/",
        f"article/{copy.pk}/publish/?kind=retraction",
        f"article/{draft.pk}/links/",
        "checklevel/",
        "avoidedword/",
        f"avoidedword/{word.pk}/change/",
        "frontslot/preview/",
    ):
        page.goto(f"/admin/articles/{address}")
        found[address] = faults(page)
    page.goto(f"/admin/articles/article/{draft.pk}/change/")
    without_scripts(page)
    found["mend"] = faults(page)
    for address in (path_of(link), path_of(ended)):
        page.goto(address)
        found[address] = faults(page)
    assert {address: one for address, one in found.items() if one} == {}


@pytest.mark.parametrize("width", [PHONE, DESKTOP])
def test_what_readers_see_of_corrections(open_page: OpenPage, chief: User, width: int) -> None:
    corrected = changed(make_article("عدد الحدائق"), ChangeKind.CORRECTION, by=chief)
    withdrawn = changed(make_article("بيان البلدية"), ChangeKind.RETRACTION, by=chief)
    page = open_page(width)
    found = {}
    for address in ("/corrections/", "/p/corrections/", corrected.get_absolute_url(), withdrawn.get_absolute_url()):
        page.goto(address)
        found[address] = faults(page)
    assert {address: one for address, one in found.items() if one} == {}
