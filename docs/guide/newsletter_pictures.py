"""What the pictures of the newsletter's two chapters show."""

from collections.abc import Callable

from docs.guide.pictures import ALONE, Studio

ISSUES = "/admin/newsletter/issue/"
# A remark that only a site on this machine gets.
REMARKS_OF_PUBLIC_SITES = """() => {
    for (const remark of document.querySelectorAll(".issue-checks li, .publishing-remarks li"))
        if (remark.textContent.includes("عنوان عام")) remark.remove();
}"""


def issue(studio: Studio) -> None:
    page = studio.page("huda", f"{ISSUES}{studio.scenes.newsletter.draft}/change/", height=1000)
    page.frame_locator(".issue-frame").locator("body").wait_for()
    page.evaluate(REMARKS_OF_PUBLIC_SITES)
    studio.take(page, "issue", "#content h1", ".issue-columns", most=1000)


def issue_send(studio: Studio) -> None:
    page = studio.page("huda", f"{ISSUES}{studio.scenes.newsletter.draft}/send/")
    page.set_viewport_size({"width": 960, "height": 1000})
    page.evaluate(ALONE)
    page.evaluate(REMARKS_OF_PUBLIC_SITES)
    studio.take(page, "issue-send", "#content h1", "#content-main")


def issue_statistics(studio: Studio) -> None:
    page = studio.page("huda", f"{ISSUES}{studio.scenes.newsletter.sent}/statistics/")
    studio.take(page, "issue-statistics", "#content h1", "#content-main", most=620)


def readers_import(studio: Studio) -> None:
    path = f"/admin/newsletter/subscriberimport/{studio.scenes.newsletter.rehearsal}/change/"
    page = studio.page("huda", path)
    studio.take(page, "readers-import", "#content h1", "#content-main")


def issue_sending(studio: Studio) -> None:
    page = studio.page("huda", f"{ISSUES}{studio.scenes.newsletter.sent}/sending/")
    studio.take(page, "issue-sending", "#content h1", "#content-main", most=900)


PICTURES: dict[str, Callable[[Studio], None]] = {
    "issue": issue,
    "issue-send": issue_send,
    "issue-statistics": issue_statistics,
    "readers-import": readers_import,
    "issue-sending": issue_sending,
}
