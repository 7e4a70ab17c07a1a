"""Issues on the site: what readers were sent, what has become of it, and nothing about any reader."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from articles.enums import Status
from articles.models import Article, Correction
from newsletter.enums import IssueState
from newsletter.mails.compiling import compile_issue
from newsletter.models import Issue, MailingList
from tests.factories import make_article, make_image, make_issue, make_mailing_list, make_site

pytestmark = pytest.mark.django_db


@pytest.fixture
def mailing_list() -> MailingList:
    make_site(postal_address="شارع الميناء 7")
    return make_mailing_list("نشرة الصباح", slug="daily")


def send(issue: Issue, **fields) -> Issue:
    """As the sender leaves it."""
    compile_issue(issue)
    now = timezone.now()
    sent = {"state": IssueState.FINISHED, "started_at": now, "snapshot_at": now, "finished_at": now}
    Issue.objects.filter(pk=issue.pk).update(**sent | fields)
    issue.refresh_from_db()
    return issue


def page_of(client: Client, issue: Issue) -> str:
    response = client.get(issue.get_absolute_url())
    assert response.status_code == 200
    return response.content.decode()


def test_page_keeps_the_words_that_were_sent(client, mailing_list) -> None:
    article = make_article("عنوان العدد", standfirst="ملخص العدد")
    issue = send(make_issue(mailing_list, articles=(article,), text="كلمة المحرر: https://example.org/a"))
    Article.objects.filter(pk=article.pk).update(headline="عنوان جديد", standfirst="ملخص جديد")
    page = page_of(client, issue)
    assert "عنوان العدد" in page
    assert "ملخص العدد" in page
    assert "عنوان جديد" not in page
    assert f'href="{article.get_absolute_url()}"' in page
    assert 'href="https://example.org/a"' in page


def test_page_shows_the_correction_that_came_later(client, mailing_list) -> None:
    article = make_article()
    issue = send(make_issue(mailing_list, articles=(article,)))
    Correction.objects.create(article=article, note="الصحيح أن الحديقة أُغلقت يوم الأحد.")
    assert "الصحيح أن الحديقة أُغلقت يوم الأحد." in page_of(client, issue)


def test_withdrawn_article_loses_its_link_and_its_words(client, mailing_list) -> None:
    article = make_article("خبر سُحب", standfirst="تفاصيل سُحبت", lead_image=make_image(alt_text="صورة سُحبت"))
    issue = send(make_issue(mailing_list, articles=(article, make_article("خبر باقٍ"))))
    note = "نُشر قبل التحقق."
    fields = {"status": Status.WITHDRAWN, "withdrawn_at": timezone.now(), "withdrawal_note": note}
    Article.objects.filter(pk=article.pk).update(**fields)
    page = page_of(client, issue)
    for gone in ("خبر سُحب", "تفاصيل سُحبت", "صورة سُحبت", f"/n/{article.pk}", f"/news/{article.pk}/"):
        assert gone not in page
    assert note in page
    assert "خبر باقٍ" in page


@pytest.mark.parametrize("kind", ["digest", "breaking"])
def test_headline_of_a_withdrawn_article_is_no_subject_any_more(client, mailing_list, kind: str) -> None:
    article = make_article("خبر سُحب")
    about = article if kind == "breaking" else None
    subject = "عاجل بلفظ آخر" if kind == "breaking" else "نشرة الصباح: خبر سُحب"
    fields = {"subject": subject, "preheader": "خبر سُحب وغيره", "kind": kind, "article": about}
    issue = make_issue(mailing_list, articles=(article, make_article("خبر باقٍ")), **fields)
    send(issue)
    paths = (issue.get_absolute_url(), "/newsletter/archive/", "/newsletter/archive/daily/")
    for path in paths:
        assert subject in client.get(path).content.decode()
    Article.objects.filter(pk=article.pk).update(status=Status.WITHDRAWN, withdrawn_at=timezone.now())
    for path in paths:
        page = client.get(path).content.decode()
        assert subject not in page
        assert "خبر سُحب" not in page
        assert "نشرة الصباح" in page


@pytest.mark.parametrize(("counts", "status"), [({"sent_count": 1}, 200), ({"uncertain_count": 1}, 200), ({}, 404)])
def test_issue_that_was_cancelled_on_its_way_is_there_for_who_got_it(client, mailing_list, counts, status) -> None:
    issue = send(make_issue(mailing_list, articles=(make_article(),)), state=IssueState.CANCELLED, **counts)
    assert client.get(issue.get_absolute_url()).status_code == status
    archive = client.get("/newsletter/archive/").content.decode()
    assert (issue.get_absolute_url() in archive) is (status == 200)


def test_what_was_left_out_of_the_mail_is_not_on_the_page(client, mailing_list) -> None:
    draft = make_article("لم تُنشر حينها", published=False)
    issue = send(make_issue(mailing_list, articles=(make_article(), draft)))
    now = timezone.now() - timedelta(minutes=1)
    Article.objects.filter(pk=draft.pk).update(status=Status.APPROVED, publish_at=now, published_at=now)
    page = page_of(client, issue)
    assert "لم تُنشر حينها" not in page
    assert page.count('class="issue-gone"') == 0


@pytest.mark.parametrize("state", [IssueState.DRAFT, IssueState.SCHEDULED, IssueState.PREPARING, IssueState.CANCELLED])
def test_issue_that_does_not_reach_readers_is_not_there(client, mailing_list, state: IssueState) -> None:
    issue = send(make_issue(mailing_list, articles=(make_article(),), subject="عدد سرّي"))
    Issue.objects.update(state=state, send_at=timezone.now(), started_at=None)
    assert client.get(issue.get_absolute_url()).status_code == 404
    for path in ("/newsletter/archive/", "/newsletter/archive/daily/"):
        assert "عدد سرّي" not in client.get(path).content.decode()


def test_list_without_archive_shows_nothing(client, mailing_list) -> None:
    issue = send(make_issue(mailing_list, articles=(make_article(),), subject="عدد خاص"))
    MailingList.objects.update(has_archive=False)
    assert client.get(issue.get_absolute_url()).status_code == 404
    assert client.get("/newsletter/archive/daily/").status_code == 404
    assert "عدد خاص" not in client.get("/newsletter/archive/").content.decode()


def older_of(page: str) -> str:
    return re.findall(r'href="(/newsletter/archive/[^"]*\?before=[^"]+)">الأقدم', page)[0]


def test_archive_is_in_order_and_in_pages(client, mailing_list) -> None:
    other = make_mailing_list("نشرة الرياضة", slug="sport")
    now = timezone.now()
    for number in range(22):
        issue = make_issue(
            other if number == 21 else mailing_list, articles=(make_article(),), subject=f"عدد رقم {number}!"
        )
        send(issue, started_at=now - timedelta(days=number))
    first = client.get("/newsletter/archive/").content.decode()
    assert re.findall(r"عدد رقم (\d+)!", first)[:3] == ["0", "1", "2"]
    assert "عدد رقم 21!" not in first
    assert "عدد رقم 21!" in client.get(older_of(first)).content.decode()
    daily = client.get("/newsletter/archive/daily/").content.decode()
    assert "عدد رقم 21!" not in daily + client.get(older_of(daily)).content.decode()
    assert "عدد رقم 21!" in client.get("/newsletter/archive/sport/").content.decode()


def test_empty_archive_says_so(client, mailing_list) -> None:
    assert client.get("/newsletter/archive/").status_code == 200
    assert client.get("/newsletter/archive/nothing/").status_code == 404


def test_pages_take_the_same_queries_for_more_articles(client, mailing_list, django_assert_max_num_queries) -> None:
    for count in (1, 5):
        issue = send(
            make_issue(mailing_list, articles=tuple(make_article(lead_image=make_image()) for _ in range(count)))
        )
        with django_assert_max_num_queries(9):
            client.get(issue.get_absolute_url())
        with django_assert_max_num_queries(5):
            client.get("/newsletter/archive/")


def test_page_says_when_it_has_changed(client, mailing_list) -> None:
    """An issue becomes public without a deed, so the site's own date would call an old page new."""
    issue = send(make_issue(mailing_list, articles=(make_article(),)))
    for path in (issue.get_absolute_url(), "/newsletter/archive/"):
        response = client.get(path)
        assert "Last-Modified" not in response
        assert not response.cookies
        tag = response["ETag"]
        assert client.get(path, headers={"If-None-Match": tag}).status_code == 304
        Issue.objects.update(subject="عنوان آخر للعدد")
        assert client.get(path, headers={"If-None-Match": tag}).status_code == 200
        Issue.objects.update(subject="عنوان العدد")


def test_page_is_no_mail(client, mailing_list) -> None:
    """Neither its tables nor the links of any reader."""
    page = page_of(client, send(make_issue(mailing_list, articles=(make_article(),))))
    assert "<table" not in page
    assert "/newsletter/unsubscribe/" not in page
    assert "/newsletter/preferences/" not in page
    assert " style=" not in page
    assert not re.search(r"/newsletter/[co]/", page)


def test_address_is_that_of_the_link_in_the_mail(client, mailing_list) -> None:
    issue = make_issue(mailing_list, articles=(make_article(),))
    [mail] = compile_issue(issue)
    assert f"http://127.0.0.1:8000{issue.get_absolute_url()}" in str(mail.content["html"])


def test_archive_is_linked_from_the_sign_up(client, mailing_list) -> None:
    assert 'href="/newsletter/archive/"' in client.get("/newsletter/").content.decode()
