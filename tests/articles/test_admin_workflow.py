"""The buttons of an article's form: who sees which when, and what each does."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import User
from accounts.roles import Role
from articles.enums import RevisionAction, Status
from articles.models import Article
from tests.articles.desk import add_url, change_url, form_data, messages_of, publish, publish_url, save
from tests.factories import BODY, make_article, make_section, make_site, make_user, make_withdrawn

pytestmark = pytest.mark.django_db


def sign_in(client: Client, role: Role) -> User:
    user = make_user(role)
    client.force_login(user)
    return user


def buttons(client: Client, article: Article | None = None) -> set[str]:
    response = client.get(change_url(article) if article else add_url())
    return {deed.name for deed in response.context["deeds"]}


def article_at(stage: str, **fields: Any) -> Article:
    match stage:
        case "published":
            return make_article(**fields)
        case "scheduled":
            return make_article(at=timezone.now() + timedelta(hours=2), **fields)
        case "withdrawn":
            return make_withdrawn(**fields)
    return make_article(published=False, status=Status(stage), **fields)


EDITORS = {
    "draft": {"_publish", "_approve"},
    "in_review": {"_publish", "_approve", "_return"},
    "approved": {"_publish", "_return"},
    "scheduled": {"_publish", "_return"},
    "published": {"_correct", "_withdraw"},
    "withdrawn": {"_publish", "_return"},
}


@pytest.mark.parametrize("stage", EDITORS)
@pytest.mark.parametrize("role", [Role.EDITOR, Role.CHIEF_EDITOR, Role.ADMINISTRATOR])
def test_the_buttons_of_those_who_publish(client: Client, role: Role, stage: str) -> None:
    sign_in(client, role)
    assert buttons(client, article_at(stage)) == EDITORS[stage]


@pytest.mark.parametrize("stage", EDITORS)
def test_the_buttons_of_a_reporter(client: Client, stage: str) -> None:
    reporter = sign_in(client, Role.REPORTER)
    assert buttons(client, article_at(stage, created_by=reporter)) == ({"_submit"} if stage == "draft" else set())


def test_a_new_article_offers_what_a_draft_offers(client: Client) -> None:
    sign_in(client, Role.REPORTER)
    assert buttons(client) == {"_submit"}
    sign_in(client, Role.EDITOR)
    assert buttons(client) == EDITORS["draft"]


def test_a_story_goes_from_a_reporter_to_the_readers(client: Client) -> None:
    reporter = sign_in(client, Role.REPORTER)
    data = form_data(client, add_url()) | {"headline": "خبر", "body": "<p>نص الخبر.</p>", "_submit": "1"}
    client.post(add_url(), data)
    article = Article.objects.get()
    assert (article.status, article.created_by) == (Status.IN_REVIEW, reporter)
    sign_in(client, Role.EDITOR)
    save(client, article, "_publish", section=make_section().pk, body=BODY, without_picture="on")
    publish(client, article)
    article.refresh_from_db()
    assert article.is_published
    actions = [revision.action for revision in article.revisions.order_by("version")]
    assert actions == [
        RevisionAction.SAVED,
        RevisionAction.SUBMITTED,
        RevisionAction.SAVED,
        RevisionAction.PUBLISHED,
    ]


def test_what_is_missing_is_listed_and_the_text_is_kept(client: Client) -> None:
    sign_in(client, Role.EDITOR)
    article = make_article("عنوان", published=False)
    response = save(client, article, "_approve", headline="", section="", standfirst="مقدمة جديدة")
    article.refresh_from_db()
    assert (article.status, article.standfirst) == (Status.DRAFT, "مقدمة جديدة")
    (_saved, refusal) = messages_of(response)
    assert 'href="#id_headline"' in refusal
    assert 'href="#id_section"' in refusal
    assert [revision.action for revision in article.revisions.all()] == [RevisionAction.SAVED]


def test_a_new_text_is_kept_whatever_is_missing_to_publish_it(client: Client) -> None:
    sign_in(client, Role.EDITOR)
    data = form_data(client, add_url()) | {"headline": "خبر بلا متن", "_publish": "1"}
    response = client.post(add_url(), data, follow=True)
    article = Article.objects.get()
    assert article.status == Status.DRAFT
    assert response.redirect_chain[-1][0] == publish_url(article)
    assert response.context["blocks"]


def test_a_time_in_the_form_is_the_time_of_the_site(client: Client) -> None:
    make_site(time_zone="Asia/Damascus")
    sign_in(client, Role.EDITOR)
    article = make_article(published=False)
    save(client, article, "_publish", publish_at_0="٢٠٩٠-٠٥-٠٣", publish_at_1="١٢:٠٠")
    publish(client, article)
    article.refresh_from_db()
    assert article.publish_at == datetime(2090, 5, 3, 9, tzinfo=UTC)
    assert article.is_scheduled


def test_a_past_time_backdates(client: Client) -> None:
    sign_in(client, Role.EDITOR)
    article = make_article(published=False)
    save(client, article, "_publish", publish_at_0="2024-05-03", publish_at_1="12:00")
    publish(client, article)
    article.refresh_from_db()
    assert article.is_published
    assert article.published_at.year == 2024


def test_the_form_moves_no_schedule(client: Client) -> None:
    sign_in(client, Role.EDITOR)
    article = article_at("scheduled")
    before = article.publish_at
    for time in ("12:00", ""):
        save(client, article, publish_at_0="2024-05-03" if time else "", publish_at_1=time)
        article.refresh_from_db()
        assert article.publish_at == before
        assert article.is_scheduled


def test_a_published_article_is_not_written_in_place(client: Client) -> None:
    sign_in(client, Role.CHIEF_EDITOR)
    article = make_article("كما نُشر")
    before = article.publish_at
    forged = {"headline": "محرّف", "body": "<p>محرّف</p>", "tags": "محرّف", "publish_at_0": "2090-01-01"}
    save(client, article, **forged)
    article.refresh_from_db()
    assert (article.publish_at, article.headline, article.tags.count()) == (before, "كما نُشر", 0)
    assert not article.revisions.exists()


def test_a_scheduled_text_is_saved_without_losing_its_schedule(client: Client) -> None:
    sign_in(client, Role.EDITOR)
    article = article_at("scheduled")
    save(client, article, headline="عنوان معدل")
    article.refresh_from_db()
    assert article.headline == "عنوان معدل"
    assert article.is_scheduled


def test_a_correction_is_published_with_its_note(client: Client) -> None:
    editor = sign_in(client, Role.EDITOR)
    article = make_article()
    refused = save(client, article, "_correct", correction_note=" ")
    assert 'href="#id_correction_note"' in messages_of(refused)[-1]
    save(client, article, "_correct", correction_kind="clarification", correction_note="الصواب: ثلاثة أيام.")
    correction = article.corrections.get()
    assert (correction.kind, correction.note, correction.by) == (
        "clarification",
        "الصواب: ثلاثة أيام.",
        editor,
    )


def test_corrections_are_shown_and_never_changed_by_the_form(client: Client) -> None:
    sign_in(client, Role.EDITOR)
    article = make_article()
    save(client, article, "_correct", correction_kind="correction", correction_note="الصواب: ثلاثة.")
    correction = article.corrections.get()
    forged = {"corrections-0-id": correction.pk, "corrections-0-note": "محرّف", "corrections-0-DELETE": "on"}
    response = save(client, article, **forged)
    assert "الصواب: ثلاثة." in response.content.decode()
    assert article.corrections.get().note == "الصواب: ثلاثة."


def test_withdrawing_asks_for_the_public_reason(client: Client) -> None:
    sign_in(client, Role.EDITOR)
    article = make_article()
    refused = save(client, article, "_withdraw")
    (refusal,) = messages_of(refused)  # and not that the text was saved: it is not in this form
    assert 'href="#id_withdrawal_reason"' in refusal
    save(client, article, "_withdraw", withdrawal_reason="نُشر قبل التحقق.")
    article.refresh_from_db()
    assert (article.status, article.withdrawal_note) == (Status.WITHDRAWN, "نُشر قبل التحقق.")


def test_returning_tells_the_writer_why(client: Client) -> None:
    sign_in(client, Role.EDITOR)
    article = article_at("in_review")
    refused = save(client, article, "_return")
    assert 'href="#id_return_reason"' in messages_of(refused)[-1]
    save(client, article, "_return", return_reason="ينقصه مصدر")
    article.refresh_from_db()
    assert article.status == Status.DRAFT
    assert article.revisions.first().reason == "ينقصه مصدر"


def test_a_withdrawn_article_is_published_again(client: Client) -> None:
    sign_in(client, Role.EDITOR)
    article = make_withdrawn()
    save(client, article, "_publish")
    publish(client, article)
    article.refresh_from_db()
    assert article.is_published


def test_a_deed_that_the_state_does_not_allow_is_a_sentence(client: Client) -> None:
    sign_in(client, Role.EDITOR)
    article = make_article()
    response = save(client, article, "_return")
    assert len(messages_of(response)) == 1
    article.refresh_from_db()
    assert article.is_published
