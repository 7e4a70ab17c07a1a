"""The reader's pages: addresses, who may see what, what an article shows."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from articles.enums import BylineRole, CorrectionKind, Origin, SlotPlace, Status
from articles.models import Article, Attribution, Byline, Correction, FrontSlot, LiveUpdate, MostRead, RelatedLink
from newsroom.lib.keeping import parts, stories
from tests.factories import (
    BODY,
    make_article,
    make_author,
    make_image,
    make_section,
    make_site,
    make_source,
    make_tag,
    make_withdrawn,
)

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def site() -> None:
    make_site()


def text(client: Client, path: str) -> str:
    response = client.get(path)
    assert response.status_code == 200, path
    return response.content.decode()


# --- Addresses


def test_article_answers_at_its_own_address(client: Client) -> None:
    article = make_article("افتتاح المكتبة العامة")
    assert article.get_absolute_url().startswith(f"/news/{article.pk}/")
    assert "افتتاح المكتبة العامة" in text(client, article.get_absolute_url())


@pytest.mark.parametrize("slug", ["", "عنوان-قديم/", "افتتاح-المكتب/"])
def test_another_slug_leads_to_the_right_one(client: Client, slug: str) -> None:
    article = make_article("افتتاح المكتبة العامة")
    response = client.get(f"/news/{article.pk}/{slug}")
    assert (response.status_code, response["Location"]) == (301, article.get_absolute_url())


def test_short_address_of_a_withdrawn_article_says_so(client: Client) -> None:
    withdrawn, draft = make_withdrawn(), make_article(published=False)
    assert client.get(f"/n/{withdrawn.pk}").status_code == 410
    assert client.get(f"/n/{draft.pk}").status_code == 404


def test_article_without_slug_has_an_address(client: Client) -> None:
    article = make_article("؟؟؟")
    assert article.get_absolute_url() == f"/news/{article.pk}/"
    assert "؟؟؟" in text(client, article.get_absolute_url())
    assert client.get(f"/news/{article.pk}/شيء/").status_code == 301


def test_short_address_leads_to_the_article(client: Client) -> None:
    article = make_article()
    response = client.get(f"/n/{article.pk}")
    assert (response.status_code, response["Location"]) == (301, article.get_absolute_url())


@pytest.mark.parametrize(
    "path", ["/", "/news/1/", "/n/1", "/sections/a/", "/archive/", "/archive/2026/11/20/", "/livez"]
)
def test_pages_are_only_read(client: Client, path: str) -> None:
    assert client.post(path).status_code == 405
    assert client.delete(path).status_code == 405


# --- What is not public


def not_public() -> dict[str, Article]:
    soon = timezone.now() + HOUR
    public = make_article("المادة المنشورة")
    return {
        "draft": make_article("سرٌّ لم يُنشر", published=False),
        "review": make_article("سرٌّ لم يُنشر", published=False, status=Status.IN_REVIEW),
        "scheduled": make_article("سرٌّ لم يُنشر", at=soon),
        "approved": make_article("سرٌّ لم يُنشر", published=False, status=Status.APPROVED),
        "working copy": make_article("سرٌّ لم يُنشر", published=False, working_copy_of=public),
    }


def test_unpublished_looks_like_an_unknown_address(client: Client) -> None:
    articles = not_public()
    for state, article in articles.items():
        for path in ("/news/{}/" + quote(article.slug) + "/", "/news/{}/", "/n/{}"):
            unknown = client.get(path.format(987654321))
            assert unknown.status_code == 404
            response = client.get(path.format(article.pk))
            assert response.status_code == 404, (state, path)
            assert response.content == unknown.content, (state, path)


def test_unpublished_is_in_no_list(client: Client) -> None:
    section, author, source, tag = make_section(), make_author(), make_source(), make_tag()
    at = datetime(2026, 11, 20, 9, tzinfo=UTC)
    shown = make_article("مادة منشورة", at=at, section=section, authors=(author,), sources=(source,), tags=(tag,))
    for article in not_public().values():
        article.section = section
        article.save()
        Byline.objects.create(article=article, author=author)
        Attribution.objects.create(article=article, source=source)
        article.tags.add(tag)
    for path in (
        "/",
        shown.get_absolute_url(),
        "/archive/2026/11/20/",
        *(row.get_absolute_url() for row in (section, author, source, tag)),
    ):
        assert "سرٌّ" not in text(client, path), path


def test_withdrawn_says_when_and_why(client: Client) -> None:
    article = make_withdrawn(headline="خبر خاطئ", note="اعتمدت المادة على وثيقة قديمة.")
    response = client.get(article.get_absolute_url())
    assert response.status_code == 410
    page = response.content.decode()
    assert "اعتمدت المادة على وثيقة قديمة." in page
    assert "سُحبت هذه المادة" in page
    assert "خبر خاطئ" not in page


def test_withdrawn_before_anyone_saw_it_is_unknown(client: Client) -> None:
    article = make_withdrawn(at=timezone.now() + HOUR, withdrawn_at=timezone.now())
    assert client.get(article.get_absolute_url()).status_code == 404


def test_publication_needs_no_other_clock(client: Client, clock: Any) -> None:
    article = make_article(at=timezone.now() + HOUR)
    assert client.get(article.get_absolute_url()).status_code == 404
    clock.shift(HOUR)
    assert client.get(article.get_absolute_url()).status_code == 200


@pytest.mark.parametrize("number", ["0", "99999999999999999999999"])
def test_ids_that_no_row_can_have_are_unknown(client: Client, number: str) -> None:
    assert client.get(f"/news/{number}/").status_code == 404
    assert client.get(f"/n/{number}").status_code == 404


# --- The article's page


def test_bylines_name_everyone_in_their_role(client: Client) -> None:
    first, second, camera = make_author("ليلى منصور"), make_author("سامر حداد"), make_author("هدى نجار")
    article = make_article(authors=(first, second))
    Byline.objects.create(article=article, author=camera, role=BylineRole.PHOTOGRAPHY, position=0)
    page = text(client, article.get_absolute_url())
    line = page[page.index("بقلم") :]
    assert line.index("ليلى منصور") < line.index("سامر حداد") < line.index("هدى نجار")
    assert "</a> و<a" in line
    assert first.get_absolute_url() in page


def test_unsigned_article_is_by_the_editorial_team(client: Client) -> None:
    assert "فريق التحرير" in text(client, make_article().get_absolute_url())
    signed = make_article(authors=(make_author(),))
    assert "فريق التحرير" not in text(client, signed.get_absolute_url())


def test_times_are_those_of_the_newsroom(client: Client) -> None:
    at = datetime(2026, 11, 20, 6, 40, tzinfo=UTC)
    article = make_article(at=at, updated_at=at + timedelta(hours=4, minutes=35))
    page = text(client, article.get_absolute_url())
    assert (
        '<time datetime="2026-11-20T09:40:00+03:00" data-relative>٢٠ نوفمبر/تشرين الثاني ٢٠٢٦، ٩:٤٠ صباحًا</time>'
        in page
    )
    shown = 'data-relative="٢٠ نوفمبر/تشرين الثاني ٢٠٢٦، ٢:١٥ ظهرًا">٢:١٥ ظهرًا</time>'
    assert f'<time datetime="2026-11-20T14:15:00+03:00" {shown}' in page


def test_digits_follow_the_settings(client: Client) -> None:
    make_site(digits="latn", months="levant")
    article = make_article(at=datetime(2026, 11, 20, 6, 40, tzinfo=UTC))
    assert "20 تشرين الثاني 2026" in text(client, article.get_absolute_url())


@pytest.mark.parametrize(
    ("words", "printed"), [(20, "دقيقة واحدة"), (304, "دقيقتان"), (500, "٣ دقائق"), (1900, "١١ دقيقة")]
)
def test_reading_time_is_correct_arabic(client: Client, words: int, printed: str) -> None:
    article = make_article(body="<p>" + "كلمة " * words + "</p>")
    assert f"مدة القراءة: {printed}" in text(client, article.get_absolute_url())


def test_lead_picture_has_caption_and_credit(client: Client) -> None:
    picture = make_image(alt_text="ممر مقوّس", caption="ممر في السوق", credit="أرشيف البلدية")
    page = text(client, make_article(lead_image=picture).get_absolute_url())
    figure = page[page.index("<figure") : page.index("</figure>")]
    for words in (
        'alt="ممر مقوّس"',
        "ممر في السوق",
        "أرشيف البلدية",
        "التعليق على الصورة،",
        "صدر الصورة،",
        'width="64"',
    ):
        assert words in figure
    own = make_article(lead_image=picture, lead_caption="السوق صباح اليوم")
    assert "السوق صباح اليوم" in text(client, own.get_absolute_url())


def test_read_also_stands_after_its_block(client: Client) -> None:
    article, target = make_article(body="<p>أولى.</p><p>ثانية.</p><p>ثالثة.</p>"), make_article("مادة أخرى")
    RelatedLink.objects.create(article=article, target=target, after_block=2)
    page = text(client, article.get_absolute_url()).partition('class="article-body"')[2]
    assert page.index("ثانية.") < page.index("اقرأ أيضًا") < page.index("ثالثة.")
    assert target.get_absolute_url() in page


def test_read_also_without_place_stands_below(client: Client) -> None:
    article = make_article(body="<p>أولى.</p>")
    RelatedLink.objects.create(article=article, url="https://example.org/guide", title="دليل السوق")
    RelatedLink.objects.create(article=article, title="عنوان بلا رابط", position=1)
    page = text(client, article.get_absolute_url())
    below = page[page.index("اقرأ أيضًا") :]
    assert 'href="https://example.org/guide"' in below
    assert "رابط خارجي" in below
    assert '<bdi dir="rtl">عنوان بلا رابط</bdi>' in below


def test_read_also_never_names_what_is_not_public(client: Client) -> None:
    article = make_article()
    for target in not_public().values():
        RelatedLink.objects.create(article=article, target=target, after_block=1)
        RelatedLink.objects.create(article=article, target=target, title="عنوان السر")
    page = text(client, article.get_absolute_url())
    assert "اقرأ أيضًا" not in page
    assert "السر" not in page


def test_corrections_are_public(client: Client) -> None:
    article = make_article()
    Correction.objects.create(article=article, kind=CorrectionKind.CORRECTION, note="العدد الصحيح ١٤٢.")
    assert "العدد الصحيح ١٤٢." in text(client, article.get_absolute_url())


def test_source_line_names_every_source(client: Client) -> None:
    ours, agency = make_source("مدار اليوم"), make_source("وكالة الساحل")
    article = make_article(sources=(ours,))
    Attribution.objects.create(
        article=article, source=agency, url="https://example.org/original", printed_as="الساحل", position=1
    )
    page = text(client, article.get_absolute_url())
    beginning = page.index('class="source-line"')
    line = page[beginning : page.index("</p>", beginning)]
    assert ours.get_absolute_url() in line
    assert agency.get_absolute_url() in line
    assert "</a>، و<a" in line
    assert "<bdi>الساحل</bdi>" in line
    assert 'href="https://example.org/original"' in line
    assert "رابط المادة الأصلية" in line


def test_old_article_says_so(client: Client) -> None:
    notice = "نُشرت هذه المادة قبل أكثر من عام"
    assert notice in text(client, make_article(at=timezone.now() - timedelta(days=400)).get_absolute_url())
    assert notice not in text(client, make_article(at=timezone.now() - timedelta(days=300)).get_absolute_url())


def test_labels_say_what_kind_of_story_it_is(client: Client) -> None:
    assert ">عاجل<" not in text(client, make_article(breaking_until=timezone.now() - HOUR).get_absolute_url())
    assert ">عاجل<" in text(client, make_article(breaking_until=timezone.now() + HOUR).get_absolute_url())
    assert "رأي · " in text(client, make_article(origin=Origin.OPINION).get_absolute_url())
    assert "ترجمة · " in text(client, make_article(origin=Origin.TRANSLATED).get_absolute_url())


def test_headline_that_opens_in_latin_stays_right_to_left_in_plain_places(client: Client) -> None:
    page = text(client, make_article("WhatsApp يطلق ميزة جديدة").get_absolute_url())
    assert "<title>\u200fWhatsApp يطلق ميزة جديدة | مدار اليوم</title>" in page
    assert 'content="\u200fWhatsApp يطلق ميزة جديدة"' in page
    assert '<h1><bdi dir="ltr">WhatsApp</bdi> يطلق' in page


def test_canonical_address_is_absolute_and_ours_unless_told_otherwise(client: Client) -> None:
    article = make_article()
    own = f'<link rel="canonical" href="http://127.0.0.1:8000{article.get_absolute_url()}">'
    assert own in text(client, article.get_absolute_url() + "?utm_source=x")
    elsewhere = make_article(canonical_url="https://example.org/first")
    assert '<link rel="canonical" href="https://example.org/first">' in text(client, elsewhere.get_absolute_url())


def test_words_of_editors_are_escaped(client: Client) -> None:
    attack = "<script>alert(1)</script>"
    section, author = (
        make_section(attack, slug="s"),
        make_author(attack, slug="a", biography=attack, job_title=attack),
    )
    words = dict.fromkeys(("headline", "kicker", "standfirst", "dateline"), attack)
    picture, source = make_image(caption=attack, credit=attack), make_source(attack, slug="q", note=attack)
    article = make_article(section=section, authors=(author,), sources=(source,), lead_image=picture, **words)
    RelatedLink.objects.create(article=article, title=attack, after_block=1)
    Correction.objects.create(article=article, note=attack)
    pages = [
        "/",
        article.get_absolute_url(),
        section.get_absolute_url(),
        author.get_absolute_url(),
        "/sources/q/",
    ]
    for path in pages:
        page = text(client, path)
        assert attack not in page, path
        assert "&lt;script&gt;" in page
        assert "&amp;lt;" not in page, path


def test_more_to_read_names_no_article_twice(client: Client) -> None:
    tag = make_tag()
    article = make_article("المادة نفسها", tags=(tag,))
    placed = make_article("المادة المختارة", tags=(tag,))
    RelatedLink.objects.create(article=article, target=placed, after_block=1)
    others = [make_article(f"مادة ذات صلة {n}", tags=(tag,)) for n in range(3)]
    page = text(client, article.get_absolute_url())
    for other in (placed, *others):
        assert page.count(f'href="{other.get_absolute_url()}"') == 1


def test_articles_that_share_tags_come_before_the_rest_of_the_section(client: Client) -> None:
    tag = make_tag()
    article = make_article(tags=(tag,))
    kin = make_article("قريبة الموضوع", section=make_section(), tags=(tag,), at=timezone.now() - timedelta(days=9))
    for _ in range(6):
        make_article()
    page = text(client, article.get_absolute_url())
    assert page.index("مقالات ذات صلة") < page.index(kin.headline)


# --- Lists


def test_section_is_paginated(client: Client) -> None:
    section = make_section()
    for number in range(21):
        make_article(f"مادة رقم {number}", at=timezone.now() - timedelta(hours=number + 1))
    path = section.get_absolute_url()
    first = text(client, path)
    (older,) = re.findall(rf'href="({re.escape(path)}\?before=[0-9a-z]+-[0-9a-z]+)">الأقدم', first)
    second = text(client, older)
    assert "مادة رقم 0" in first
    assert "مادة رقم 20" not in first
    assert "مادة رقم 20" in second
    assert f'href="{path}">الأحدث' in second
    assert f'rel="canonical" href="http://127.0.0.1:8000{older}"' in second


@pytest.mark.parametrize("number", ["0", "-1", "x", "", "02", "١", "1.0", "99999999999", "1%00"])
def test_a_page_that_is_not_there_is_404(client: Client, number: str) -> None:
    section = make_section()
    make_article(section=section)
    assert client.get(f"{section.get_absolute_url()}?page={number}").status_code in {400, 404}


def test_section_without_articles_says_so(client: Client) -> None:
    assert "لا توجد مواد في هذا القسم حتى الآن." in text(client, make_section().get_absolute_url())


def test_tag_author_and_source_of_drafts_alone_are_unknown(client: Client) -> None:
    tag, author, source = make_tag(), make_author(), make_source()
    make_article(published=False, authors=(author,), sources=(source,), tags=(tag,))
    for row in (tag, author, source):
        assert client.get(row.get_absolute_url()).status_code == 404


def test_counts_tell_of_public_articles_only(client: Client) -> None:
    tag = make_tag()
    for _ in range(2):
        make_article(tags=(tag,))
    make_article(published=False, tags=(tag,))
    assert "مادتان" in text(client, tag.get_absolute_url())


def test_author_with_two_roles_in_a_story_has_it_once(client: Client) -> None:
    author = make_author()
    article = make_article(authors=(author,))
    Byline.objects.create(article=article, author=author, role=BylineRole.PHOTOGRAPHY)
    page = text(client, author.get_absolute_url())
    assert page.count(article.headline) == 1
    assert "مادة واحدة" in page


def test_source_page_says_how_we_use_it(client: Client) -> None:
    source = make_source("وكالة الساحل", home_page="https://example.org/")
    make_article(sources=(source,))
    page = text(client, source.get_absolute_url())
    assert "<title>مواد عن وكالة الساحل | " in page
    assert "ننشر هذه المواد مع الإشارة إلى مصدرها، وقد نحرّرها أو نختصرها." in page
    assert 'href="https://example.org/"' in page


# --- Archive


def test_days_are_those_of_the_newsroom(client: Client) -> None:
    # Half past eleven in the evening in UTC is half past two the next morning in Damascus.
    make_article("خبر بعد منتصف الليل", at=datetime(2026, 11, 19, 23, 30, tzinfo=UTC))
    assert "خبر بعد منتصف الليل" in text(client, "/archive/2026/11/20/")
    assert client.get("/archive/2026/11/19/").status_code == 404


def test_archive_leads_from_years_to_days(client: Client) -> None:
    make_article(at=datetime(2026, 11, 20, 9, tzinfo=UTC))
    make_article(at=datetime(2025, 3, 2, 9, tzinfo=UTC))
    years = text(client, "/archive/")
    assert years.index("٢٠٢٦") < years.index("٢٠٢٥")
    assert "/archive/2025/03/" in years
    month = text(client, "/archive/2026/11/")
    assert "أرشيف نوفمبر/تشرين الثاني ٢٠٢٦" in month
    assert 'href="/archive/2026/11/20/"' in month
    assert 'href="/archive/2026/11/21/"' not in month
    assert 'href="/archive/2025/03/"' in month
    assert month.count('scope="col"') == 7


def test_neighbouring_days_are_days_with_articles(client: Client) -> None:
    for day in (3, 10, 20):
        make_article(at=datetime(2026, 11, day, 9, tzinfo=UTC))
    page = text(client, "/archive/2026/11/10/")
    assert 'rel="prev" href="/archive/2026/11/03/"' in page
    assert 'rel="next" href="/archive/2026/11/20/"' in page


@pytest.mark.parametrize(
    "path",
    [
        "2026/11/31",
        "2026/02/30",
        "2026/13",
        "2026/00",
        "0000/01",
        "1989/12/31",
        "2101/01",
        "9999/12/31",
        "2026/1",
        "2026/11/19",
    ],
)
def test_days_that_never_were_or_have_nothing_are_404(client: Client, path: str) -> None:
    make_article(at=datetime(2026, 11, 20, 9, tzinfo=UTC))
    assert client.get(f"/archive/{path}/").status_code == 404


# --- What every page has in common


def rich_article(number: int) -> Article:
    """A story with everything that could cost a query: n of each."""
    authors = tuple(make_author(portrait=make_image()) for _ in range(number))
    article = make_article(
        lead_image=make_image(source=make_source()), authors=authors, at=datetime(2026, 11, 20, 9, tzinfo=UTC)
    )
    for _ in range(number):
        Attribution.objects.create(article=article, source=make_source())
        RelatedLink.objects.create(article=article, target=make_article(lead_image=make_image()), after_block=1)
        Correction.objects.create(article=article, note="تصحيح.")
        article.tags.add(make_tag())
    return article


@pytest.fixture
def kept_parts(settings: Any) -> Iterator[None]:
    """As on a site that runs: what all pages of a section share is there already, pages are not kept."""
    parts.clear()
    stories.clear()
    settings.PAGE_CACHE = "parts"
    yield
    parts.clear()
    stories.clear()


@pytest.mark.parametrize("number", [1, 3])
@pytest.mark.usefixtures("kept_parts")
def test_article_takes_two_queries(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries, number: int
) -> None:
    """The story and its corrections; four where what is related is not among the newest."""
    article = rich_article(number)
    for _ in range(number):
        make_article(tags=tuple(article.tags.all()), authors=(make_author(),), lead_image=make_image())
    text(client, article.get_absolute_url())
    with django_assert_num_queries(2):
        text(client, article.get_absolute_url())


@pytest.mark.parametrize("number", [1, 3])
@pytest.mark.usefixtures("kept_parts")
def test_article_with_everything_takes_four_queries(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries, number: int
) -> None:
    """Two, one for the updates of its coverage, one for all pictures that stand in its texts."""
    article = rich_article(number)
    pictures = [make_image(caption="شرح", source=make_source()) for _ in range(number)]
    body = "".join(f'<figure><img src="{each.file.url}" alt="نخلة"></figure>' for each in pictures)
    Article.objects.filter(pk=article.pk).update(
        body=BODY + body, coverage_started_at=article.published_at, key_points="نقطة\nنقطة", updated_at=timezone.now()
    )
    for place in range(1, number + 1):
        LiveUpdate.objects.create(article=article, headline="تحديث", body=body, is_key=True)
        make_article(tags=tuple(article.tags.all()), authors=(make_author(),), lead_image=make_image())
        other = make_article(section=make_section(), authors=(make_author(),), lead_image=make_image())
        MostRead.objects.create(article=other, rank=place, score=1)
        FrontSlot.objects.create(article=other, place=SlotPlace.PICK, position=place)
    text(client, article.get_absolute_url())
    with django_assert_num_queries(4):
        shown = text(client, article.get_absolute_url())
    assert shown.count("<img") > 2 * number
    assert 'id="most-read"' in shown


@pytest.mark.parametrize("number", [1, 3])
@pytest.mark.parametrize(
    ("name", "queries"),
    [
        ("home", 6),
        ("section", 6),
        ("tag", 5),
        ("author", 6),
        ("source", 5),
        ("archive", 2),
        ("month", 4),
        ("day", 6),
    ],
)
def test_lists_take_a_fixed_number_of_queries(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries, name: str, queries: int, number: int
) -> None:
    at = datetime(2026, 11, 20, 9, tzinfo=UTC)
    section, author, source, tag = make_section(), make_author(), make_source(), make_tag()
    for _ in range(number):
        picture = make_image()
        make_article(
            section=section,
            authors=(author, make_author()),
            sources=(source,),
            tags=(tag,),
            lead_image=picture,
            at=at,
        )
        make_article(section=make_section(), authors=(make_author(),), origin=Origin.OPINION, at=at)
    paths = {
        "home": "/",
        "section": section.get_absolute_url(),
        "tag": tag.get_absolute_url(),
        "author": author.get_absolute_url(),
        "source": source.get_absolute_url(),
        "archive": "/archive/",
        "month": "/archive/2026/11/",
        "day": "/archive/2026/11/20/",
    }
    with django_assert_num_queries(queries):
        text(client, paths[name])


def test_public_pages_set_no_cookie_and_do_not_vary_by_one(client: Client) -> None:
    section, author, source, tag = make_section(), make_author(), make_source(), make_tag()
    at = datetime(2026, 11, 20, 9, tzinfo=UTC)
    article = make_article(at=at, section=section, authors=(author,), sources=(source,), tags=(tag,))
    rows = (article, section, author, source, tag)
    paths = [
        "/",
        "/archive/",
        "/archive/2026/11/",
        "/archive/2026/11/20/",
        *(row.get_absolute_url() for row in rows),
    ]
    for path in (*paths, "/nothing-here/", make_withdrawn().get_absolute_url()):
        response = client.get(path)
        assert not response.cookies, path
        assert "Cookie" not in response.get("Vary", ""), path


def test_story_that_is_no_coverage_has_no_pages(client: Client) -> None:
    """Or everybody could make up addresses for one text without end."""
    story = make_article()
    for query in ("page=2", "update=5", "page="):
        answer = client.get(f"{story.get_absolute_url()}?{query}")
        assert (answer.status_code, answer["Location"]) == (302, story.get_absolute_url())
    assert client.get(f"{story.get_absolute_url()}?utm_source=x").status_code == 200
