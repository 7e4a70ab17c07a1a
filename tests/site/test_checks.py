"""The checks themselves: each must speak against a page that is wrong in what it looks for."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from tests.site.conftest import DESKTOP, NARROWEST
from tests.site.test_accessibility import axe_findings, sniffer_findings
from tests.site.test_html import html_validate_messages, vnu_messages
from tests.site.test_room import CLIPPED, MOVING, ROOM, tab_stops, unseen

BAD = """<!doctype html><html lang="ar" dir="rtl"><head><title>صفحة</title><style>
body { color: #000; background: #fff; font-size: 1rem }
.wide { inline-size: 20.5rem }
.box { inline-size: 12rem; block-size: 2.5rem; overflow: hidden; white-space: nowrap; letter-spacing: 0 }
.moving::before { content: "x"; transition: color 1s }
:focus { outline: 3px solid #00f }
.bare:focus { outline: none }
.under { position: absolute; inset-block-start: 650px }
.over { position: absolute; inset-block-start: 600px; inline-size: 200px; block-size: 200px; background: #fff }
.low { color: #767676; background: #fff }
@media (prefers-color-scheme: dark) { .low { color: #555; background: #222 } }
.small button { overflow: hidden; padding: 0; border: 0; inline-size: 60px; block-size: 30px }
@media (max-width: 400px) { .small button { inline-size: 12px; block-size: 12px } }
</style></head><body><main><h1>عنوان</h1><h3>مستوى ناقص</h3><p class="low">نص خافت في الوضع المظلم</p>
<div class="wide">عريض</div><div class="box">سطر يملأ الصندوق تمامًا هنا</div><p class="moving">متحرك</p>
<p class="small"><button type="button">موافق</button><button type="button">إلغاء</button></p>
<p><a class="bare" href="/1">بلا إطار</a> <a class="under" href="/2">مغطى</a></p><div class="over"></div>
<form><input name="q"></form><img src="data:," style="color: red"></main></body></html>"""

HTML_RULES = ("no-inline-style", "element-permitted-content", "wcag/h37", "wcag/h32")


@pytest.fixture
def bad(chromium: Browser) -> Iterator[Page]:
    page = chromium.new_page(viewport={"width": DESKTOP, "height": 800})
    page.set_content(BAD)
    yield page
    page.close()


def test_engines_speak_and_at_each_width_and_scheme(bad: Page) -> None:
    found = {finding.split(":")[0] for finding in axe_findings(bad)}
    # Text of several words in Arabic: axe by itself would pass over it.
    assert {f"{NARROWEST} light target-size", f"{DESKTOP} dark color-contrast", f"{DESKTOP} light image-alt"} <= found
    assert not {f"{DESKTOP} light target-size", f"{DESKTOP} light color-contrast"} & found
    assert any("H37" in finding for finding in sniffer_findings(bad))


def test_lack_of_room_is_seen(bad: Page) -> None:
    assert bad.evaluate(ROOM) == []
    bad.set_viewport_size({"width": NARROWEST, "height": 800})
    assert "wide" in bad.evaluate(ROOM)[-1]
    bad.set_viewport_size({"width": DESKTOP, "height": 800})
    assert bad.evaluate(CLIPPED) == []
    bad.evaluate("document.body.style.fontSize = '200%'")
    assert ["box" in finding for finding in bad.evaluate(CLIPPED)] == [True]


def test_hidden_focus_and_motion_are_seen(bad: Page) -> None:
    stops = list(tab_stops(bad))
    assert len(stops) == 5
    assert [(stop["outlined"], stop["covered"]) for stop in unseen(stops)] == [(False, False), (True, True)]
    assert ["moving" in finding for finding in bad.evaluate(MOVING)] == [True]


def test_validators_speak(tmp_path: Path) -> None:
    file = tmp_path / "bad.html"
    file.write_text(BAD.replace("<h1>", "<h1><div>").replace("</h1>", "</div></h1>"))
    assert any("alt" in message for message in vnu_messages([file])["bad"])
    said = " ".join(html_validate_messages([file], tmp_path / "report.json")["bad"])
    assert [rule for rule in HTML_RULES if rule not in said] == []
