"""Names with their roles and sources are printed in the same words wherever they are printed."""

import re
from html import unescape
from typing import Any

import pytest
from django.test import Client
from django.utils.html import strip_tags

from articles.enums import BylineRole, Gender, Origin, SourceKind
from articles.models import Article, Attribution, Byline
from articles.printed_credits import authors_html, authors_line, credit_text, sources_html, sources_line
from newsletter.mails.rendering import render_issue
from newsroom.lib.bidi import without_marks
from tests.articles.page_data import block
from tests.factories import make_article, make_author, make_issue, make_site, make_source

pytestmark = pytest.mark.django_db

AUTHORS = "كتب أحمد سليم وSara Lind، تصوير: سامر حداد، ترجمة: هدى نجار"
SOURCES = "المصدر: رويترز، وReuters TV + فريق التحرير"
ORIGINAL = "https://agency.example/story/42"


@pytest.fixture
def story() -> Article:
    """Two writers, a photographer, a translator; two sources from elsewhere and the newsroom itself."""
    make_site()
    article = make_article("افتتاح المكتبة", origin=Origin.TRANSLATED)
    people = [
        ("هدى نجار", Gender.FEMALE, BylineRole.TRANSLATION, 1),
        ("أحمد سليم", Gender.MALE, BylineRole.WRITING, 2),
        ("سامر حداد", Gender.MALE, BylineRole.PHOTOGRAPHY, 3),
        ("Sara Lind", Gender.FEMALE, BylineRole.WRITING, 4),
    ]
    for name, gender, role, position in people:
        author = make_author(name, gender=gender)
        Byline.objects.create(article=article, author=author, role=role, position=position)
    own = make_source("مدار اليوم", kind=SourceKind.OWN)
    reuters, television = make_source("رويترز", kind=SourceKind.AGENCY), make_source("تلفزيون رويترز")
    Attribution.objects.create(article=article, source=own, position=1)
    Attribution.objects.create(article=article, source=reuters, url=ORIGINAL, position=2)
    Attribution.objects.create(article=article, source=television, printed_as="Reuters TV", position=3)
    return article


def text_of(html: str) -> str:
    """What is read of HTML, in one line."""
    return re.sub(r"\s+", " ", without_marks(unescape(strip_tags(html))))


def test_the_lines_as_plain_text_isolate_what_reads_from_left_to_right(story: Article) -> None:
    assert without_marks(authors_line(story)) == AUTHORS
    assert without_marks(sources_line(story)) == SOURCES
    assert "و\u2068Sara Lind\u2069، تصوير" in authors_line(story)
    assert "\u2068أحمد" not in authors_line(story)


def test_the_lines_in_html_set_every_name_apart_and_escape_it(story: Article) -> None:
    make_author("<b>نادر</b>")
    assert text_of(authors_html(story)) == AUTHORS
    assert "و<bdi>Sara Lind</bdi>" in authors_html(story)
    assert f'<a href="{ORIGINAL}"><bdi>رويترز</bdi></a>' in sources_html(story, lambda path: path)
    Attribution.objects.update(printed_as="<i>وكالة</i>")
    story.refresh_from_db()
    assert "<i>" not in sources_html(story)


@pytest.mark.parametrize(
    ("genders", "beginning"),
    [
        ([Gender.MALE, Gender.FEMALE], "كتب "),
        ([Gender.FEMALE, Gender.MALE], "كتبت "),
        ([Gender.FEMALE, Gender.FEMALE, Gender.FEMALE], "كتبت "),
        (["", Gender.MALE], "بقلم "),
    ],
)
def test_the_verb_agrees_with_the_first_name_after_it(genders: list[str], beginning: str) -> None:
    article = make_article(authors=tuple(make_author(gender=gender) for gender in genders))
    line = authors_line(article)
    assert line.startswith(beginning)
    assert line.count(" و") == len(genders) - 1


def test_a_story_without_a_writer_is_by_the_team() -> None:
    article = make_article()
    assert (authors_line(article), sources_line(article)) == ("فريق التحرير", "")
    Byline.objects.create(article=article, author=make_author("سامر حداد"), role=BylineRole.PHOTOGRAPHY)
    assert authors_line(article) == "فريق التحرير، تصوير: سامر حداد"


def test_the_newsroom_alone_keeps_its_name_and_printed_words_go_before_all() -> None:
    own = make_source("مدار اليوم", kind=SourceKind.OWN)
    article = make_article(sources=(own,))
    assert sources_line(article) == "المصدر: مدار اليوم"
    Attribution.objects.create(article=article, source=make_source("سانا"), position=5)
    assert sources_line(article) == "المصدر: سانا + فريق التحرير"
    article.attributions.filter(source=own).update(printed_as="مراسلتنا")
    assert sources_line(article) == "المصدر: سانا + مراسلتنا"


@pytest.mark.parametrize("before", ["", "/lite"])
def test_the_page_prints_the_same_lines(client: Client, story: Article, before: str) -> None:
    html = client.get(before + story.get_absolute_url()).content.decode()
    page = text_of(re.sub("<script.*?</script>", "", html, flags=re.DOTALL))
    assert AUTHORS in page
    assert SOURCES in page.replace(" (رابط المادة الأصلية (رابط خارجي))", "")


@pytest.mark.parametrize("name", ["rss.xml", "atom.xml", "feed.json"])
def test_feeds_print_the_same_lines(client: Client, story: Article, name: str) -> None:
    make_site(feeds_full_text=True)
    feed = client.get(f"/feeds/{name}")
    body: Any = feed.json()["items"][0] if name == "feed.json" else None
    html = body["content_html"] if body else unescape(feed.content.decode())
    assert AUTHORS in text_of(html)
    assert SOURCES in text_of(html)
    assert ORIGINAL in html
    if body:
        assert body["_origin"]["credit"] == f"{AUTHORS} · {SOURCES}"


def test_machines_learn_the_lines_the_roles_and_the_original(client: Client, story: Article) -> None:
    data = block(client.get(story.get_absolute_url()).content.decode(), "NewsArticle")
    assert data["creditText"] == credit_text(story) == f"{AUTHORS} · {SOURCES}"
    assert [each["name"] for each in data["author"]] == ["أحمد سليم", "Sara Lind"]
    assert [each["name"] for each in data["translator"]] == ["هدى نجار"]
    (contribution,) = data["contributor"]
    assert (contribution["roleName"], contribution["contributor"]["name"]) == ("تصوير", "سامر حداد")
    assert [each["url"] for each in data["isBasedOn"]] == [ORIGINAL]
    assert [each["name"] for each in data["sourceOrganization"]] == ["رويترز", "تلفزيون رويترز"]


def test_mails_print_the_same_lines(story: Article) -> None:
    mail = render_issue(make_issue(articles=(story,)))
    assert f"{AUTHORS} · {SOURCES}" in text_of(mail.html)
    text = without_marks(mail.text)
    assert f"\n{AUTHORS}\n{SOURCES}\n" in text
    assert 'و<span dir="auto">Sara Lind</span>' in mail.html


def test_the_lines_of_many_articles_cost_the_queries_of_one(story: Article, django_assert_num_queries: Any) -> None:
    articles = Article.objects.published().for_feeds(full_text=False)
    (fetched,) = articles
    with django_assert_num_queries(0):
        lines = (authors_line(fetched), sources_line(fetched))
    assert all(lines)
