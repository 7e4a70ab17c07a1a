"""Links for people without an account: who may see what by them, until when, and what they answer."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.contrib.auth.models import Group
from django.core import mail, signing
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from accounts.roles import Role
from articles import preview_links, publishing
from articles.changes import discard_changes, open_changes
from articles.commenting import LONGEST_COMMENT
from articles.enums import RevisionAction, Status
from articles.models import Article, Comment, PreviewLink
from articles.preview_links import MOST_ANSWERS, MOST_HOURS, MOST_OPEN, BadLink, path_of, revoke, share
from articles.publishing import NotAllowed
from articles.revisions import record
from audit.enums import Action
from audit.models import AuditEntry
from tests.articles.telling import without_number
from tests.factories import BODY, make_article, make_site, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]

SECRET = "سر لم يُنشر بعد"


@pytest.fixture
def editor() -> User:
    return make_user(Role.EDITOR, first_name="سامر", email="samer@example.org")


@pytest.fixture
def draft(editor: User) -> Article:
    article = make_article(SECRET, published=False, body=f"<p>{SECRET} في المتن.</p>{BODY}")
    record(article, by=editor)
    article.refresh_from_db()
    return article


@pytest.fixture
def link(draft: Article, editor: User) -> PreviewLink:
    make_site()
    return share(draft, by=editor, reader="المحامية")


def tells_nothing(answer: Any, status: int) -> bool:
    return answer.status_code == status and SECRET.split()[0] not in answer.content.decode()


# The deeds


def test_a_link_lasts_a_day_unless_said_otherwise(link: PreviewLink) -> None:
    assert link.expires_at - timezone.now() == timedelta(days=1)
    entry = AuditEntry.objects.get(action=Action.PREVIEW_SHARED)
    assert entry.note == "المحامية"
    assert link.key not in str(entry.__dict__)


@pytest.mark.parametrize(("reader", "hours"), [("", 24), (" \u200f", 24), ("س", 0), ("س", MOST_HOURS + 1)])
def test_a_link_is_for_somebody_and_ends(draft: Article, editor: User, reader: str, hours: int) -> None:
    with pytest.raises(BadLink):
        share(draft, by=editor, reader=reader, hours=hours)
    assert not PreviewLink.objects.exists()


def test_a_story_has_not_any_number_of_links(draft: Article, editor: User) -> None:
    for _number in range(MOST_OPEN):
        share(draft, by=editor, reader="س")
    with pytest.raises(BadLink):
        share(draft, by=editor, reader="س")
    assert PreviewLink.objects.count() == MOST_OPEN


def test_whoever_may_not_write_the_text_shares_nothing(draft: Article) -> None:
    for role in (Role.REPORTER, Role.NEWSLETTER_EDITOR):
        with pytest.raises(NotAllowed):
            share(draft, by=make_user(role), reader="س")
    assert not PreviewLink.objects.exists()


def test_a_reporter_shares_an_own_draft_and_not_what_is_with_the_editor() -> None:
    reporter = make_user(Role.REPORTER)
    own = make_article(published=False, created_by=reporter)
    assert share(own, by=reporter, reader="المصدر").article == own
    waiting = make_article(published=False, status=Status.IN_REVIEW, created_by=reporter)
    with pytest.raises(NotAllowed):
        share(waiting, by=reporter, reader="المصدر")


def test_revoking_is_logged_once(link: PreviewLink, editor: User) -> None:
    first = revoke(link, by=editor).revoked_at
    assert revoke(link, by=editor).revoked_at == first
    assert AuditEntry.objects.filter(action=Action.PREVIEW_REVOKED).count() == 1


# What is shown


def test_the_text_as_it_is_saved(client: Client, link: PreviewLink, draft: Article) -> None:
    page = client.get(path_of(link))
    text = page.content.decode()
    assert page.status_code == 200
    assert SECRET in text
    assert "المحامية" in text
    Article.objects.filter(pk=draft.pk).update(headline="عنوان آخر")
    assert "عنوان آخر" in client.get(path_of(link)).content.decode()


def test_the_page_is_kept_nowhere_and_told_to_nobody(client: Client, link: PreviewLink) -> None:
    page = client.get(path_of(link))
    text = page.content.decode()
    assert "no-store" in page["Cache-Control"]
    assert page["X-Robots-Tag"] == "noindex"
    assert page["Referrer-Policy"] == "no-referrer"
    assert not page.cookies
    assert not {"ETag", "Last-Modified"} & set(page.headers)
    head = text.partition("</head>")[0]
    assert 'name="robots" content="noindex' in head
    assert not any(word in head for word in (SECRET, "og:", "canonical", 'name="description"', "<script"))


def test_nothing_is_counted_and_nothing_changes_by_looking(client: Client, link: PreviewLink) -> None:
    entries = AuditEntry.objects.count()
    text = client.get(path_of(link)).content.decode()
    assert "site.js" not in text
    assert AuditEntry.objects.count() == entries
    assert not Comment.objects.exists()


def test_conditional_requests_get_the_page_anew(client: Client, link: PreviewLink, editor: User) -> None:
    later = {"HTTP_IF_MODIFIED_SINCE": "Fri, 01 Jan 2100 00:00:00 GMT", "HTTP_IF_NONE_MATCH": "*"}
    assert client.get(path_of(link), **later).status_code == 200  # type: ignore[arg-type]
    revoke(link, by=editor)
    assert tells_nothing(client.get(path_of(link), **later), 410)  # type: ignore[arg-type]


def test_head_tells_what_get_tells(client: Client, link: PreviewLink) -> None:
    answer = client.head(path_of(link))
    assert (answer.status_code, answer.content) == (200, b"")
    assert "no-store" in answer["Cache-Control"]


@pytest.mark.parametrize("change", ["x", "tail", "key", "case"])
def test_an_address_that_was_changed_is_unknown(client: Client, link: PreviewLink, change: str) -> None:
    path = path_of(link)
    token = path.split("/")[2]
    other = {
        "x": "x",
        "tail": token[:-1] + ("A" if token[-1] != "A" else "B"),
        "key": f"x{token}",
        "case": token.swapcase(),
    }[change]
    answer = client.get(reverse("articles:shared_preview", args=[other]))
    unknown = client.get("/preview/nothing/")
    for each in (answer, unknown):
        del each["X-Request-ID"]
    assert tells_nothing(answer, 404)
    assert answer.content == unknown.content
    assert without_number(answer) == without_number(unknown)


def test_another_links_signature_opens_nothing(client: Client, link: PreviewLink, editor: User) -> None:
    other = share(make_article(published=False), by=editor, reader="س")
    signature = path_of(link).strip("/").rpartition(".")[2]
    mixed = f"{other.key}.{signature}"
    assert client.get(reverse("articles:shared_preview", args=[mixed])).status_code == 404


def test_it_ends_by_itself(client: Client, link: PreviewLink, clock: time_machine.Traveller) -> None:
    clock.shift(timedelta(hours=23, minutes=59))
    assert client.get(path_of(link)).status_code == 200
    clock.shift(60)
    assert tells_nothing(client.get(path_of(link)), 410)
    assert tells_nothing(client.post(path_of(link), {"text": "س", "note": "1"}), 410)


def test_it_ends_when_it_is_revoked(client: Client, link: PreviewLink, editor: User) -> None:
    revoke(link, by=editor)
    answer = client.get(path_of(link))
    assert tells_nothing(answer, 410)
    assert "no-store" in answer["Cache-Control"]


@pytest.mark.parametrize("end", ["inactive", "no staff", "no role", "gone"])
def test_it_ends_with_the_rights_of_its_giver(client: Client, link: PreviewLink, editor: User, end: str) -> None:
    match end:
        case "inactive":
            User.objects.filter(pk=editor.pk).update(is_active=False)
        case "no staff":
            User.objects.filter(pk=editor.pk).update(is_staff=False)
        case "no role":
            editor.groups.remove(Group.objects.get(name=Role.EDITOR))
        case "gone":
            PreviewLink.objects.update(created_by=None)
    assert tells_nothing(client.get(path_of(link)), 410)


def test_of_a_deleted_article_nothing_is_left(client: Client, link: PreviewLink, draft: Article) -> None:
    path = path_of(link)
    draft.delete()
    assert tells_nothing(client.get(path), 410)


def test_a_published_text_is_everybodys(client: Client, link: PreviewLink, draft: Article, editor: User) -> None:
    publishing.publish(draft, by=editor)
    page = client.get(path_of(link))
    assert page.status_code == 200
    assert f'href="{Article.objects.get(pk=draft.pk).get_absolute_url()}"' in page.content.decode()
    assert "<form method" not in page.content.decode().partition("<main")[2].partition("</main>")[0]
    client.post(path_of(link), {"text": "متأخر", "note": "1"})
    assert not Comment.objects.exists()


def test_of_a_published_story_its_changes_are_shown(client: Client, editor: User) -> None:
    story = make_article("ما يراه القراء")
    copy = open_changes(story, by=editor)
    Article.objects.filter(pk=copy.pk).update(headline=SECRET)
    copy.refresh_from_db()
    link = share(copy, by=editor, reader="س")
    assert link.article == story
    assert SECRET in client.get(path_of(link)).content.decode()
    discard_changes(copy, by=editor)
    assert SECRET not in client.get(path_of(link)).content.decode()


def test_a_withdrawal_ends_older_links(client: Client, link: PreviewLink, draft: Article, editor: User) -> None:
    publishing.publish(draft, by=editor)
    draft.refresh_from_db()
    publishing.withdraw(draft, by=editor, note="لم يكتمل التحقق.")
    assert tells_nothing(client.get(path_of(link)), 410)
    with time_machine.travel(timezone.now() + timedelta(minutes=1), tick=False):
        later = share(Article.objects.get(pk=draft.pk), by=editor, reader="س")
        assert client.get(path_of(later)).status_code == 200


def test_a_withdrawal_ends_them_though_somebody_is_changing_the_story(
    client: Client, link: PreviewLink, draft: Article, editor: User
) -> None:
    publishing.publish(draft, by=editor)
    draft.refresh_from_db()
    open_changes(draft, by=editor)
    assert client.get(path_of(link)).status_code == 200
    publishing.withdraw(draft, by=editor, note="لم يكتمل التحقق.")
    assert tells_nothing(client.get(path_of(link)), 410)


def test_what_a_withdrawal_has_ended_does_not_begin_again_with_the_next_draft(
    client: Client, link: PreviewLink, draft: Article, editor: User
) -> None:
    publishing.publish(draft, by=editor)
    draft.refresh_from_db()
    publishing.withdraw(draft, by=editor, note="لم يكتمل التحقق.")
    publishing.return_to_draft(draft, by=editor)
    assert tells_nothing(client.get(path_of(link)), 410)


def test_the_draft_is_nowhere_else(client: Client, link: PreviewLink, draft: Article) -> None:
    client.get(path_of(link))
    for path in ("/", draft.get_absolute_url(), draft.get_short_url(), "/search/?q=سر", "/sitemap.xml", "/robots.txt"):
        assert SECRET not in client.get(path).content.decode()
        assert "/preview/" not in client.get(path).content.decode()


# What is answered


def post(client: Client, link: PreviewLink, **data: str) -> Any:
    return client.post(path_of(link), {"version": str(link.article.version), **data})


def test_a_note_is_a_comment_to_the_giver(
    client: Client, link: PreviewLink, draft: Article, editor: User, run_tasks: Any
) -> None:
    answer = post(client, link, text="اسم الشركة مكتوب خطأ.", note="1")
    assert (answer.status_code, answer["Location"].endswith("?said=note#answer")) == (302, True)
    comment = Comment.objects.get()
    assert (comment.article, comment.by, comment.guest_name, comment.addressed_to) == (draft, None, "المحامية", editor)
    assert (comment.preview_link, comment.is_approval, comment.seen_version) == (link, False, 1)
    entry = AuditEntry.objects.get(action=Action.PREVIEW_ANSWERED)
    assert (entry.actor_id, entry.subject_id) == (None, str(draft.pk))
    run_tasks()
    assert len(mail.outbox) == 1
    assert mail.outbox[0].to == ["samer@example.org"]
    assert "المحامية" in mail.outbox[0].subject
    assert not answer.cookies


def test_an_approval_needs_no_words_and_names_its_version(client: Client, link: PreviewLink) -> None:
    post(client, link, approve="1", text="")
    comment = Comment.objects.get()
    assert (comment.is_approval, comment.seen_version) == (True, 1)
    assert comment.text


def test_the_version_is_the_one_that_was_read(client: Client, link: PreviewLink, draft: Article, editor: User) -> None:
    record(draft, by=editor, action=RevisionAction.SAVED)
    client.post(path_of(link), {"version": "1", "approve": "1"})
    client.post(path_of(link), {"version": "99", "approve": "1"})
    client.post(path_of(link), {"version": "x", "approve": "1"})
    assert list(Comment.objects.values_list("seen_version", flat=True)) == [1, 2, 2]


@pytest.mark.parametrize("text", ["", " \n", "س" * (LONGEST_COMMENT + 1)])
def test_what_is_not_taken_stays_in_the_form(client: Client, link: PreviewLink, text: str) -> None:
    answer = post(client, link, text=text, note="1")
    assert answer.status_code == 400
    assert text.strip() in answer.content.decode()
    assert 'role="alert"' in answer.content.decode()
    assert not Comment.objects.exists()


def test_nobody_floods_the_desk(client: Client, link: PreviewLink, clock: time_machine.Traveller) -> None:
    for number in range(MOST_ANSWERS):
        assert post(client, link, text=f"ملاحظة {number}", note="1").status_code == 302
    refused = post(client, link, text="ملاحظة أخرى", note="1")
    assert refused.status_code == 429
    assert "ملاحظة أخرى" in refused.content.decode()
    assert Comment.objects.count() == MOST_ANSWERS
    clock.shift(timedelta(hours=1, seconds=1))
    assert post(client, link, text="ملاحظة أخرى", note="1").status_code == 302


def test_many_links_are_no_way_to_fill_the_mailbox_of_who_gave_them(
    client: Client, draft: Article, editor: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_site()
    monkeypatch.setattr(preview_links, "MOST_MAILS", 3)
    links = [share(draft, by=editor, reader="س") for _number in range(4)]
    assert [post(client, link, text="ملاحظة", note="1").status_code for link in links] == [302, 302, 302, 429]
    others = share(draft, by=make_user(Role.CHIEF_EDITOR), reader="س")
    assert post(client, others, text="ملاحظة", note="1").status_code == 302


def test_one_network_answers_so_often_whatever_links_it_has(
    client: Client, draft: Article, editor: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_site()
    monkeypatch.setattr(preview_links, "MOST_OF_A_NETWORK", 2)
    links = [share(draft, by=editor, reader="س") for _number in range(3)]
    addresses = ["2001:db8:1:2::1", "2001:db8:1:2::2", "2001:db8:1:2::3"]
    answers = [
        client.post(path_of(link), {"text": "س", "note": "1", "version": "1"}, REMOTE_ADDR=address)
        for link, address in zip(links, addresses, strict=True)
    ]
    assert [answer.status_code for answer in answers] == [302, 302, 429]
    elsewhere = client.post(path_of(links[2]), {"text": "س", "note": "1"}, REMOTE_ADDR="2001:db8:1:3::1")
    assert elsewhere.status_code == 302


def test_another_site_answers_in_nobodys_name(client: Client, link: PreviewLink) -> None:
    answer = client.post(path_of(link), {"text": "س", "note": "1"}, headers={"Sec-Fetch-Site": "cross-site"})
    assert answer.status_code == 403
    assert not Comment.objects.exists()


def test_hostile_words_stay_words(client: Client, link: PreviewLink) -> None:
    answer = post(client, link, text="<script>alert(1)</script>" + "س" * LONGEST_COMMENT, note="1")
    assert "<script>alert" not in answer.content.decode()
    assert "&lt;script&gt;alert" in answer.content.decode()


def test_whoever_lost_the_right_gets_no_mail(client: Client, link: PreviewLink, editor: User, run_tasks: Any) -> None:
    post(client, link, text="ملاحظة", note="1")
    editor.groups.clear()
    run_tasks()
    assert mail.outbox == []


def test_find_knows_no_address_of_others() -> None:
    with pytest.raises(signing.BadSignature):
        preview_links.find("abc")
    assert preview_links.find(preview_links._signer.sign("abc")) is None


def test_a_reporter_takes_back_the_links_to_own_changes() -> None:
    reporter = make_user(Role.REPORTER)
    story = make_article(created_by=reporter)
    link = share(open_changes(story, by=reporter), by=reporter, reader="س")
    assert revoke(link, by=reporter).revoked_at is not None
    with pytest.raises(NotAllowed):
        revoke(link, by=make_user(Role.REPORTER))
