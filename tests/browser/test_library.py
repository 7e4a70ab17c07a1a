"""The picture library in a real browser: from several files that are dropped to a picture that readers see."""

import base64
from typing import Any

import pytest
from django.urls import reverse
from django.utils.translation import gettext, override
from playwright.sync_api import Page, expect

from accounts.models import User
from accounts.roles import Role
from articles.models import Article
from articles.publishing import publish
from images.models import Image
from images.storing import take_in
from tests.axe import violations
from tests.browser.conftest import OpenPage
from tests.browser.test_desk import READY
from tests.factories import make_article, make_image, make_section, make_site, make_source, make_user
from tests.images.test_admin_uploading import scene_file

PASSWORD = "correct horse battery"
DROP = """([selector, files]) => {
  const data = new DataTransfer();
  for (const [name, raw] of files) {
    const bytes = Uint8Array.from(atob(raw), (letter) => letter.charCodeAt(0));
    data.items.add(new File([bytes], name, { type: "image/jpeg" }));
  }
  const event = new DragEvent("drop", { dataTransfer: data, bubbles: true, cancelable: true });
  document.querySelector(selector).dispatchEvent(event);
}"""


@pytest.fixture
def editor(transactional_db: None) -> User:
    make_site(name="مدار اليوم")
    make_section("محليات")
    return make_user(Role.EDITOR, username="samer", password=PASSWORD, first_name="سامر")


def sign_in(page: Page) -> None:
    page.goto("/admin/")
    page.fill("#id_username", "samer")
    page.fill("#id_password", PASSWORD)
    page.click("#login-form [type=submit]")
    expect(page.locator("#user-tools")).to_contain_text("سامر")


def drop(page: Page, selector: str, files: dict[str, bytes]) -> None:
    """What a browser tells a page when files are let go over a part of it."""
    page.evaluate(DROP, [selector, [[name, base64.b64encode(raw).decode()] for name, raw in files.items()]])


def labelled(message: str) -> str:
    with override("ar"):
        return gettext(message)


def test_from_dropped_files_to_a_published_page(page: Page, editor: User, run_tasks: Any) -> None:
    known = take_in(scene_file("known.jpg"), by=None, alt_text="المرفأ عند الفجر", credit="مدار اليوم")
    sign_in(page)
    picture = upload_and_complete(page, known, run_tasks)
    set_focal_point(page, picture)
    article = make_article("إبحار أول سفينة هذا الموسم", published=False, created_by=editor, sources=(make_source(),))
    insert_into_text(page, article)
    choose_lead_picture(page, article, picture)
    # A form that is still open would keep its text for a story that is published by then, and be refused.
    page.goto(reverse("admin:index"))
    publish(article, by=editor)
    page.goto(article.get_absolute_url())
    figure = page.locator(".article-body figure")
    expect(figure.locator("img")).to_have_attribute("alt", "سفينة تغادر المرفأ")
    expect(figure.locator("figcaption")).to_contain_text("أول سفينة هذا الموسم")
    assert figure.locator("figcaption").inner_text().count("سلمى عطار") == 1


def upload_and_complete(page: Page, known: Image, run_tasks: Any) -> Image:
    """Three files: one is in the library, one looks like it, one is new."""
    page.goto(reverse("admin:images_image_upload"))
    files = {
        "مرفأ.jpg": scene_file("new.jpg", mirrored=True).read(),
        "again.jpg": scene_file("known.jpg").read(),
        "smaller.jpg": scene_file("near.jpg", light=4, quality=60).read(),
    }
    drop(page, ".picture-drop", files)
    page.wait_for_url("**/complete/**")
    expect(page.locator(".picture-there-list a")).to_have_text("المرفأ عند الفجر")
    near = page.locator(".picture-row", has=page.locator(".picture-near"))
    near.get_by_label(labelled("Use this one; the new one is thrown away")).check()
    new = page.locator(".picture-row", has_not=page.locator(".picture-near"))
    new.locator(".field-alt_text textarea").fill("سفينة تغادر المرفأ")
    new.locator(".field-credit input[type=text]").fill("سلمى عطار")
    page.get_by_role("button", name=labelled("Save the data")).click()
    page.wait_for_url("**/images/image/")
    expect(page.locator(".picture-tile")).to_have_count(2)
    run_tasks()
    return Image.objects.exclude(pk=known.pk).get()


def set_focal_point(page: Page, picture: Image) -> None:
    page.goto(reverse("admin:images_image_change", args=[picture.pk]))
    shown = page.locator(".focus-picture img")
    size = shown.bounding_box()
    assert size
    shown.click(position={"x": size["width"] * 0.6, "y": size["height"] * 0.75})
    expect(page.locator("#id_focal_x")).to_have_value("0.60")
    expect(page.locator("#id_focal_y")).to_have_value("0.75")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Shift+ArrowUp")
    expect(page.locator("#id_focal_x")).to_have_value("0.61")
    expect(page.locator("#id_focal_y")).to_have_value("0.65")
    cut = page.locator("[data-shape='1:1'] img").evaluate("(image) => image.style.objectPosition")
    assert cut == "94% 50%"
    page.locator("[name=_continue]").click()
    page.wait_for_load_state()
    picture.refresh_from_db()
    assert picture.focus == "61-65"
    assert picture.crops["1x1"]["focus"] == "61-65"


def insert_into_text(page: Page, article: Article) -> None:
    page.goto(reverse("admin:articles_article_change", args=[article.pk]))
    page.wait_for_function(READY)
    page.locator(".cke_button__picturelibrary").click()
    page.locator("#pick_q").fill("سفينه")
    page.keyboard.press("Enter")
    expect(page.locator(".pick-grid li")).to_have_count(1)
    page.locator(".pick-grid button").click()
    page.locator("#use_caption").fill("أول سفينة هذا الموسم")
    page.get_by_role("button", name=labelled("Put it into the text")).click()
    inside = page.frame_locator("iframe.cke_wysiwyg_frame").locator("figure.image")
    expect(inside.locator("figcaption")).to_have_text("أول سفينة هذا الموسم")
    page.locator(".submit-row [name=_continue]").first.click()
    page.wait_for_load_state()
    article.refresh_from_db()
    assert article.body.count("<figure") == 1
    assert article.picture_uses.count() == 1


def choose_lead_picture(page: Page, article: Article, picture: Image) -> None:
    page.goto(reverse("admin:articles_article_change", args=[article.pk]))
    page.wait_for_function(READY)
    page.locator(".field-lead_image .picture-open").click()
    page.locator(".pick-grid button", has_text="سفينة تغادر المرفأ").click()
    page.get_by_role("button", name=labelled("Use this picture")).click()
    expect(page.locator(".picture-chosen .crop-frame")).to_have_count(3)
    if page.locator("#id_without_picture").count():
        page.locator("#id_without_picture").uncheck()
    page.locator(".submit-row [name=_continue]").first.click()
    page.wait_for_load_state()
    article.refresh_from_db()
    assert article.lead_image == picture


def test_a_picture_that_is_dropped_into_the_text_is_asked_for_its_words(page: Page, editor: User) -> None:
    sign_in(page)
    page.goto(reverse("admin:articles_article_add"))
    page.wait_for_function(READY)
    raw = base64.b64encode(scene_file("a.jpg").read()).decode()
    page.evaluate(
        """(raw) => {
          const editor = CKEDITOR.instances.id_body;
          const bytes = Uint8Array.from(atob(raw), (letter) => letter.charCodeAt(0));
          const file = new File([bytes], "a.jpg", { type: "image/jpeg" });
          const transfer = new CKEDITOR.plugins.clipboard.dataTransfer();
          transfer._.files.push(file);
          editor.focus();
          editor.fire("paste", { type: "auto", method: "drop", dataValue: "", dataTransfer: transfer });
        }""",
        raw,
    )
    page.locator("#use_alt_text").fill("حقول من الضوء والظل")
    page.locator("#use_credit").fill("سلمى عطار")
    page.get_by_role("button", name=labelled("Put it into the text")).click()
    inside = page.frame_locator("iframe.cke_wysiwyg_frame").locator("figure img")
    expect(inside).to_have_attribute("alt", "حقول من الضوء والظل")
    body = page.evaluate("() => CKEDITOR.instances.id_body.getData()")
    assert body.count("<img") == 1
    assert Image.objects.get().alt_text == "حقول من الضوء والظل"


def test_several_files_go_without_the_script(open_page: OpenPage, editor: User) -> None:
    page = open_page(javascript=False)
    sign_in(page)
    page.goto(reverse("admin:images_image_upload"))
    files = [scene_file("a.jpg"), scene_file("b.jpg", mirrored=True)]
    page.locator("#id_files").set_input_files(
        [{"name": file.name, "mimeType": "image/jpeg", "buffer": file.read()} for file in files]
        + [{"name": "notes.jpg", "mimeType": "image/jpeg", "buffer": b"no picture"}]
    )
    page.locator(".picture-send button").click()
    expect(page.locator(".picture-row")).to_have_count(2)
    expect(page.locator(".messagelist .error")).to_contain_text("notes.jpg")
    assert Image.objects.count() == 2


@pytest.mark.parametrize("address", ["", "upload/", "complete/", "one", "pick"])
def test_the_pages_fit_and_axe_is_content(any_page: Page, editor: User, address: str) -> None:
    image, near = (take_in(scene_file("a.jpg", light=light), by=editor, alt_text="") for light in (0, 4))
    make_article(lead_image=make_image())
    sign_in(any_page)
    if address == "pick":
        any_page.goto(reverse("admin:articles_article_add"))
        any_page.locator(".field-lead_image .picture-open").click()
        any_page.locator(".pick-grid button").nth(1).click()
        expect(any_page.locator(".use-near")).to_be_visible()
    else:
        where = {"complete/": f"complete/?pictures={image.pk},{near.pk}", "one": f"{image.pk}/change/"}
        any_page.goto("/admin/images/image/" + where.get(address, address))
    assert violations(any_page) == []
    assert any_page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
