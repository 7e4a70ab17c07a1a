"""A story in a list: what a card says, and that nothing in it can be markup."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django import Settings

from articles.card_rows import cards_by_key
from articles.cards import card, card_list, card_row
from articles.enums import Origin, Status
from articles.models import Article
from newsroom.lib.generations import bump
from newsroom.lib.keeping import parts, stories
from tests.factories import make_article, make_author, make_image, make_section, make_site

pytestmark = pytest.mark.django_db

EVIL = "<script>alert(1)</script>\"'&"
ESCAPED = "&lt;"


def on_card(article: Article) -> Article:
    return Article.objects.for_cards().get(pk=article.pk)


def test_no_text_of_a_card_is_markup() -> None:
    make_site()
    section = make_section(name=f"قسم {EVIL}")
    article = make_article(
        f"خبر {EVIL}", kicker=f"تمهيد {EVIL}", standfirst=f"مقدمة {EVIL}", section=section, authors=(make_author(EVIL),)
    )
    html = card(on_card(article), with_date=True)
    Article.objects.filter(pk=article.pk).update(kicker="", promo_headline=EVIL)
    html += card_list([on_card(article)])
    assert "<script" not in html
    assert html.count(ESCAPED) >= 7


def test_a_card_says_that_a_story_breaks_goes_on_and_is_an_opinion() -> None:
    make_site()
    soon = timezone.now() + timedelta(hours=1)
    story = make_article(breaking_until=soon, coverage_started_at=timezone.now(), origin=Origin.OPINION, kicker="رأي")
    html = card(on_card(story), in_section=True)
    assert '<span class="label-hot">عاجل</span> · <span class="label-hot">' in html
    assert html.count("رأي") == 1


def test_in_its_section_a_plain_card_has_no_line_above_the_headline() -> None:
    make_site()
    story = on_card(make_article(kicker=""))
    assert 'class="kicker"' in card(story)
    assert 'class="kicker"' not in card(story, in_section=True)


def test_the_fewer_cards_stand_in_a_row_the_wider_are_their_pictures() -> None:
    make_site()
    stories = [on_card(make_article(lead_image=make_image(renditions={"jpeg": [320, 640]}))) for _ in range(4)]
    widths = [card_row(stories[:count]).partition('sizes="')[2].partition('"')[0] for count in (1, 2, 3, 4)]
    assert len(set(widths)) == 4
    assert card_row(stories[:3]).count('<article class="card') == 3


@pytest.mark.parametrize("count", [1, 3, 20])
def test_cards_by_their_keys_cost_two_queries_and_printing_them_none(count: int) -> None:
    make_site()
    keys = [make_article(lead_image=make_image(), authors=(make_author(), make_author())).pk for _ in range(count)]
    with CaptureQueriesContext(connection) as asked:
        rows = cards_by_key(keys, portraits=True)
        assert len(rows) == count
    with CaptureQueriesContext(connection) as printing:
        html = card_list(rows[key] for key in keys)
    assert len(asked) == 2
    assert len(printing) <= 1  # the settings of the site
    assert html.count("<article") == count


def test_cards_by_their_keys_are_those_of_public_stories() -> None:
    public, draft = make_article(), make_article(status=Status.DRAFT)
    assert set(cards_by_key([public.pk, draft.pk])) == {public.pk}
    assert cards_by_key([]) == {}


def test_a_card_that_is_kept_is_drawn_anew_when_something_on_it_changes(settings: Settings) -> None:
    settings.PAGE_CACHE = "parts"
    parts.clear()
    stories.clear()
    make_site()
    author, section = make_author("سلمى"), make_section(name="محليات")
    story = make_article("قبل", authors=(author,), section=section, lead_image=make_image())
    others = make_article("غيرها", section=make_section())
    seen = []
    for row in (None, author, section, story.lead_image, story):
        if row:
            bump(row.own_scope)
        kept = cards_by_key([story.pk, others.pk])
        seen.append((kept[story.pk], kept[others.pk]))
        card(kept[story.pk])
    assert len({id(row) for row, _other in seen}) == 5
    Article.objects.filter(pk=story.pk).update(headline="بعد")
    assert "قبل" in card(cards_by_key([story.pk])[story.pk])
    bump(story.own_scope)
    assert "بعد" in card(cards_by_key([story.pk])[story.pk])
    assert len({id(other) for _row, other in seen}) == 1
    parts.clear()
    stories.clear()
