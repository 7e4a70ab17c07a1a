"""The page that publishes: it does what its sentence said, to the article that it showed, or nothing."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import User
from accounts.roles import Role
from articles import publishing
from articles.admin import publishing_page
from articles.approvals import approved_version
from articles.change_kinds import template_for
from articles.changes import open_changes, publish_changes
from articles.enums import ChangeKind, RevisionAction, Status
from articles.models import Article, Section
from articles.presence import beat
from articles.publishing import approve, return_to_draft
from articles.revisions import record
from tests.articles.desk import change_url, form_data, messages_of, publish, publish_url, save
from tests.factories import BODY, make_article, make_section, make_site, make_user, make_withdrawn

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]

TONIGHT = "?at_0=2026-11-20&at_1=20:00"
TONIGHT_TOLD = "سيُنشر الجمعة ٢٠ تشرين الثاني عند ٨:٠٠ مساءً بتوقيت دمشق، ويظهر في الصفحة الرئيسية وقسم محليات"


@pytest.fixture
def editor(client: Client) -> User:
    make_site(months="levant")
    editor = make_user(Role.EDITOR)
    client.force_login(editor)
    return editor


@pytest.fixture
def section() -> Section:
    return make_section("محليات")


def draft(**fields: Any) -> Article:
    return make_article(published=False, **fields)


def changes_of(story: Article, by: User, **fields: Any) -> Article:
    record(story, by=by)
    copy = open_changes(story, by=by)
    Article.objects.filter(pk=copy.pk).update(**{"headline": "عنوان معدل"} | fields)
    copy.refresh_from_db()
    record(copy, by=by)
    return copy


def page(client: Client, article: Article, query: str = "") -> Any:
    response = client.get(publish_url(article) + query)
    assert response.status_code == 200
    return response


# What the page says


@pytest.mark.parametrize(
    ("planned", "shown"),
    [("2026-11-20 17:06:48.079793", "20:07"), ("2026-11-20 17:06", "20:06"), ("2024-05-03 09:59:59", "12:59")],
)
def test_the_box_of_the_time_holds_what_a_browser_can_show(
    client: Client, editor: User, section: Section, planned: str, shown: str
) -> None:
    moment = datetime.fromisoformat(planned).replace(tzinfo=UTC)
    response = page(client, draft(section=section, publish_at=moment))
    assert f'name="at_1" value="{shown}"' in response.content.decode()


def test_one_sentence_says_what_will_happen_when_and_where(client: Client, editor: User, section: Section) -> None:
    article = draft(section=section)
    assert page(client, article).context["sentence"] == "سيُنشر الآن، ويظهر في الصفحة الرئيسية وقسم محليات"
    response = page(client, article, TONIGHT)
    assert response.context["sentence"] == TONIGHT_TOLD
    assert TONIGHT_TOLD in response.content.decode()
    assert str(response.context["label"]) == "جدولة النشر"


def test_it_starts_from_the_time_that_the_draft_has(client: Client, editor: User, section: Section) -> None:
    article = draft(section=section, publish_at=datetime(2026, 11, 20, 17, tzinfo=UTC))
    assert page(client, article).context["sentence"] == TONIGHT_TOLD
    assert page(client, article, "?now=1&at_0=2026-11-20&at_1=20:00").context["moment"] == "now"


def test_it_starts_at_the_end_of_an_embargo(client: Client, editor: User) -> None:
    until = timezone.now() + timedelta(hours=3)
    article = draft(embargo_until=until)
    assert page(client, article).context["plan"].at == until
    ((address, _sentence),) = page(client, article, "?now=1").context["blocks"]
    assert address == "#id_at_0"


@pytest.mark.parametrize("query", ["?at_0=2026-11-20", "?at_0=0001-01-01&at_1=10:00", "?at_0=x&at_1=y", "?at_1=25:00"])
def test_a_moment_that_cannot_be_read_is_a_sentence_beside_its_boxes(client: Client, editor: User, query: str) -> None:
    response = page(client, draft(), query)
    assert response.context["form"].errors.keys() == {"at"}
    # Whoever mistyped a day must not find a button that publishes now in its place.
    assert 'aria-describedby="sentence"' not in response.content.decode()
    assert 'aria-describedby="sentence"' in page(client, draft()).content.decode()


def test_digits_of_any_script_are_read(client: Client, editor: User, section: Section) -> None:
    query = "?at_0=٢٠٢٦-١١-٢٠&at_1=٢٠:٠٠"
    assert page(client, draft(section=section), query).context["sentence"] == TONIGHT_TOLD


def test_what_is_missing_is_listed_with_links_and_there_is_no_button(client: Client, editor: User) -> None:
    article = draft()
    Article.objects.filter(pk=article.pk).update(headline="", section=None)
    response = page(client, article)
    addresses = [address for address, _sentence in response.context["blocks"]]
    assert addresses == [f"{change_url(article)}#id_headline", f"{change_url(article)}#id_section"]
    assert "بقي شرطان قبل النشر" in response.content.decode()
    assert 'aria-describedby="sentence"' not in response.content.decode()


def test_what_is_worth_a_look_leads_to_its_field(client: Client, editor: User) -> None:
    article = draft()
    addresses = [item.address for item in page(client, article).context["checklist"].warnings]
    assert f"{change_url(article)}#id_tags" in addresses
    assert f"{change_url(article)}#id_standfirst" in addresses


def test_whoever_has_the_form_open_is_named(client: Client, editor: User) -> None:
    article = draft()
    beat(make_user(Role.EDITOR, first_name="رنا"), article)
    assert "رنا" in page(client, article).context["others"]
    assert page(client, draft()).context["others"] == ""


# What the button does


def test_now_publishes_now(client: Client, editor: User) -> None:
    article = draft()
    response = publish(client, article)
    article.refresh_from_db()
    assert (article.is_published, article.published_at) == (True, timezone.now())
    assert article.get_absolute_url() in messages_of(response)[0]


def test_a_later_moment_schedules_exactly_that(client: Client, editor: User) -> None:
    article = draft()
    publish(client, article, TONIGHT)
    article.refresh_from_db()
    assert article.is_scheduled
    assert article.publish_at == datetime(2026, 11, 20, 17, tzinfo=UTC)


def test_a_past_moment_backdates_what_readers_have_never_seen(client: Client, editor: User) -> None:
    article = draft()
    response = publish(client, article, "?at_0=2024-05-03&at_1=12:00")
    assert response.redirect_chain
    article.refresh_from_db()
    assert article.published_at == datetime(2024, 5, 3, 9, tzinfo=UTC)


def test_a_schedule_is_moved(client: Client, editor: User) -> None:
    article = draft()
    publish(client, article, TONIGHT)
    publish(client, article, "?at_0=2026-11-21&at_1=07:00")
    article.refresh_from_db()
    assert article.publish_at == datetime(2026, 11, 21, 4, tzinfo=UTC)


def test_what_was_withdrawn_comes_back_under_its_first_date(client: Client, editor: User) -> None:
    article = make_withdrawn(at=datetime(2024, 5, 3, 9, tzinfo=UTC))
    assert "بتاريخ نشره الأول، الجمعة ٣ أيار ٢٠٢٤" in page(client, article).context["sentence"]
    assert page(client, article, "?at_0=2024-05-03&at_1=12:00").context["form"].errors.keys() == {"at"}
    publish(client, article)
    article.refresh_from_db()
    assert (article.is_published, article.published_at.year) == (True, 2024)


@pytest.mark.parametrize(("kind", "moves"), [("wording", False), ("update", True)])
def test_changes_are_published_and_only_an_update_moves_the_visible_time(
    client: Client, editor: User, kind: str, moves: bool
) -> None:
    story = make_article("عنوان قديم")
    copy = changes_of(story, editor)
    publish(client, copy, f"?kind={kind}")
    story.refresh_from_db()
    assert story.headline == "عنوان معدل"
    assert (story.updated_at == timezone.now()) is moves
    assert not Article.objects.working_copies().exists()


def test_changes_are_scheduled_and_say_so(client: Client, editor: User) -> None:
    story = make_article("عنوان قديم")
    copy = changes_of(story, editor)
    response = publish(client, copy, TONIGHT, kind="wording")
    assert messages_of(response)[0].startswith("سيرى القراء التعديلات الجمعة ٢٠ تشرين الثاني عند ٨:٠٠ مساءً")
    copy.refresh_from_db()
    story.refresh_from_db()
    assert (copy.is_scheduled, story.headline) == (True, "عنوان قديم")


def test_changes_have_no_date_in_the_past(client: Client, editor: User) -> None:
    copy = changes_of(make_article(), editor)
    assert page(client, copy, "?at_0=2024-05-03&at_1=12:00").context["form"].errors.keys() == {"at"}


def test_changes_that_failed_say_why_and_offer_to_try_again(client: Client, editor: User) -> None:
    copy = changes_of(make_article(), editor)
    Article.objects.filter(pk=copy.pk).update(
        status=Status.APPROVED, publish_at=timezone.now() - timedelta(hours=1), schedule_error="المتن فارغ."
    )
    response = page(client, copy)
    assert "المتن فارغ." in response.content.decode()
    assert response.context["moment"] == "now"
    publish(client, copy, kind="wording")
    assert not Article.objects.working_copies().exists()


# Never anything else than the sentence said


def test_an_article_that_changed_meanwhile_is_not_published(client: Client, editor: User) -> None:
    article = draft()
    record(article, by=editor)
    article.refresh_from_db()
    seen = article.version
    Article.objects.filter(pk=article.pk).update(headline="عنوان آخر")
    record(article, by=editor)
    response = publish(client, article, version=seen)
    assert response.status_code == 409
    article.refresh_from_db()
    assert article.status == Status.DRAFT
    (difference,) = response.context["differences"]
    assert (difference.since.version, difference.labels) == (seen, ["العنوان"])
    publish(client, article)
    article.refresh_from_db()
    assert article.is_published


def test_a_moment_that_passed_between_page_and_button_is_asked_for_again(
    client: Client, editor: User, clock: Any
) -> None:
    article = draft()
    data = {"moment": "2026-11-20T07:00:00+00:00", "mode": "later", "kind": "wording", "version": article.version}
    clock.move_to(datetime(2026, 11, 20, 7, 3, tzinfo=UTC))
    response = client.post(publish_url(article), data)
    assert response.status_code == 409
    article.refresh_from_db()
    assert article.status == Status.DRAFT


def test_two_minutes_late_is_in_time(client: Client, editor: User, clock: Any) -> None:
    article = draft()
    data = {"moment": "2026-11-20T07:00:00+00:00", "mode": "later", "kind": "wording", "version": article.version}
    clock.move_to(datetime(2026, 11, 20, 7, 1, 59, tzinfo=UTC))
    client.post(publish_url(article), data)
    article.refresh_from_db()
    assert (article.is_published, article.published_at) == (True, datetime(2026, 11, 20, 7, tzinfo=UTC))


@pytest.mark.parametrize(
    "forged",
    [
        {"moment": "now", "mode": "later"},
        {"moment": "2026-11-20T17:00:00", "mode": "later"},
        {"moment": "tonight", "mode": "later"},
        {"moment": "2026-13-45T99:00:00+00:00", "mode": "later"},
        {"moment": "0001-01-01T00:00:00+14:00", "mode": "backdated"},
        {"moment": "9999-12-31T23:59:59-12:00", "mode": "later"},
        {"moment": "tonight", "mode": "now"},
        {"moment": ""},
        {"mode": "soon"},
        {"kind": "other"},
        {"version": "x"},
        {"version": ""},
    ],
)
def test_what_no_page_sends_does_nothing(client: Client, editor: User, forged: dict[str, str]) -> None:
    article = draft()
    assert publish(client, article, **forged).status_code == 409
    article.refresh_from_db()
    assert article.status == Status.DRAFT


def test_what_is_not_ready_is_not_published_whatever_is_sent(client: Client, editor: User) -> None:
    article = draft()
    Article.objects.filter(pk=article.pk).update(body="")
    response = publish(client, article)
    assert response.status_code == 409
    assert response.context["blocks"]
    article.refresh_from_db()
    assert article.status == Status.DRAFT


def test_looking_at_the_page_changes_nothing(client: Client, editor: User) -> None:
    article = draft()
    page(client, article, TONIGHT)
    article.refresh_from_db()
    assert (article.status, article.publish_at, article.version) == (Status.DRAFT, None, 0)


# What changed since


def test_what_changed_since_the_approval_is_shown(client: Client, editor: User) -> None:
    article = draft()
    record(article, by=editor)
    approve(article, by=editor)
    assert page(client, article).context["differences"][0].labels == []
    save(client, article, headline="عنوان بعد الاعتماد")
    (difference,) = page(client, article).context["differences"]
    assert difference.since.action == RevisionAction.APPROVED
    assert "العنوان" in difference.labels
    assert client.get(difference.address).status_code == 200


def test_an_approval_that_was_taken_back_counts_no_more(client: Client, editor: User) -> None:
    article = draft()
    approve(article, by=editor)
    return_to_draft(article, by=editor)
    assert page(client, article).context["differences"] == []


def test_an_approval_of_earlier_changes_counts_for_them_alone(editor: User, clock: Any) -> None:
    story = make_article()
    first = changes_of(story, editor)
    approve(first, by=editor)
    publish_changes(first, by=editor)
    clock.shift(60)
    story.refresh_from_db()
    second = changes_of(story, editor, headline="عنوان ثان")
    publish_changes(second, by=editor, at=timezone.now() + timedelta(hours=1))
    second.refresh_from_db()
    assert approved_version(second) == story.revisions.get(action="scheduled")


def test_changes_are_compared_with_what_readers_see(client: Client, editor: User) -> None:
    copy = changes_of(make_article("عنوان قديم"), editor)
    (difference,) = page(client, copy).context["differences"]
    assert (difference.title, difference.labels) == ("ما يختلف عمّا يراه القراء", ["العنوان"])


# Who


def test_only_those_who_publish_see_the_page(client: Client) -> None:
    reporter = make_user(Role.REPORTER)
    client.force_login(reporter)
    own = draft(created_by=reporter)
    for method in (client.get, client.post):
        assert method(publish_url(own)).status_code == 403
        assert method(publish_url(draft())).status_code == 404
    own.refresh_from_db()
    assert own.status == Status.DRAFT


def test_a_published_article_has_nothing_to_publish(client: Client, editor: User) -> None:
    article = make_article()
    response = client.get(publish_url(article))
    assert response.headers["Location"] == change_url(article)
    assert client.post(publish_url(article), {"moment": "now"}).headers["Location"] == change_url(article)


# From the form


def test_the_form_saves_and_leads_to_the_page(client: Client, editor: User) -> None:
    article = draft()
    response = save(client, article, "_publish", headline="عنوان جديد")
    assert response.redirect_chain[-1][0] == publish_url(article)
    article.refresh_from_db()
    assert (article.headline, article.status) == ("عنوان جديد", Status.DRAFT)


def test_a_draft_with_a_date_says_that_it_does_not_publish_itself(client: Client, editor: User) -> None:
    article = draft()
    response = save(client, article, publish_at_0="2026-11-20", publish_at_1="20:00")
    assert any(f'href="{publish_url(article)}"' in message for message in messages_of(response))
    assert not any("publish/" in message for message in messages_of(save(client, draft())))


def test_who_changes_what_is_scheduled_is_told_when_readers_see_it(client: Client, editor: User) -> None:
    article = draft()
    record(article, by=editor)
    publish_at = datetime(2026, 11, 20, 17, tzinfo=UTC)
    publishing.publish(article, by=editor, at=publish_at)
    assert any("عند ٨:٠٠ مساءً" in message for message in messages_of(save(client, article, kicker="ثقافة")))
    copy = changes_of(make_article(), editor)
    publish_changes(copy, by=editor, at=publish_at)
    assert any("عند ٨:٠٠ مساءً" in message for message in messages_of(save(client, copy, kicker="ثقافة")))


def test_a_reporter_is_told_that_an_editor_schedules(client: Client) -> None:
    reporter = make_user(Role.REPORTER)
    client.force_login(reporter)
    article = draft(created_by=reporter)
    response = save(client, article, publish_at_0="2026-11-20", publish_at_1="20:00")
    assert any("محرر" in message for message in messages_of(response))
    assert "/publish/" not in response.content.decode()


def test_what_was_published_or_discarded_while_the_button_was_pressed_is_said(
    client: Client, editor: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between reading the row and locking it."""
    story = make_article()
    copy = changes_of(story, by=editor)
    data = form_data(client, publish_url(copy))
    carry_out = publishing_page._carry_out

    def discard_first(request: Any, article: Article) -> Article:
        Article.objects.filter(pk=copy.pk).delete()
        return carry_out(request, article)

    monkeypatch.setattr(publishing_page, "_carry_out", discard_first)
    response = client.post(publish_url(copy), data, follow=True)
    assert response.redirect_chain == [(change_url(story), 302)]
    assert len(messages_of(response)) == 1


def test_another_moment_in_the_boxes_is_first_named_by_the_sentence(client: Client, editor: User) -> None:
    article = draft()
    response = publish(client, article, at_0="2026-11-20", at_1="20:00")
    article.refresh_from_db()
    assert response.status_code == 409
    assert article.status == Status.DRAFT
    assert response.context["sentence"].startswith("سيُنشر الجمعة ٢٠ تشرين الثاني عند ٨:٠٠ مساءً")
    publish(client, article, TONIGHT)
    article.refresh_from_db()
    assert article.is_scheduled


def test_another_kind_of_change_is_first_named_by_the_sentence(client: Client, editor: User) -> None:
    story = make_article()
    copy = changes_of(story, editor, headline=story.headline, kicker="ثقافة")
    response = publish(client, copy, kind="update")
    assert response.status_code == 409
    assert Article.objects.filter(pk=copy.pk).exists()
    assert "وقت التحديث" in response.context["sentence"] or "تحديث" in response.context["sentence"]


@pytest.mark.parametrize(
    ("button", "query"), [("_show", "at_0=2026-11-20&at_1=20%3A00&kind=wording"), ("_now", "now=1&kind=wording")]
)
def test_the_sentence_is_shown_anew_and_nothing_is_done(client: Client, editor: User, button: str, query: str) -> None:
    article = draft()
    sent = {"at_0": "2026-11-20", "at_1": "20:00", "kind": "wording", "version": "0", "moment": "now", "mode": "now"}
    response = client.post(publish_url(article), sent | {button: "1"})
    assert (response.status_code, response["Location"]) == (302, f"{publish_url(article)}?{query}")
    article.refresh_from_db()
    assert article.status == Status.DRAFT


# What the changes are to readers

NOTE = "ذكرت نسخة سابقة أن الموعد الخميس، والصحيح الجمعة."


@pytest.mark.parametrize(
    ("fields", "chosen"),
    [
        ({"headline": "عنوان معدل"}, None),
        ({"body": BODY.replace("صباح", "مساء")}, None),
        ({"standfirst": "مقدمة"}, None),
        ({"dateline": "حلب"}, None),
        ({"lead_caption": "شرح"}, None),
        ({"kicker": "ثقافة"}, ChangeKind.WORDING),
        ({"promo_headline": "أقصر"}, ChangeKind.WORDING),
        ({"breaking_until": datetime(2026, 11, 20, 17, tzinfo=UTC)}, ChangeKind.WORDING),
    ],
)
def test_nothing_is_chosen_in_advance_where_readers_may_have_been_told_something_else(
    client: Client, editor: User, fields: dict[str, Any], chosen: ChangeKind | None
) -> None:
    story = make_article("عنوان")
    copy = changes_of(story, editor, **{"headline": story.headline} | fields)
    response = page(client, copy)
    assert response.context["plan"].kind == chosen
    assert response.content.decode().count("checked") == (chosen is not None)
    (name,) = response.context["changed"]
    assert name in response.content.decode()
    assert publish(client, copy).status_code == (200 if chosen else 409)
    assert Article.objects.filter(pk=copy.pk).exists() is (chosen is None)


def test_other_markup_of_the_same_words_is_no_change_for_readers(client: Client, editor: User) -> None:
    story = make_article("عنوان", body="<p>نص   المادة.</p><p>وباقيه.</p>")
    copy = changes_of(story, editor, headline=story.headline, body="<p>نص المادة.</p>\n\n<p>وباقيه.</p>")
    assert page(client, copy).context["changed"] == []


@pytest.mark.parametrize("query", ["", TONIGHT])
@pytest.mark.parametrize("kind", ["clarification", "correction", "retraction"])
def test_without_words_for_the_readers_it_is_refused_and_what_was_typed_stays(
    client: Client, editor: User, kind: str, query: str
) -> None:
    copy = changes_of(make_article(), editor)
    response = publish(client, copy, f"{query or '?'}&kind={kind}", change_note="  ")
    assert response.status_code == 409
    assert response.context["note_fault"] in response.content.decode()
    copy.refresh_from_db()
    assert (copy.status, copy.change_kind) == (Status.DRAFT, kind)
    again = form_data(client, publish_url(copy))
    assert again["kind"] == kind


def test_a_note_that_is_refused_stays_in_its_box_and_with_the_changes(client: Client, editor: User) -> None:
    copy = changes_of(make_article(), editor)
    response = publish(client, copy, "?kind=wording", change_note=NOTE)
    assert response.status_code == 409
    assert NOTE in response.content.decode()
    assert form_data(client, publish_url(copy))["change_note"] == NOTE
    publish(client, copy, "?kind=correction")
    assert copy.story.corrections.get().note == NOTE


@pytest.mark.parametrize("kind", ["update", "clarification", "correction"])
def test_the_note_is_published_with_the_changes(client: Client, editor: User, kind: str) -> None:
    story = make_article("عنوان قديم")
    publish(client, changes_of(story, editor), kind=kind, change_note=f"  {NOTE} ")
    story.refresh_from_db()
    (row,) = story.corrections.all()
    assert (row.kind, row.note, row.by, row.at) == (kind, NOTE, editor, timezone.now())
    assert (story.headline, story.updated_at) == ("عنوان معدل", timezone.now())


@pytest.mark.parametrize("kind", ["clarification", "correction", "update", "retraction"])
def test_a_sentence_is_offered_and_refused_as_long_as_it_has_gaps(client: Client, editor: User, kind: str) -> None:
    copy = changes_of(make_article(), editor)
    data = form_data(client, publish_url(copy)) | {"_template": kind}
    response = client.post(publish_url(copy), data)
    assert response.status_code == 200
    assert template_for(ChangeKind(kind)) in response.context["form"]["change_note"].value()
    assert response.context["plan"].kind == kind
    assert publish(client, copy).status_code == 409
    assert Article.objects.filter(pk=copy.pk).exists()


def test_nobody_withdraws_without_having_read_that_it_will_be_withdrawn(client: Client, editor: User) -> None:
    story = make_article()
    copy = changes_of(story, editor)
    response = publish(client, copy, kind="retraction", change_note=NOTE)
    assert response.status_code == 409
    assert response.context["plan"].retracts
    response = publish(client, copy)
    story.refresh_from_db()
    assert (story.status, story.withdrawal_note) == (Status.WITHDRAWN, NOTE)
    assert story.headline != "عنوان معدل"
    assert not Article.objects.working_copies().exists()
    assert story.revisions.filter(is_of_changes=True).first().data["headline"] == "عنوان معدل"


def test_changes_that_lack_something_can_still_be_the_reason_to_withdraw(client: Client, editor: User) -> None:
    story = make_article()
    copy = changes_of(story, editor, body="", section=None)
    response = page(client, copy, "?kind=retraction")
    assert response.context["blocks"] == []
    publish(client, copy, "?kind=retraction", change_note=NOTE)
    story.refresh_from_db()
    assert story.status == Status.WITHDRAWN


def test_showing_the_sentence_anew_keeps_what_was_typed(client: Client, editor: User) -> None:
    copy = changes_of(make_article(), editor)
    sent = {"at_0": "2026-11-20", "at_1": "20:00", "kind": "correction", "change_note": NOTE, "_show": "1"}
    response = client.post(publish_url(copy), form_data(client, publish_url(copy)) | sent)
    assert response.context["form"]["change_note"].value() == NOTE
    assert (response.context["plan"].kind, response.context["plan"].mode) == (ChangeKind.CORRECTION, "later")
    response = client.post(publish_url(copy), form_data(client, publish_url(copy)) | sent | {"_now": "1"})
    assert response.context["moment"] == "now"
