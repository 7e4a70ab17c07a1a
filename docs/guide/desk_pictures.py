"""What the pictures of chapters 14 to 19 show."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode

from playwright.sync_api import Page

from docs.guide.pictures import ALONE, EDITOR, LIST, PREVIEW, PUBLIC_ADDRESS, Studio

LIBRARY = "/admin/images/image/"
FRONT = "/admin/articles/frontslot/"
NOTE = "ذكرت نسخة سابقة من هذه المادة أن الترميم استمر عامين، والصحيح أنه استمر ثلاثة أعوام."
# The form stands beside its preview; a picture of one leaves the other out.
WITHOUT_PREVIEW = """() => {
    document.querySelector("#preview-pane")?.remove();
    document.querySelector(".with-preview")?.classList.remove("with-preview");
}"""
# A browser labels its box for a file in its own language.
ARABIC_FILE_BOX = """() => {
    for (const box of document.querySelectorAll("input[type=file]")) {
        const button = Object.assign(document.createElement("button"), { textContent: "اختيار ملف" });
        box.replaceWith(button);
    }
}"""


def _form(studio: Studio, name: str, pk: int) -> Page:
    page = studio.form(name, pk)
    page.evaluate(WITHOUT_PREVIEW)
    return page


def checklist(studio: Studio) -> None:
    page = _form(studio, "samer", studio.scenes.desk.faulty)
    studio.take(page, "checklist", "#content h1", "#checklist")


def mending(studio: Studio) -> None:
    page = _form(studio, "samer", studio.scenes.desk.faulty)
    page.locator("#checklist [name=_mend][value=all]").click()
    page.locator("#checklist dialog [data-apply]").wait_for()
    studio.keep(page.locator("#checklist dialog").screenshot(animations="disabled"), "mending")


def house_style(studio: Studio) -> None:
    page = studio.page("salma", "/admin/articles/checklevel/", height=1000)
    studio.take(page, "house-style", "#content h1", ".house-style", most=620)


def override(studio: Studio) -> None:
    page = studio.page("salma", f"{LIST}{studio.scenes.desk.faulty}/publish/")
    studio.take(page, "override", "#content h1", "#content-main")


def preview(studio: Studio) -> None:
    page = studio.page("samer", f"{LIST}{studio.scenes.planned}/change/", width=1280, height=1000)
    page.set_viewport_size({"width": 1600, "height": 900})
    page.locator(PREVIEW).wait_for()
    page.frame_locator(PREVIEW).locator("h1").wait_for()
    studio.take(page, "preview", "#content h1", "#preview-pane", most=880)


def shared_preview(studio: Studio) -> None:
    context = studio.browser.new_context(base_url=studio.address, locale="ar", timezone_id="Asia/Damascus")
    page = context.new_page()
    page.set_viewport_size({"width": 760, "height": 1000})
    page.goto(studio.scenes.desk.shared_path)
    studio.take(page, "shared-preview", ".preview-notice", "h1", most=420)
    context.close()


def preview_links(studio: Studio) -> None:
    page = studio.page("samer", f"{LIST}{studio.scenes.desk.named}/links/")
    page.evaluate("""() => {
        for (const box of document.querySelectorAll(".preview-link-address input"))
            box.setAttribute("value", box.value.replace(location.origin, "https://madar.example"));
    }""")
    studio.take(page, "preview-links", "#content h1", "#content-main")


def library(studio: Studio) -> None:
    page = studio.page("samer", LIBRARY)
    studio.take(page, "library", "#content h1", "#content-main", most=760)


def pictures_complete(studio: Studio) -> None:
    page = studio.page("samer", f"{LIBRARY}upload/")
    page.set_input_files("#id_files", [str(path) for path in studio.scenes.desk.uploads])
    page.wait_for_url("**/complete/**")
    studio.take(page, "pictures-complete", "#content h1", ".picture-row")


def focal_point(studio: Studio) -> None:
    page = studio.page("samer", f"{LIBRARY}{studio.scenes.desk.picture}/change/", height=1600)
    page.locator(".focus-crops img").last.wait_for()
    page.set_viewport_size({"width": 1100, "height": 1600})
    studio.take(page, "focal-point", ".focus")


def picking(studio: Studio) -> None:
    page = _form(studio, "samer", studio.scenes.planned)
    page.locator(".field-lead_image button").first.click()
    page.locator("dialog .picture-grid").wait_for()
    page.evaluate(ARABIC_FILE_BOX)
    studio.keep(page.locator("dialog[open]").screenshot(animations="disabled"), "picking")


def names(studio: Studio) -> None:
    page = _form(studio, "samer", studio.scenes.desk.named)
    studio.take(page, "names", "#bylines-group", "[data-line=attributions]")


def tag_question(studio: Studio) -> None:
    page = _form(studio, "samer", studio.scenes.desk.faulty)
    page.fill("#id_tags", "مكتبات، إعادة تدوير")
    page.click(".submit-row input[name=_continue]")
    page.wait_for_selector(".tag-question")
    page.frame_locator(EDITOR).locator("body.cke_editable").wait_for()
    page.evaluate(WITHOUT_PREVIEW)
    studio.take(page, "tag-question", ".field-tags", "#tag-panel")


def related(studio: Studio) -> None:
    page = _form(studio, "samer", studio.scenes.desk.named)
    studio.take(page, "related", "#related")


def change_kind(studio: Studio) -> None:
    page = studio.page("salma", f"{LIST}{studio.scenes.desk.changes}/publish/")
    page.check("[name=kind][value=correction]")
    page.fill("#id_change_note", NOTE)
    page.click("[name=_show]")
    page.wait_for_load_state()
    studio.take(page, "change-kind", "#content h1", ".publishing-moment")


def corrections(studio: Studio) -> None:
    page = studio.page("samer", "/corrections/")
    page.set_viewport_size({"width": 960, "height": 900})
    studio.take(page, "corrections", "main h1", "main .measure.row", most=620)


def front(studio: Studio) -> None:
    page = studio.page("salma", FRONT)
    page.fill("#front-q", "السوق")
    page.click("[data-find]")
    page.wait_for_selector(".front-found li")
    page.locator(".front-found [value^='choose:']").first.click()
    page.wait_for_selector(".front-chosen")
    studio.take(page, "front", "#content h1", "#front-form", most=1000)


def front_later(studio: Studio) -> None:
    evening = datetime.now(UTC) + timedelta(days=1)
    query = urlencode({"at_0": f"{evening:%Y-%m-%d}", "at_1": "18:00", "width": "768"})
    page = studio.page("salma", f"{FRONT}preview/?{query}", height=1200)
    page.frame_locator("iframe").locator("main").wait_for()
    studio.take(page, "front-later", "#content h1", "#content", most=900)


def calendar(studio: Studio) -> None:
    page = studio.page("samer", "/admin/articles/calendar/?view=month", height=1200)
    studio.take(page, "calendar", "#content h1", "#content-main", most=1100)


def calendar_address(studio: Studio) -> None:
    page = studio.page("samer", "/admin/articles/calendar/address/")
    page.set_viewport_size({"width": 960, "height": 900})
    page.evaluate(ALONE)
    page.evaluate(PUBLIC_ADDRESS)
    studio.take(page, "calendar-address", "#content h1", "#content-main")


def production(studio: Studio) -> None:
    page = studio.page("salma", "/admin/articles/production/", height=1600)
    studio.take(page, "production", "#content h1", "#content-main", most=820)


PICTURES: dict[str, Callable[[Studio], None]] = {
    "checklist": checklist,
    "mending": mending,
    "house-style": house_style,
    "override": override,
    "preview": preview,
    "preview-links": preview_links,
    "shared-preview": shared_preview,
    "library": library,
    "focal-point": focal_point,
    "picking": picking,
    "pictures-complete": pictures_complete,
    "names": names,
    "tag-question": tag_question,
    "related": related,
    "change-kind": change_kind,
    "corrections": corrections,
    "front": front,
    "front-later": front_later,
    "calendar": calendar,
    "calendar-address": calendar_address,
    "production": production,
}
