"""What each picture of the guide shows, and how one comes there as an editor."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Page

if TYPE_CHECKING:
    from docs.guide.scenes import Scenes

DESKTOP, PHONE = 1280, 360
COLOURS = 128
LARGEST = 120_000  # bytes
MARGIN = 14
PATIENCE = 15_000  # milliseconds
EDITOR = "iframe.cke_wysiwyg_frame"
PREVIEW = ".preview-box iframe:not(.is-loading)"
LIST = "/admin/articles/article/"
BROWSERS = {
    DESKTOP: "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36",
    PHONE: "Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Mobile Safari/537",
}
# A browser draws its own boxes for days and hours in its own language, and this one has perhaps no Arabic.
ARABIC_BOXES = """() => {
    for (const box of document.querySelectorAll("input[type=date], input[type=time]")) {
        const isDay = box.type === "date";
        const value = isDay ? box.value.split("-").reverse().join("/") : box.value;
        Object.assign(box, { type: "text", value, placeholder: isDay ? "يوم/شهر/سنة" : "--:--" });
    }
}"""
# Messages reach behind the bar at the side.
ALONE = """() => {
    const bars = document.querySelectorAll("#header, #nav-sidebar, #toggle-nav-sidebar, .breadcrumbs");
    for (const bar of bars) bar.remove();
}"""
# What the server of the pictures is called is nothing to remember.
PUBLIC_ADDRESS = """() => {
    for (const box of document.querySelectorAll(".secret-address"))
        box.textContent = box.textContent.replace(location.origin, "https://madar.example");
}"""
PASTED = """الوضع المظلم
السبت ٢١ / نوفمبر / ٢٠٢٦
Logo
افتتاح مكتبة الحي بعد توسعتها
قاعة القراءة الجديدة

فتحت مكتبة الحي أبوابها صباح السبت أمام القراء بعد توسعة استمرت عامًا كاملًا، وأضافت قاعة للأطفال.

اقرأ أيضًا: مكتبة متنقلة تصل إلى القرى الجبلية كل خميس

وقالت مديرة المكتبة إن عدد المشتركين تضاعف خلال الشهر الأول، وإن الساعات ستمتد حتى المساء.

وكالة الساحل للأنباء_ مدار اليوم

النشرة الإخبارية
اشترك في قائمتنا البريدية للحصول على التحديثات الجديدة!
"""

# As it comes out of other programs: a change of direction, a decorative tatweel, drawn and Persian letters, no width.
UNCLEAN = {
    "#id_headline": "افتتاح مكتبة الحـــي بعد توسعتها\u202e",
    "#id_standfirst": "قاعة جديدة للأطفال \ufed3\ufef2 المكتبة، وساعات أطول من \u06ccوم السبت.",
}
UNCLEAN_BODY = "<p>فتحت مكتبة الحي أبوابها صب\u200bاح السبت أمام القراء بعد توسعة استمرت عامًا كاملًا.</p>"


@dataclass
class Studio:
    """One browser, in which every member of staff has a window of each width."""

    browser: Browser
    address: str
    scenes: "Scenes"
    folder: Path
    contexts: dict[tuple[str, int], BrowserContext] = field(default_factory=dict)

    def page(self, name: str, path: str, *, width: int = DESKTOP, height: int = 1000) -> Page:
        """A new tab of this member of staff, who signs in the first time."""
        if (name, width) not in self.contexts:
            self.contexts[name, width] = self.sign_in(name, width)
        page = self.contexts[name, width].new_page()
        page.set_viewport_size({"width": width, "height": height})
        page.goto(path)
        return page

    def sign_in(self, name: str, width: int) -> BrowserContext:
        context = self.browser.new_context(
            base_url=self.address,
            locale="ar",
            timezone_id="Asia/Damascus",
            user_agent=BROWSERS[width],
            viewport={"width": width, "height": 800},
        )
        context.set_default_timeout(PATIENCE)
        page = context.new_page()
        page.goto("/admin/login/?next=/admin/")
        page.fill("#id_username", name)
        page.fill("#id_password", self.scenes.password)
        page.click("#login-form [type=submit]")
        page.wait_for_selector("#user-tools")
        page.close()
        return context

    def form(self, name: str, pk: int, *, height: int = 1000) -> Page:
        page = self.page(name, f"{LIST}{pk}/change/", height=height)
        page.frame_locator(EDITOR).locator("body.cke_editable").wait_for()
        return page

    def take(self, page: Page, name: str, *parts: str, most: float = 2000) -> None:
        """Keep the part of the page that these elements cover, from the top at most so many pixels of it."""
        page.evaluate(ARABIC_BOXES)
        page.evaluate("window.scrollTo(0, 0)")  # boxes are measured from the top of the window
        boxes = [box for part in parts if (box := page.locator(part).first.bounding_box())]
        x = max(min(box["x"] for box in boxes) - MARGIN, 0)
        y = max(min(box["y"] for box in boxes) - MARGIN, 0)
        end = max(box["x"] + box["width"] for box in boxes) + MARGIN
        bottom = max(box["y"] + box["height"] for box in boxes) + MARGIN
        clip = {"x": x, "y": y, "width": end - x, "height": min(bottom - y, most)}
        self.keep(page.screenshot(clip=clip, full_page=True, animations="disabled"), name)  # type: ignore[arg-type]

    def keep(self, png: bytes, name: str) -> None:
        """As a picture of few colours. Raises ValueError when it is too large for a guide."""
        path = self.folder / f"{name}.png"
        with Image.open(BytesIO(png)) as image:
            image.convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE).save(path, optimize=True)
        if path.stat().st_size > LARGEST:
            raise ValueError(f"{path.name} has {path.stat().st_size} bytes")


def two_steps(studio: Studio) -> None:
    page = studio.page("nour", "/admin/security/set-up/")
    studio.take(page, "two-steps", "#content h1", "#content-main")


def sessions(studio: Studio) -> None:
    studio.page("nour", "/admin/", width=PHONE).close()
    page = studio.page("nour", "/admin/security/")
    studio.take(page, "sessions", "#content h1", "#content-main")


def desk(studio: Studio) -> None:
    page = studio.page("samer", "/admin/")
    studio.take(page, "desk", "#header", "#content h1", ".desk")


def desk_on_phone(studio: Studio) -> None:
    page = studio.page("rana", "/admin/", width=PHONE, height=740)
    studio.keep(page.screenshot(), "desk-phone")


def story_list(studio: Studio) -> None:
    page = studio.page("samer", LIST)
    studio.take(page, "list", "#content h1", "#content-main", most=640)


def form(studio: Studio) -> None:
    page = studio.form("samer", studio.scenes.planned, height=900)
    page.frame_locator(PREVIEW).locator("h1").wait_for()
    studio.take(page, "form", "#content h1", ".submit-row", most=900)


def tags(studio: Studio) -> None:
    page = studio.form("samer", studio.scenes.planned)
    page.locator("#id_tags").press("End")
    page.locator("#id_tags").press_sequentially("، مو")
    page.wait_for_selector(".tag-suggestions li")
    studio.take(page, "tags", "fieldset:has(#id_tags)")


def unsaved(studio: Studio) -> None:
    salma = studio.form("salma", studio.scenes.unsaved)
    page = studio.form("samer", studio.scenes.unsaved)
    page.fill("#id_headline", "دليل عملي لترميم واجهة منزل قديم، خطوة خطوة")
    page.wait_for_selector(".autosave-status:not(:empty)")
    page.close()
    page = studio.form("samer", studio.scenes.unsaved)
    page.wait_for_selector("#others-here:not(:empty)")
    page.frame_locator(PREVIEW).locator("h1").wait_for()
    studio.take(page, "unsaved", "#content h1", ".unsaved-panel", ".field-headline")
    salma.close()
    page.close()


def conflict(studio: Studio) -> None:
    samer, salma = studio.form("samer", studio.scenes.shared), studio.form("salma", studio.scenes.shared)
    salma.fill("#id_headline", "ملاعب الأحياء تفتح أبوابها كل مساء بلا مقابل")
    salma.fill("#id_standfirst", "سبعة ملاعب تبقى مضاءة حتى العاشرة.")
    salma.click("input.default[name=_continue]")
    salma.wait_for_selector(".messagelist")
    samer.fill("#id_headline", "سبعة ملاعب في الأحياء تفتح أبوابها مساءً بلا مقابل")
    samer.click("input.default[name=_continue]")
    samer.wait_for_selector("#conflict-form")
    studio.take(samer, "conflict", "#content h1", "#content-main", most=900)


def comments(studio: Studio) -> None:
    page = studio.page("samer", f"{LIST}{studio.scenes.submitted}/comments/")
    studio.take(page, "comments", "#content h1", "#content-main")


def publish(studio: Studio) -> None:
    tomorrow = datetime.now(UTC).date() + timedelta(days=1)
    query = urlencode({"at_0": tomorrow.isoformat(), "at_1": "09:40"})
    page = studio.page("samer", f"{LIST}{studio.scenes.planned}/publish/?{query}")
    studio.take(page, "publish", "#content h1", "#content-main")


def published(studio: Studio) -> None:
    page = studio.page("samer", f"{LIST}{studio.scenes.changed}/change/", height=720)
    studio.take(page, "published", "#content h1", ".object-tools", ".submit-row", most=640)


def history(studio: Studio) -> None:
    page = studio.page("samer", f"{LIST}{studio.scenes.changed}/history/")
    studio.take(page, "history", "#content h1", "#content-main")


def compare(studio: Studio) -> None:
    page = studio.page("samer", f"{LIST}{studio.scenes.changed}/compare/?old=2&new=6")
    studio.take(page, "compare", "#content h1", "#content-main", most=760)


def importing(studio: Studio) -> None:
    page = studio.page("samer", f"{LIST}import/")
    page.fill("textarea[name=text]", PASTED)
    page.click("button[name=_preview]")
    page.wait_for_selector(".import-sides")
    studio.take(page, "import", "#content h1", ".import-text")


def log(studio: Studio) -> None:
    page = studio.page("nour", "/admin/audit/auditentry/")
    studio.take(page, "log", "#content h1", "#content-main", most=700)


def search(studio: Studio) -> None:
    page = studio.page("samer", f"/search/?{urlencode({'q': 'السوق القديم'})}")
    studio.take(page, "search", ".search-form", ".search-results", most=760)


def synonyms(studio: Studio) -> None:
    page = studio.page("salma", "/admin/articles/synonym/")
    studio.take(page, "synonyms", "#content h1", "#content-main")


def cleaned(studio: Studio) -> None:
    """What is said after saving, and what the saved version says later."""
    page = studio.page("rana", f"{LIST}add/")
    page.frame_locator(EDITOR).locator("body.cke_editable").wait_for()
    for field_id, text in UNCLEAN.items():
        page.fill(field_id, text)
    page.evaluate("text => CKEDITOR.instances.id_body.setData(text)", UNCLEAN_BODY)
    page.click("input.default[name=_continue]")
    page.wait_for_selector(".messagelist")
    page.set_viewport_size({"width": 960, "height": 1000})
    page.evaluate(ALONE)
    studio.take(page, "cleaned", ".messagelist", ".field-standfirst", most=560)
    pk = page.url.split("/")[-3]
    page.goto(f"{LIST}{pk}/revisions/1/")
    studio.take(page, "cleaned-places", "#content h1", ".mended")


def settings(studio: Studio) -> None:
    page = studio.page("salma", "/admin/pages/sitesettings/1/change/", height=2400)
    studio.take(page, "settings", "fieldset:has(#id_digits)")


def coverage(studio: Studio) -> None:
    page = studio.page("samer", f"{LIST}{studio.scenes.covered}/coverage/", height=800)
    studio.take(page, "coverage", "#content h1", ".coverage-list > :first-child")


def reads(studio: Studio) -> None:
    page = studio.page("samer", f"{LIST}{studio.scenes.changed}/reads/")
    studio.take(page, "reads", "#content h1", "#content-main", most=1100)


def partner_feed(studio: Studio) -> None:
    page = studio.page("salma", f"/admin/articles/partnerfeed/{studio.scenes.partner}/change/", height=1500)
    page.evaluate(PUBLIC_ADDRESS)
    studio.take(page, "partner-feed", "#content h1", "fieldset:has(#id_most_items)")


PICTURES: dict[str, Callable[[Studio], None]] = {
    "two-steps": two_steps,
    "sessions": sessions,
    "desk": desk,
    "desk-phone": desk_on_phone,
    "list": story_list,
    "form": form,
    "tags": tags,
    "unsaved": unsaved,
    "conflict": conflict,
    "comments": comments,
    "publish": publish,
    "published": published,
    "history": history,
    "compare": compare,
    "import": importing,
    "log": log,
    "search": search,
    "synonyms": synonyms,
    "cleaned": cleaned,
    "settings": settings,
    "coverage": coverage,
    "reads": reads,
    "partner-feed": partner_feed,
}
