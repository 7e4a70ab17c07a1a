"""Which articles stand beside one, for readers and for the desk."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from accounts.models import User
from accounts.roles import Role
from articles import related_choices
from articles.beside import more_to_read
from articles.changes import open_changes
from articles.models import Article, RelatedChoice, RelatedLink
from articles.page_rows import public_story
from articles.publishing import NotAllowed
from articles.reading import public_links
from articles.related import related_to
from articles.related_choices import CannotChoose
from audit.enums import Action
from audit.models import AuditEntry
from tests.factories import make_article, make_indexed, make_section, make_site, make_user, make_withdrawn

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)


@pytest.fixture
def editor() -> User:
    make_site()
    return make_user(Role.EDITOR)


def beside(article: Article) -> list[Article]:
    """As readers see it."""
    page = Article.objects.for_page().get(pk=article.pk)
    return more_to_read(page, public_links(page)).related


def ago(days: float) -> Any:
    return timezone.now() - days * DAY


def test_who_shares_more_tags_comes_first() -> None:
    story = make_article("حصاد", tags=("قمح", "مطر"))
    one = make_article("خبر", at=ago(1), tags=("قمح",))
    both = make_article("نبأ", at=ago(9), tags=("قمح", "مطر"))
    assert related_to(story, 2) == [both, one] == beside(story)[:2]


def test_a_rare_tag_weighs_more_than_a_frequent_one() -> None:
    section = make_section("محليات")
    story = make_article("حصاد", tags=("بلدية", "زنجبيل"), section=section)
    rare = make_article("نبأ قديم", at=ago(40), tags=("زنجبيل",), section=section)
    for number in range(12):
        make_article(f"خبر {number}", at=ago(number / 24), tags=("بلدية",), section=section)
    assert related_to(story, 4)[0] == rare == beside(story)[0]


def test_a_rare_tag_is_found_behind_hundreds_of_a_frequent_one() -> None:
    story = make_article("حصاد", tags=("بلدية", "زنجبيل"))
    rare = make_article("نبأ قديم", at=ago(300), tags=("زنجبيل",))
    for number in range(30):
        make_article(f"خبر {number}", at=ago(number / 24), tags=("بلدية",))
    assert rare in beside(story)


def test_words_of_the_headline_tell_apart_what_shares_a_tag() -> None:
    story = make_article("تأجيل افتتاح الجسر المعلق", tags=("بلدية",))
    make_article("سوق للخضار", at=ago(0.5), tags=("بلدية",))
    bridge = make_article("الجسر المعلّق يفتتح قريباً", at=ago(3), tags=("بلدية",))
    assert related_to(story, 1) == [bridge] == beside(story)[:1]


def test_the_desk_finds_an_old_story_by_its_headline_alone() -> None:
    other = make_section("ثقافة")
    old = make_indexed("ترميم قلعة شيزر", at=ago(700), section=other)
    for number in range(20):
        make_indexed(f"خبر {number}", at=ago(number))
    story = make_indexed("عودة الزوار إلى قلعة شيزر", section=make_section("سياحة"))
    assert related_to(story, 3)[0] == old


def test_never_itself_nor_what_is_not_public() -> None:
    story = make_indexed("حصاد القمح", tags=("قمح",))
    make_indexed("حصاد القمح غداً", tags=("قمح",), at=timezone.now() + DAY)
    make_indexed("حصاد القمح مسودة", tags=("قمح",), published=False)
    make_withdrawn(headline="حصاد القمح", tags=("قمح",))
    assert related_to(story, 8) == [] == beside(story)


def test_never_empty_while_anything_else_is_public() -> None:
    story = make_article("حصاد", section=make_section("اقتصاد"))
    other = make_article("مباراة", section=make_section("رياضة"), at=ago(500))
    assert related_to(story, 4) == [other] == beside(story)


def test_no_story_stands_there_twice() -> None:
    story = make_indexed("حصاد القمح", tags=("قمح", "مطر"))
    for number in range(6):
        make_indexed(f"حصاد القمح {number}", tags=("قمح", "مطر"), at=ago(number))
    found = related_to(story, 8)
    page = more_to_read(Article.objects.for_page().get(pk=story.pk), [])
    shown = [*page.related, *page.most_read, *page.in_section]
    assert len(found) == len(set(found)) == 6
    assert len(shown) == len(set(shown))


def test_pinned_ones_come_first_in_their_order_and_four_at_most(editor: User) -> None:
    story = make_article("حصاد", tags=("قمح",))
    make_article("الأقرب", tags=("قمح",))
    pins = [make_article(f"اختيار {number}", section=make_section(), at=ago(900)) for number in range(5)]
    for article in reversed(pins):
        related_choices.pin(story, article.pk, by=editor)
    related_choices.arrange(story, [article.pk for article in pins], by=editor)
    assert beside(story) == pins[:4] == related_to(story, 4)


def test_a_banned_one_never_comes(editor: User) -> None:
    story = make_article("حصاد", tags=("قمح",))
    banned = make_article("حصاد آخر", tags=("قمح",))
    make_article("سوق", tags=("قمح",))
    related_choices.ban(story, banned.pk, by=editor)
    page = more_to_read(Article.objects.for_page().get(pk=story.pk), [])
    assert banned not in [*page.related, *page.most_read, *page.in_section]
    assert banned not in related_to(story, 8)


def test_a_scheduled_one_is_pinned_and_appears_when_it_is_public(editor: User, clock: Any) -> None:
    story, other = make_article("حصاد"), make_article("سوق")
    later = make_article("غداً", at=timezone.now() + DAY)
    related_choices.pin(story, later.pk, by=editor)
    assert beside(story) == [] or later not in beside(story)
    clock.shift(2 * DAY)
    assert beside(story)[0] == later
    assert other not in beside(story)[:1]


def test_what_read_also_names_is_not_repeated() -> None:
    story = make_article("حصاد", tags=("قمح",))
    linked = make_article("حصاد آخر", tags=("قمح",))
    make_article("سوق", tags=("قمح",))
    RelatedLink.objects.create(article=story, target=linked)
    assert linked not in beside(story)


def test_the_changes_of_a_story_have_its_choices(editor: User) -> None:
    story, pinned = make_article("حصاد", created_by=editor), make_article("سوق", section=make_section())
    copy = open_changes(story, by=editor)
    related_choices.pin(copy, pinned.pk, by=editor)
    assert RelatedChoice.objects.get().article == story
    found = related_to(copy, 4)
    assert found[0] == pinned
    assert story not in found


def test_every_choice_is_logged_without_a_headline(editor: User) -> None:
    story, other = make_article("حصاد"), make_article("سوق")
    related_choices.pin(story, other.pk, by=editor)
    related_choices.ban(story, other.pk, by=editor)
    related_choices.release(story, other.pk, by=editor)
    entries = AuditEntry.objects.filter(action=Action.RELATED_CHOSEN).order_by("id")
    assert [(entry.after, entry.note) for entry in entries] == [
        ("pinned", f"#{other.pk}"),
        ("banned", f"#{other.pk}"),
        ("released", f"#{other.pk}"),
    ]
    assert RelatedChoice.objects.count() == 0


def test_one_place_up(editor: User) -> None:
    story = make_article("حصاد")
    one, two, three = (make_article(f"م {number}") for number in range(3))
    for article in (one, two, three):
        related_choices.pin(story, article.pk, by=editor)
    related_choices.lift(story, three.pk, by=editor)
    related_choices.lift(story, one.pk, by=editor)  # is first
    targets = RelatedChoice.objects.filter(article=story).values_list("target", flat=True)
    assert list(targets) == [one.pk, three.pk, two.pk]


def test_nothing_that_is_not_there_or_not_to_be_seen_is_chosen(editor: User) -> None:
    story = make_article("حصاد")
    draft = make_article("مسودة", published=False)
    for target in (story.pk, draft.pk, 10**9):
        with pytest.raises(CannotChoose):
            related_choices.pin(story, target, by=editor)
    assert RelatedChoice.objects.count() == 0


def test_a_reporter_chooses_for_an_own_draft_alone(editor: User) -> None:
    reporter = make_user(Role.REPORTER)
    own, other = make_article("مسودة", published=False, created_by=reporter), make_article("سوق")
    public, scheduled = make_article("حصاد", created_by=reporter), make_article("غداً", at=timezone.now() + DAY)
    related_choices.pin(own, other.pk, by=reporter)
    with pytest.raises(NotAllowed):
        related_choices.pin(public, other.pk, by=reporter)
    with pytest.raises(CannotChoose):
        related_choices.pin(own, scheduled.pk, by=reporter)
    assert RelatedChoice.objects.get().article == own


def test_the_page_asks_as_much_with_every_choice(editor: User, django_assert_num_queries: Any) -> None:
    """The lists of the section and the site, the last stories of the tags."""
    story = make_article("حصاد", tags=("قمح", "مطر", "سوق"))
    for number in range(4):
        other = make_article(f"خبر {number}", tags=("قمح", "مطر"))
        related_choices.pin(story, other.pk, by=editor)
    page = public_story(story.pk)
    assert page is not None
    with django_assert_num_queries(2):
        found = more_to_read(page, [])
    assert len(found.related) == 4
