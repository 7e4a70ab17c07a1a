"""The floor on which an Arabic mail stands in Gmail, Outlook and Apple Mail."""

import re
from html.parser import HTMLParser

import pytest

from articles.models import Article, Correction
from newsletter.enums import IssueKind
from newsletter.mails.rendering import render_issue
from tests.factories import make_article, make_issue

VOID = {"meta", "img", "br", "hr"}


class Tags(HTMLParser):
    """Every tag of a mail with its attributes, those of Outlook's comments too."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str]]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, {name: value or "" for name, value in attributes}))

    def handle_comment(self, text: str) -> None:
        self.found += Tags("".join(re.findall(r"<(?:table|td)\b[^>]*>", text))).found

    def of(self, *names: str) -> list[dict[str, str]]:
        return [attributes for tag, attributes in self.found if tag in names]


@pytest.fixture
def html(issue) -> str:
    return render_issue(issue).html


@pytest.fixture
def tags(html) -> Tags:
    return Tags(html)


def test_page_is_arabic_from_right_to_left(tags: Tags) -> None:
    assert tags.of("html") == [{"lang": "ar", "dir": "rtl"}]
    assert tags.of("body")[0]["dir"] == "rtl"


def test_every_table_and_cell_says_its_direction(tags: Tags) -> None:
    """Gmail takes html and body away, Outlook reads the attribute, others the style."""
    assert len(tags.of("table")) >= 4
    for cell in tags.of("table", "td"):
        assert cell["dir"] == "rtl"
        assert "style" not in cell or "direction: rtl" in cell["style"]
    for cell in tags.of("td"):
        assert "style" not in cell or "text-align: " in cell["style"]
    assert all(table["role"] == "presentation" for table in tags.of("table"))


def test_ghost_table_of_outlook_stands_round_the_mail(html: str) -> None:
    ghost = r'<!--\[if mso\]><table [^>]*dir="rtl" width="600"[^>]*><tr><td dir="rtl"><!\[endif\]-->'
    [start] = re.findall(ghost, html)
    assert html.index(start) < html.index('class="sheet"') < html.index("<!--[if mso]></td></tr></table><![endif]-->")


def test_styles_stand_in_the_tags(tags: Tags) -> None:
    assert len([1 for cell in tags.of("td") if "font-family" in cell.get("style", "")]) >= 5
    assert all("line-height: 1.7" in cell["style"] for cell in tags.of("td") if "style" in cell)


def test_nothing_that_arabic_or_outlook_cannot_bear(html: str) -> None:
    for word in (
        "float",
        "letter-spacing",
        "italic",
        "justify",
        "flex",
        "grid",
        "position:",
        "<script",
        "<link",
        "url(",
    ):
        assert word not in html
    assert not re.search(r"<(em|i|form|video|svg|iframe)\b", html)


def kept_styles(html: str) -> list[str]:
    return re.findall(r"<style>(.*?)</style>", html.partition("<!--[if mso]>")[0], re.DOTALL)


def test_dark_colours_survive_the_inlining(html: str) -> None:
    assert '<meta name="color-scheme" content="light dark">' in html
    assert '<meta name="supported-color-schemes" content="light dark">' in html
    blocks = kept_styles(html)
    [dark] = [block for block in blocks if "@media (prefers-color-scheme: dark)" in block]
    [outlook] = [block for block in blocks if "[data-ogsc]" in block]
    assert dark != outlook, "who cannot read one would lose the other"
    assert all(block.count("{") == block.count("}") for block in blocks)
    assert sum(map(len, blocks)) < 8192  # Gmail takes no more


def test_every_class_that_turns_dark_is_there(html: str, issue) -> None:
    for name in set(re.findall(r"\.([a-z][a-z-]*)", "".join(kept_styles(html)))) - {"alert"}:
        assert re.search(rf'class="[^"]*\b{name}\b', html), name


def test_pictures_have_words_and_sizes(tags: Tags) -> None:
    pictures = tags.of("img")
    assert len(pictures) == 2
    for picture in pictures:
        assert picture["alt"] == "ممر في سوق قديم"
        assert int(picture["width"]) > 100
        assert int(picture["height"]) > 60
    assert [picture["width"] for picture in pictures] == ["552", "120"]


def test_every_address_is_whole(tags: Tags) -> None:
    addresses = [link["href"] for link in tags.of("a")] + [picture["src"] for picture in tags.of("img")]
    assert all(re.match(r"https?://[^/]+/", address) for address in addresses)


def test_latin_words_and_numbers_stand_apart(html: str) -> None:
    assert '<span dir="ltr">G20</span>' in html
    assert '<span dir="ltr">2026-11-22</span>' in html
    assert "<bdi" not in html


def test_preheader_is_hidden_and_keeps_what_follows_away(html: str) -> None:
    [preheader] = re.findall(r'<div class="preheader"[^>]*>(.*?)</div>', html)
    assert preheader.startswith("ثلاثة أخبار قبل القهوة")
    assert preheader.count("&nbsp;") == 80
    assert html.index("preheader") < html.index("<table")


def test_preheader_is_made_where_none_was_written(issue, mailing_list) -> None:
    issue.preheader = ""
    assert '>افتتاح حديقة <span dir="ltr">G20</span> العامة · تأجيل المباراة إلى الأحد' in render_issue(issue).html
    single = make_issue(mailing_list, articles=(make_article(standfirst="مقدمة المادة الوحيدة"),))
    assert "مقدمة المادة الوحيدة\u200c" in render_issue(single).html


def test_breaking_news_says_so_and_greets_nobody(mailing_list) -> None:
    mail = render_issue(make_issue(mailing_list, articles=(make_article(),), kind=IssueKind.BREAKING))
    assert '<p class="alert"' in mail.html
    assert "عاجل" in mail.html
    assert "عاجل" in mail.text
    assert 'class="greeting"' not in mail.html


def test_correcting_issue_says_the_note_once(mailing_list) -> None:
    article = make_article()
    Correction.objects.create(article=article, note="الموعد يوم الأحد.")
    fields = {"kind": IssueKind.CORRECTION, "article": article, "text": "الموعد يوم الأحد."}
    mail = render_issue(make_issue(mailing_list, articles=(article,), **fields))
    assert mail.html.count("الموعد يوم الأحد.") == 1
    assert mail.text.count("الموعد يوم الأحد.") == 1


def test_unsubscribing_is_in_sight(tags: Tags, html: str) -> None:
    foot = html.partition('class="foot"')[2]
    assert foot.count("/newsletter/unsubscribe/") == 1
    assert foot.count("/newsletter/preferences/") == 1
    assert "display: none" not in foot


def test_correction_stands_under_its_article(html: str) -> None:
    note = html.index("ذُكر سابقًا أن الموعد السبت.")
    assert html.index("تأجيل المباراة") < note < html.index("أسعار الخضار")


def test_picture_follows_the_words_beside_it(html: str) -> None:
    """The order of the columns is turned round by `dir`, never by float."""
    last = html.partition("أسعار الخضار تستقر")[2]
    assert 'class="thumbnail"' in last


def test_article_without_picture_and_section_needs_neither(issue) -> None:
    Article.objects.update(kicker="", standfirst="", lead_image=None)
    assert "<img" not in render_issue(issue).html
