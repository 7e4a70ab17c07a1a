from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from accounts.models import User
from accounts.roles import Role
from articles import publishing
from articles.changes import open_changes, publish_changes, publish_due_changes
from articles.checklist import CHECKS, Finding, findings
from articles.commenting import comment, resolve
from articles.enums import Strictness
from articles.models import Article, AvoidedWord, CheckLevel
from articles.publishing import NotReady
from articles.readiness import gaps
from articles.revisions import record
from audit.enums import Action
from audit.models import AuditEntry
from newsroom.lib.arabic import letters
from tests.factories import BODY, make_article, make_image, make_source, make_user

pytestmark = pytest.mark.django_db

HEADLINE = "البلدية تفتتح حديقة عامة جديدة وسط المدينة القديمة"
STANDFIRST = "تضم الحديقة ممرات للمشي ومكتبة صغيرة وملعبا للأطفال، ويدخلها الناس مجانا حتى نهاية السنة الجارية."


def complete(**fields: Any) -> Article:
    """An article about which nothing is to be said."""
    image = make_image(width=1600, height=900)
    fields = {"headline": HEADLINE, "standfirst": STANDFIRST, "lead_image": image, "published": False} | fields
    tags = fields.pop("tags", ("مدن", "حدائق"))
    article = make_article(tags=tags, **fields)
    if not article.related_links.exists():
        article.related_links.create(title="خبر قديم", url="")
    return article


def found(article: Article) -> list[Finding]:
    return findings(article)


def names_of(article: Article) -> list[str]:
    return [one.check for one in findings(article)]


@pytest.fixture
def editor() -> User:
    return make_user(Role.EDITOR)


@pytest.fixture
def chief() -> User:
    return make_user(Role.CHIEF_EDITOR)


def block(check: str) -> None:
    CheckLevel.objects.create(check_name=check, strictness=Strictness.BLOCKS)


def test_nothing_is_said_about_a_complete_article() -> None:
    assert names_of(complete()) == []


@pytest.mark.parametrize(
    ("fields", "check", "field"),
    [
        ({"standfirst": ""}, "standfirst_missing", "standfirst"),
        ({"standfirst": "قصيرة"}, "standfirst_length", "standfirst"),
        ({"tags": ()}, "tags", "tags"),
        ({"tags": ("مدن",)}, "tags", "tags"),
        ({"tags": tuple("ابتثجحخ")}, "tags", "tags"),
        ({"headline": "خبر"}, "headline_length", "headline"),
        ({"headline": HEADLINE + " اليوم بعد سنوات من الانتظار"}, "headline_length", "headline"),
        ({"body": BODY + "<p>" + "كلمة " * 91 + "</p>"}, "long_paragraph", "body"),
        ({"body": BODY + "<p>" + "كلمة " * 40 + "كلمة. نعم.</p>"}, "long_sentence", "body"),
        ({"body": BODY + "<p>قال «نعم ثم مضى.</p>"}, "unpaired_marks", "body"),
        ({"body": BODY + '<p>قال "نعم ثم مضى.</p>'}, "unpaired_marks", "body"),
    ],
)
def test_each_thing_worth_a_look_names_its_field(fields: dict[str, Any], check: str, field: str) -> None:
    said = [(one.check, one.field) for one in findings(complete(**fields))]
    assert (check, field) in said
    assert {name for name, _field in said} <= {check, "long_sentence"}


@pytest.mark.parametrize(
    ("fields", "check"),
    [
        ({"credit": ""}, "picture_credit"),
        ({"width": 1199}, "picture_size"),
        ({"alt_text": "صورة لممر في سوق قديم"}, "picture_words"),
        ({"alt_text": "لقطة لممر في سوق قديم"}, "picture_words"),
        ({"alt_text": "صُورَةُ ممر في سوق قديم"}, "picture_words"),
        ({"alt_text": "ممر"}, "picture_words"),
        ({"alt_text": "ممر طويل " * 20}, "picture_words"),
    ],
)
def test_what_is_asked_of_a_picture(fields: dict[str, Any], check: str) -> None:
    image = make_image(**{"width": 1600, "height": 900} | fields)
    assert [(one.check, one.field) for one in findings(complete(lead_image=image))] == [(check, "lead_image")]


def test_a_source_of_the_picture_names_who_made_it() -> None:
    image = make_image(width=1600, height=900, credit="", source=make_source())
    assert names_of(complete(lead_image=image)) == []


def test_rights_that_end_are_looked_at_for_the_day_of_publication(clock: object) -> None:
    today = timezone.localdate()
    image = make_image(width=1600, height=900, rights_until=today + timedelta(days=2))
    article = complete(lead_image=image)
    assert names_of(article) == ["picture_rights_soon"]
    later = timezone.now() + timedelta(days=3)
    assert [one.check for one in findings(article, at=later)] == ["picture_rights"]
    for days, found in ((30, ["picture_rights_soon"]), (31, [])):  # as in the library of pictures
        image.rights_until = today + timedelta(days=days)
        image.save()
        assert names_of(Article.objects.get(pk=article.pk)) == found


def test_pictures_of_the_body_say_who_made_them_too() -> None:
    image = make_image(credit="", alt_text="جسر فوق النهر")
    article = complete(body=f'{BODY}<figure class="image"><img alt="جسر" src="{image.file.url}"></figure>')
    assert [(one.check, one.field, one.places) for one in findings(article)] == [
        ("picture_credit", "body", ("جسر فوق النهر",))
    ]


def test_vowel_marks_are_no_letters() -> None:
    assert letters("كَتَبَ") == 3


def test_a_headline_is_measured_in_pixels_and_not_in_letters() -> None:
    wide, narrow = "وووضضضصصص سسسشششضضض " * 4, "ا ل ا ل ا " * 8
    assert len(wide) <= len(narrow)
    assert "headline_lines" in names_of(complete(headline=wide))
    assert "headline_lines" not in names_of(complete(headline=narrow))


def test_a_headline_that_readers_may_remember_is_no_new_one() -> None:
    make_article(HEADLINE)
    assert names_of(complete(headline=HEADLINE.replace("ة", "ه"))) == ["headline_repeated"]
    Article.objects.published().update(published_at=timezone.now() - timedelta(days=31))
    assert names_of(complete(headline=HEADLINE.replace("ة", "ه"))) == []


def test_changes_repeat_the_headline_of_their_own_story(editor: User) -> None:
    story = complete(published=True)
    record(story, by=editor)
    assert names_of(open_changes(story, by=editor)) == []


def test_comments_that_are_open_are_counted_of_the_story(editor: User) -> None:
    story = complete(published=True)
    record(story, by=editor)
    copy = open_changes(story, by=editor)
    row = comment(copy, by=editor, text="تحقق من الرقم")
    assert [(one.field, one.sentence) for one in findings(copy)] == [("comments", "على المادة تعليق واحد لم يُغلق.")]
    resolve(row, by=editor)
    assert findings(copy) == []


def test_places_quote_the_text_and_say_whether_there_is_a_fix() -> None:
    (one,) = findings(complete(body=BODY + "<p>قال الوزير, إن الأمر انتهى.</p>"))
    assert (one.check, one.field, one.has_fix) == ("latin_signs", "body", True)
    assert "الوزير," in one.places[0]


def test_the_house_style_says_how_strict_a_check_is() -> None:
    article = complete(standfirst="")
    assert [one.strictness for one in findings(article)] == [Strictness.WARNS]
    block("standfirst_missing")
    assert [one.strictness for one in findings(article)] == [Strictness.BLOCKS]
    CheckLevel.objects.update(strictness=Strictness.SILENT)
    assert findings(article) == []


def test_what_the_newsroom_does_not_write_is_found_in_every_form_and_not_in_quotations() -> None:
    AvoidedWord.objects.create(word="مهاجرين غير شرعيين", instead="مهاجرين غير نظاميين", note="دليل الأسلوب")
    text = "<p>وصل عدد من المهاجرين غير الشرعيين. ووصف «مهاجرين غير شرعيين» قديم. رأينا ومهاجرين غير شرعيين.</p>"
    (one,) = findings(complete(body=BODY + text))
    assert (one.check, len(one.places), one.has_fix) == ("avoided_words", 1, True)
    assert "دليل الأسلوب" in one.sentence


def test_a_word_that_only_holds_an_avoided_one_is_another_word() -> None:
    AvoidedWord.objects.create(word="حد")
    assert names_of(complete(body=BODY + "<p>كان وحده في أحد الأيام، وحد من السرعة.</p>")) == []
    assert names_of(complete(body=BODY + "<p>وصل إلى الحد الأقصى.</p>")) == ["avoided_words"]


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"headline": "ا" * 111}, "headline"),
        ({"body": "<p>" + "كلمة " * 29 + "</p>"}, "body"),
        ({"without_picture": False}, "lead_image"),
        ({"section": None}, "section"),
    ],
)
def test_what_nobody_may_leave_out(fields: dict[str, Any], field: str, chief: User) -> None:
    article = (
        make_article(published=False, **{"section": None} | fields)
        if "section" in fields
        else make_article(published=False, **fields)
    )
    assert list(gaps(article, has_source=True)) == [field]
    with pytest.raises(NotReady) as refused:
        publishing.publish(article, by=chief, override="سبب وجيه")
    assert list(refused.value.reasons) == [field]


def test_breaking_news_and_live_coverage_may_be_one_word_long(clock: object) -> None:
    now = timezone.now()
    assert gaps(make_article(body="<p>زلزال</p>", breaking_until=now), has_source=True) == {}
    assert gaps(make_article(body="<p>زلزال</p>", coverage_started_at=now), has_source=True) == {}
    assert list(gaps(make_article(body="<p>زلزال</p>"), has_source=True)) == ["body"]


def test_110_letters_and_30_words_are_allowed() -> None:
    article = make_article("ا" * 110, body="<p>" + "كلمة " * 30 + "</p>")
    assert gaps(article, has_source=True) == {}


def test_an_uncredited_picture_is_published_by_a_chief_with_a_reason_alone(editor: User, chief: User) -> None:
    article = make_article(published=False, lead_image=make_image(credit=""))
    for by, reason in ((editor, "سبب"), (chief, ""), (chief, "  ")):
        with pytest.raises(NotReady) as refused:
            publishing.publish(article, by=by, override=reason)
        assert list(refused.value.reasons) == ["lead_image"]
    assert publishing.publish(article, by=chief, override="أرسلها صاحبها").is_published
    entry = AuditEntry.objects.get(action=Action.CHECKS_OVERRIDDEN)
    assert (entry.actor_id, entry.note) == (chief.pk, "picture_credit: أرسلها صاحبها")
    assert entry.subject_id == str(article.pk)


def test_nothing_is_logged_where_nothing_was_overridden(chief: User) -> None:
    publishing.publish(make_article(published=False), by=chief, override="سبب")
    assert not AuditEntry.objects.filter(action=Action.CHECKS_OVERRIDDEN).exists()


def test_scheduling_asks_the_checklist_and_approving_does_not(editor: User) -> None:
    block("standfirst_missing")
    article = make_article(published=False)
    with pytest.raises(NotReady):
        publishing.publish(article, by=editor, at=timezone.now() + timedelta(hours=1))
    assert publishing.approve(article, by=editor).status == "approved"


def test_changes_ask_the_checklist_when_they_are_scheduled_and_the_clock_does_not(
    editor: User, chief: User, clock: Any
) -> None:
    story = complete(published=True)
    record(story, by=editor)
    copy = open_changes(story, by=editor)
    at = timezone.now() + timedelta(hours=1)
    block("standfirst_missing")
    Article.objects.filter(pk=copy.pk).update(standfirst="")
    with pytest.raises(NotReady):
        publish_changes(copy, by=editor, at=at)
    publish_changes(copy, by=chief, at=at, override="لا وقت")
    clock.shift(3700)
    assert publish_due_changes() == 1
    story.refresh_from_db()
    assert story.standfirst == ""
    assert AuditEntry.objects.get(action=Action.CHECKS_OVERRIDDEN).subject_id == str(story.pk)


def test_every_check_has_a_rule_in_arabic_and_runs(django_assert_max_num_queries: Any) -> None:
    assert all(str(check.rule) for check in CHECKS)
    article = Article.objects.get(pk=complete().pk)
    with django_assert_max_num_queries(14):
        findings(article)
