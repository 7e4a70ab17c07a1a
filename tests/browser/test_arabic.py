"""Dates and directions as a reader sees them: what a browser lays out, and what a clock does to a page."""

from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import PHONE, OpenPage
from tests.factories import make_article, make_author, make_site

AT = datetime(2024, 5, 3, 6, 40, tzinfo=UTC)  # 9:40 in Damascus
MOMENT = "٣ مايو/أيار ٢٠٢٤، ٩:٤٠ صباحًا"
RUNS = ("+963 11 555-0100", "2023-2024", "2-1", "@user_name", "C++", "2024-report.pdf", "10 000", "+٩٦٣ ١١ ٥٥٥ ٠١٠٠")
# Whether each letter of a text stands to the right of the one before it.
READS_FROM_LEFT = """(root, run) => {
  const texts = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  const range = document.createRange();
  while (texts.nextNode()) {
    const start = texts.currentNode.data.indexOf(run);
    if (start < 0) continue;
    const places = [...run].map((_, index) => {
      range.setStart(texts.currentNode, start + index);
      range.setEnd(texts.currentNode, start + index + 1);
      return range.getBoundingClientRect().left;
    });
    return places.every((place, index) => !index || place > places[index - 1]);
  }
  return null;
}"""


@pytest.fixture
def address(transactional_db: None) -> str:
    make_site()
    lines = "".join(f"<p>جاء في الخبر {run} ثم انتهى.</p>" for run in (*RUNS, "٢٠٢٣-٢٠٢٤"))
    return make_article("فوز 2-1 وموسم 2023-2024", at=AT, body=lines).get_absolute_url()


@pytest.mark.parametrize("run", RUNS)
def test_what_reads_from_left_to_right_is_laid_out_so(open_page: OpenPage, address: str, run: str) -> None:
    page = open_page(PHONE)
    page.goto(address)
    assert page.locator(".article-body").evaluate(READS_FROM_LEFT, run) is True


def test_a_range_in_arabic_digits_reads_from_the_right(open_page: OpenPage, address: str) -> None:
    page = open_page(PHONE)
    page.goto(address)
    years = "(root) => (({ data }) => data)([...root.querySelectorAll('p')].at(-1).firstChild)"
    assert "٢٠٢٣-٢٠٢٤" in page.locator(".article-body").evaluate(years)
    assert page.locator(".article-body").evaluate(READS_FROM_LEFT, "٢٠٢٣-٢٠٢٤") is False
    assert page.locator("h1").evaluate(READS_FROM_LEFT, "2023-2024") is True


@pytest.mark.parametrize(
    ("age", "text"),
    [
        (timedelta(seconds=5), "قبل لحظات"),
        (timedelta(minutes=1, seconds=1), "قبل دقيقة"),
        (timedelta(minutes=2, seconds=1), "قبل دقيقتين"),
        (timedelta(minutes=3, seconds=1), "قبل ٣ دقائق"),
        (timedelta(minutes=11, seconds=1), "قبل ١١ دقيقة"),
        (timedelta(hours=2, seconds=1), "قبل ساعتين"),
        (timedelta(hours=10, seconds=1), "قبل ١٠ ساعات"),
        (timedelta(hours=23, seconds=1), "قبل ٢٣ ساعة"),
        (timedelta(days=1, seconds=1), MOMENT),
        (timedelta(hours=-2), MOMENT),
    ],
)
def test_a_page_out_of_a_cache_says_how_long_ago(open_page: OpenPage, address: str, age: timedelta, text: str) -> None:
    page = open_page()
    page.clock.install(time=AT + age)
    page.goto(address)
    expect(page.locator(".byline time").first).to_have_text(text)


def test_the_words_follow_the_clock_and_the_moment_stays_beside_them(open_page: OpenPage, address: str) -> None:
    page = open_page()
    page.clock.install(time=AT + timedelta(hours=23, minutes=58, seconds=30))
    page.goto(address)
    time = page.locator(".byline time").first
    expect(time).to_have_text("قبل ٢٣ ساعة")
    expect(time).to_have_attribute("title", MOMENT)
    expect(time).to_have_attribute("datetime", "2024-05-03T09:40:00+03:00")
    page.clock.run_for(120_000)
    expect(time).to_have_text(MOMENT)
    assert time.get_attribute("title") is None


def test_every_card_of_a_phone_says_how_long_ago_and_keeps_its_height(open_page: OpenPage, address: str) -> None:
    """The date takes two lines beside a long name; the words that come for it take one."""
    author = make_author("عبد الرحمن بن عبد العزيز الأنصاري")
    at = datetime(2024, 11, 5, 6, 40, tzinfo=UTC)
    section = make_article("خبر طويل التوقيع", at=at, authors=(author,)).section.get_absolute_url()
    plain = open_page(PHONE, javascript=False)
    plain.goto(section)
    page = open_page(PHONE)
    page.clock.install(time=at + timedelta(hours=2, seconds=1))
    page.goto(section)
    line = page.locator(".card .meta", has_text="الأنصاري")
    expect(line.locator("time")).to_have_text("قبل ساعتين")
    before = plain.locator(".card .meta", has_text="الأنصاري").bounding_box()
    assert before
    assert before["height"] > 30  # two lines
    after = line.bounding_box()
    assert after
    assert after["height"] == pytest.approx(before["height"], abs=0.1)


def test_colours_of_sections_do_not_reach_the_paper_from_a_dark_screen(open_page: OpenPage, address: str) -> None:
    page = open_page(scheme="dark")
    page.goto(address)
    page.emulate_media(media="print")
    assert page.locator(".kicker").first.evaluate("(it) => getComputedStyle(it).color") == "rgb(0, 0, 0)"


def test_without_javascript_the_moment_stands_there(open_page: OpenPage, address: str) -> None:
    page = open_page(javascript=False)
    page.goto(address)
    expect(page.locator(".byline time").first).to_have_text(MOMENT)
