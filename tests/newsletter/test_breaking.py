import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from accounts.roles import Role
from articles.models import Article, Correction
from newsletter.breaking import NotPublic, breaking_issue, earlier_breaking
from newsletter.correcting import NothingToCorrect, correction_issue, issues_with, readers_of
from newsletter.enums import IssueKind, IssueState, ItemKind, SubscriptionStatus
from newsletter.models import Delivery, Issue, IssueItem
from tests.factories import make_article, make_mailing_list, make_site, make_subscription, make_user
from tests.newsletter.on_its_way import S, make_sending

pytestmark = pytest.mark.django_db


@pytest.fixture
def editor(db) -> User:
    make_site()
    return make_user(Role.ADMINISTRATOR)


@pytest.fixture
def desk(client: Client, editor: User) -> Client:
    client.force_login(editor)
    return client


def page(article: Article) -> str:
    return reverse("admin:newsletter_article_mail", args=[article.pk])


def make_sent(article: Article, *, readers: int = 2) -> Issue:
    """An issue with the article that so many subscribers got."""
    mailing_list = make_mailing_list()
    issue = make_sending(IssueState.FINISHED, mailing_list=mailing_list, sent_count=readers)
    IssueItem.objects.create(issue=issue, article=article)
    for _number in range(readers):
        subscription = make_subscription(mailing_list)
        Delivery.objects.create(
            issue=issue,
            subscriber=subscription.subscriber,
            subscription_id=subscription.pk,
            domain=subscription.subscriber.domain,
            state=S.SENT,
            sent_at=issue.started_at,
        )
    return issue


def make_correction(article: Article) -> Correction:
    return Correction.objects.create(article=article, note="ذكرت نسخة سابقة رقمًا آخر.")


def test_breaking_mail_is_a_draft_with_the_article_alone(editor: User, clock) -> None:
    article, mailing_list = make_article("وصول الوفد إلى المدينة"), make_mailing_list(policy="hold", tracking="off")
    issue = breaking_issue(article, mailing_list=mailing_list, by=editor)
    assert (issue.kind, issue.state, issue.article) == (IssueKind.BREAKING, IssueState.DRAFT, article)
    assert (issue.policy, issue.tracking, issue.created_by) == ("hold", "off", editor)
    assert "وصول الوفد إلى المدينة" in issue.subject
    assert [item.article for item in issue.items.all()] == [article]


@pytest.mark.parametrize("published", [False])
def test_no_mail_leads_to_what_readers_cannot_see(published: bool, editor: User, clock) -> None:
    article = make_article(published=published)
    with pytest.raises(NotPublic):
        breaking_issue(article, mailing_list=make_mailing_list(), by=editor)
    first = make_sent(article)
    with pytest.raises(NotPublic):
        correction_issue(first, correction=make_correction(article), by=editor)
    assert Issue.objects.count() == 1


def test_longest_headline_fits_into_the_subject(editor: User, clock) -> None:
    article = make_article("ك" * 200)
    assert len(breaking_issue(article, mailing_list=make_mailing_list(), by=editor).subject) == 150
    first = make_sent(article)
    assert len(correction_issue(first, correction=make_correction(article), by=editor).subject) == 150


def test_no_word_of_a_long_headline_is_broken_off(editor: User, clock) -> None:
    article = make_article("تفتح البلدية سوق السمك " * 8)
    breaking = breaking_issue(article, mailing_list=make_mailing_list(), by=editor)
    correction = correction_issue(make_sent(article), correction=make_correction(article), by=editor)
    for issue in (breaking, correction):
        assert len(issue.subject) <= 150
        assert issue.subject.endswith(("تفتح…", "البلدية…", "سوق…", "السمك…"))


def test_double_click_makes_one_draft_of_each(editor: User, clock) -> None:
    article, mailing_list = make_article(), make_mailing_list()
    first = breaking_issue(article, mailing_list=mailing_list, by=editor)
    assert breaking_issue(article, mailing_list=mailing_list, by=editor) == first
    sent = make_sent(article)
    correction = make_correction(article)
    second = correction_issue(sent, correction=correction, by=editor)
    assert correction_issue(sent, correction=correction, by=editor) == second
    clock.shift(10)
    assert breaking_issue(article, mailing_list=mailing_list, by=editor) != first


def test_page_leads_to_the_sentence_before_sending(desk: Client, clock) -> None:
    article, mailing_list = make_article(), make_mailing_list()
    assert desk.get(page(article)).status_code == 200
    assert not Issue.objects.exists()
    response = desk.post(page(article), {"mailing_list": mailing_list.pk, "_breaking": "1"})
    issue = Issue.objects.get()
    assert response.url == reverse("admin:newsletter_issue_send", args=[issue.pk])
    assert issue.mailing_list == mailing_list


def test_second_breaking_mail_about_an_article_is_warned_of(desk: Client, editor: User, clock) -> None:
    article, mailing_list = make_article(), make_mailing_list()
    assert "errornote" not in desk.get(page(article)).content.decode()
    first = breaking_issue(article, mailing_list=mailing_list, by=editor)
    shown = desk.get(page(article)).content.decode()
    assert "errornote" in shown
    assert reverse("admin:newsletter_issue_change", args=[first.pk]) in shown
    Issue.objects.update(state=IssueState.CANCELLED)
    assert earlier_breaking(article) == []


def test_button_stands_on_the_page_of_a_published_article_for_who_may_send(desk: Client, clock) -> None:
    public, draft = make_article(), make_article(published=False)
    change = "admin:articles_article_change"
    assert f'href="{page(public)}"' in desk.get(reverse(change, args=[public.pk])).content.decode()
    assert f'href="{page(draft)}"' not in desk.get(reverse(change, args=[draft.pk])).content.decode()
    assert desk.get(page(draft)).status_code == 404
    desk.force_login(make_user(Role.CHIEF_EDITOR))
    assert f'href="{page(public)}"' not in desk.get(reverse(change, args=[public.pk])).content.decode()
    assert desk.get(page(public)).status_code == 403
    assert desk.post(page(public), {"mailing_list": 1, "_breaking": "1"}).status_code == 403


def test_correction_says_the_note_and_knows_whom_it_corrects(editor: User, clock) -> None:
    article = make_article("افتتاح الحديقة")
    first = make_sent(article)
    issue = correction_issue(first, correction=make_correction(article), by=editor)
    assert (issue.kind, issue.corrects, issue.article) == (IssueKind.CORRECTION, first, article)
    assert issue.mailing_list == first.mailing_list
    note, story = issue.items.all()
    assert (note.kind, note.summary) == (ItemKind.TEXT, "ذكرت نسخة سابقة رقمًا آخر.")
    assert story.article == article


def test_correction_reaches_those_who_got_it_and_are_still_there(editor: User, clock) -> None:
    article = make_article()
    first = make_sent(article, readers=3)
    left, *_others = first.mailing_list.subscriptions.all()
    left.status, left.ended_at = SubscriptionStatus.UNSUBSCRIBED, first.started_at
    left.save()
    make_subscription(first.mailing_list)
    failed = first.deliveries.exclude(subscriber=left.subscriber).first()
    Delivery.objects.filter(pk=failed.pk).update(state=S.FAILED, sent_at=None)
    assert readers_of(first) == 1


def test_issue_without_the_article_is_not_corrected(editor: User, clock) -> None:
    article = make_article()
    other = make_sent(make_article())
    with pytest.raises(NothingToCorrect):
        correction_issue(other, correction=make_correction(article), by=editor)
    unsent = make_sending(sent_count=0)
    IssueItem.objects.create(issue=unsent, article=article)
    assert list(issues_with(article)) == []


def test_correction_is_made_from_the_page(desk: Client, clock) -> None:
    article = make_article()
    first = make_sent(article)
    shown = desk.get(page(article)).content.decode()
    assert "_correction" not in shown
    correction = make_correction(article)
    assert "_correction" in desk.get(page(article)).content.decode()
    assert page(article) in desk.get(reverse("admin:articles_article_change", args=[article.pk])).content.decode()
    response = desk.post(page(article), {"issue": first.pk, "correction": correction.pk, "_correction": "1"})
    made = Issue.objects.get(kind=IssueKind.CORRECTION)
    assert response.url == reverse("admin:newsletter_issue_send", args=[made.pk])


def test_note_of_another_article_and_issue_of_another_are_refused(desk: Client, clock) -> None:
    article, other = make_article(), make_article()
    first, elsewhere = make_sent(article), make_sent(other)
    mine, foreign = make_correction(article), make_correction(other)
    for issue, correction in ((first, foreign), (elsewhere, mine)):
        desk.post(page(article), {"issue": issue.pk, "correction": correction.pk, "_correction": "1"})
    desk.post(page(article), {"issue": "x", "correction": "", "_correction": "1"})
    assert not Issue.objects.filter(kind=IssueKind.CORRECTION).exists()
