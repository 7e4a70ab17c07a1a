"""What the pages of sections, authors, sources and corrections tell readers."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.roles import Role
from articles import section_topics
from articles.enums import BylineRole, CorrectionKind
from articles.models import Article, Byline, Correction
from articles.section_topics import MOST, topics_of
from newsroom.lib.prepared import Prepared
from tests.factories import (
    make_article,
    make_author,
    make_image,
    make_page,
    make_section,
    make_site,
    make_source,
    make_tag,
    make_user,
    make_withdrawn,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def site() -> None:
    make_site()


def text(client: Client, address: str, status: int = 200) -> str:
    response = client.get(address)
    assert response.status_code == status
    return response.content.decode()


def correct(article: Article, note: str, hours: float = 1, kind: CorrectionKind = CorrectionKind.CORRECTION) -> None:
    Correction.objects.create(article=article, note=note, kind=kind, at=timezone.now() - timedelta(hours=hours))


def test_topics_of_a_section_are_the_tags_that_its_stories_share() -> None:
    section, other = make_section(), make_section()
    often, twice, once = make_tag(), make_tag(), make_tag()
    for tags in ((often, twice), (often, twice, once), (often,)):
        make_article(section=section, tags=tags)
    make_article(section=section, tags=(once,), published=False)
    make_article(section=other, tags=(once,))
    assert list(topics_of(section)) == [often, twice]


def test_topics_are_those_of_the_newest_stories(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(section_topics, "NEWEST", 2)
    monkeypatch.setattr(section_topics, "_topics", Prepared(section_topics._shared_tags))
    section, old, new = make_section(), make_tag(), make_tag()
    for hours in range(4):
        tag = new if hours < 2 else old
        make_article(section=section, tags=(tag,), at=timezone.now() - timedelta(hours=hours + 1))
    assert list(topics_of(section)) == [new]


def test_section_names_few_topics(client: Client) -> None:
    section = make_section()
    for _ in range(2):
        make_article(section=section, tags=tuple(f"وسم {number}" for number in range(MOST + 3)))
    page = text(client, section.get_absolute_url())
    assert page.count('rel="tag"') == MOST


def test_section_without_shared_tags_has_no_list_of_them(client: Client) -> None:
    section = make_section()
    make_article(section=section, tags=("وسم",))
    assert 'rel="tag"' not in text(client, section.get_absolute_url())


def test_story_with_a_picture_leads_its_section(client: Client) -> None:
    section = make_section()
    plain = make_article(section=section, at=timezone.now() - timedelta(hours=1))
    pictured = make_article(section=section, lead_image=make_image(), at=timezone.now() - timedelta(hours=2))
    page = text(client, section.get_absolute_url())
    assert page.index(f">{pictured.headline}<") < page.index(f">{plain.headline}<")


def test_author_page_names_languages_in_arabic(client: Client) -> None:
    author = make_author(languages="ar en")
    make_article(authors=(author,))
    assert "العربية، الإنجليزية" in text(client, author.get_absolute_url())


def test_author_page_without_languages_says_nothing_of_them(client: Client) -> None:
    author = make_author()
    make_article(authors=(author,))
    assert "العربية" not in text(client, author.get_absolute_url())


def test_author_page_tells_the_part_that_is_not_writing(client: Client) -> None:
    author, writer = make_author("هدى نجار", gender="female"), make_author("سامر حداد")
    written = make_article(authors=(author,))
    photographed = make_article(authors=(writer,))
    Byline.objects.create(article=photographed, author=author, role=BylineRole.PHOTOGRAPHY, position=1)
    page = text(client, author.get_absolute_url())
    assert page.count("تصوير: <bdi>هدى نجار</bdi>") == 1
    assert page.index(f">{photographed.headline}<") < page.index("تصوير: <bdi>") < page.index(f">{written.headline}<")


def test_author_page_asks_the_same_for_one_and_for_three(client: Client, django_assert_num_queries) -> None:
    author = make_author(languages="ar")
    for count in (1, 2):
        for _ in range(count):
            article = make_article(authors=(author,), lead_image=make_image())
            Byline.objects.create(article=article, author=author, role=BylineRole.EDITING, position=1)
        with django_assert_num_queries(6):
            text(client, author.get_absolute_url())


def test_section_page_asks_the_same_for_one_and_for_three(client: Client, django_assert_num_queries) -> None:
    section = make_section()
    for count in (1, 2):
        for _ in range(count):
            make_article(section=section, tags=("مياه",), authors=(make_author(portrait=make_image()),))
        with django_assert_num_queries(6):
            text(client, section.get_absolute_url())


GENERAL = "ننشر هذه المواد مع الإشارة إلى مصدرها"


@pytest.mark.parametrize(
    ("fields", "general", "own"),
    [
        ({"kind": "agency"}, True, False),
        ({"kind": "own"}, False, False),
        ({"republishing_note": "باتفاق."}, False, True),
    ],
)
def test_source_page_says_how_its_texts_come_here(client: Client, fields: dict, general: bool, own: bool) -> None:
    source = make_source(**fields)
    make_article(sources=(source,))
    page = text(client, source.get_absolute_url())
    assert (GENERAL in page, "باتفاق." in page) == (general, own)


def test_corrections_stand_newest_first_with_their_stories(client: Client) -> None:
    first, second = make_article("الخبر الأول"), make_article("الخبر الثاني")
    correct(first, "الصواب عشرة.", hours=2)
    correct(second, "المقصود شارع الميناء.", hours=1, kind=CorrectionKind.CLARIFICATION)
    page = text(client, "/corrections/")
    newer, older = page.index("المقصود شارع الميناء."), page.index("الصواب عشرة.")
    assert newer < older
    assert "توضيح" in page[:newer]
    assert f'href="{first.get_absolute_url()}"' in page[newer:]


def test_corrections_of_stories_that_are_not_public_are_not_listed(client: Client) -> None:
    for article in (make_article(published=False), make_withdrawn()):
        correct(article, "لا يُرى.")
    page = text(client, "/corrections/")
    assert "لا يُرى." not in page
    assert "<ol" not in page[page.index("<main") : page.index("</main>")]


def test_corrections_lead_to_the_policy_while_it_is_public(client: Client) -> None:
    policy = make_page("سياسة التصحيح")
    make_site(corrections_page=policy)
    assert f'href="{policy.get_absolute_url()}"' in text(client, "/corrections/")
    policy.is_public = False
    policy.save()
    assert policy.get_absolute_url() not in text(client, "/corrections/")


def test_corrections_are_cut_into_pages_of_the_same_cost(client: Client, django_assert_num_queries) -> None:
    for count in (1, 2, 20):
        for number in range(count):
            correct(make_article(), "صواب.", hours=number)
        with django_assert_num_queries(2):
            first = text(client, "/corrections/")
    (older,) = re.findall(r'href="(/corrections/\?before=[^"]+)">الأقدم', first)
    with django_assert_num_queries(3):
        assert text(client, older).count("صواب.") == 3


def test_key_points_stand_above_the_text(client: Client) -> None:
    article = make_article(key_points="أُغلق الجسر.\n\nيُفتح غدًا.")
    page = text(client, article.get_absolute_url())
    box = page[page.index('id="key-points"') : page.index('class="article-body"')]
    assert [box.count(f"<li>{point}</li>") for point in ("أُغلق الجسر.", "يُفتح غدًا.")] == [1, 1]
    assert box.count("<li>") == 2


def test_article_without_key_points_has_no_box(client: Client) -> None:
    assert "key-points" not in text(client, make_article().get_absolute_url())


def test_withdrawn_story_leads_to_search_and_to_the_latest(client: Client) -> None:
    latest = make_article("خبر جديد")
    page = text(client, make_withdrawn().get_absolute_url(), status=410)
    main = page[page.index("<main") : page.index("</main>")]
    assert 'role="search"' in main
    assert latest.get_absolute_url() in main


def test_footer_names_the_address_of_the_newsroom(client: Client) -> None:
    assert "mailto:" not in text(client, "/")
    make_site(contact_email="desk@example.org")
    assert 'href="mailto:desk@example.org"' in text(client, "/")


@pytest.mark.parametrize(("kind", "field"), [("author", "languages"), ("source", "republishing_note")])
def test_desk_can_type_what_the_pages_of_people_say(client: Client, kind: str, field: str) -> None:
    client.force_login(make_user(Role.EDITOR))
    form = client.get(reverse(f"admin:articles_{kind}_add")).context["adminform"].form
    assert field in form.fields
