"""An issue at the desk: its form, its pages, and the sentence before it is sent."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts.roles import Role
from articles.enums import Status
from articles.models import Article
from newsletter.composing import Row, new_issue, save_issue
from newsletter.enums import IssueState, ItemKind, SubscriptionStatus
from newsletter.models import Issue, MailingList, Subscriber, Subscription
from newsletter.sending import lifecycle
from tests.articles.desk import messages_of
from tests.factories import make_article, make_indexed, make_section, make_site, make_user, make_withdrawn
from tests.newsletter.issues import address, controls, filled, press, send

pytestmark = pytest.mark.django_db


@pytest.fixture
def editor(db: None) -> Any:
    make_site(postal_address="دمشق، شارع الصحافة")
    return make_user(Role.NEWSLETTER_EDITOR, email="editor@example.com")


@pytest.fixture
def desk(editor: Any) -> Client:
    client = Client()
    client.force_login(editor)
    return client


@pytest.fixture
def issue(mailing_list: MailingList, editor: Any) -> Issue:
    articles = [make_article("الأولى"), make_article("الثانية"), make_article("الثالثة")]
    return new_issue(mailing_list, by=editor, articles=articles, subject="أخبار الصباح")


def readers(mailing_list: MailingList, count: int) -> None:
    before = timezone.now() - timedelta(days=1)
    for number in range(count):
        subscriber = Subscriber.objects.create(email=f"reader{number}@example.com")
        Subscription.objects.create(
            subscriber=subscriber,
            mailing_list=mailing_list,
            status=SubscriptionStatus.CONFIRMED,
            confirmed_at=before,
        )


def headlines(issue: Issue) -> list[str]:
    return [str(item) for item in issue.items.select_related("article")]


# A new issue


def test_a_new_issue_begins_with_its_list(desk: Client, mailing_list: MailingList) -> None:
    readers(mailing_list, 3)
    page = desk.get("/admin/newsletter/issue/add/")
    assert "نشرة الصباح" in page.content.decode()
    response = desk.post("/admin/newsletter/issue/add/", {"mailing_list": mailing_list.pk}, follow=True)
    issue = Issue.objects.get()
    assert response.redirect_chain == [(address(issue), 302)]
    assert (issue.state, issue.created_by) == (IssueState.DRAFT, response.context["user"])


def test_a_double_click_makes_one_draft(clock: Any, desk: Client, mailing_list: MailingList) -> None:
    for seconds, count in ((0, 1), (1, 1), (10, 2)):
        clock.shift(seconds)
        desk.post("/admin/newsletter/issue/add/", {"mailing_list": mailing_list.pk})
        assert Issue.objects.count() == count
    other = Client()
    other.force_login(make_user(Role.NEWSLETTER_EDITOR))
    other.post("/admin/newsletter/issue/add/", {"mailing_list": mailing_list.pk})
    assert Issue.objects.count() == 3


def test_without_a_list_nothing_is_made(desk: Client, mailing_list: MailingList) -> None:
    assert desk.post("/admin/newsletter/issue/add/", {}).status_code == 200
    assert not Issue.objects.exists()


# The form


def test_words_are_saved_and_the_article_shows_its_own(desk: Client, issue: Issue) -> None:
    first = issue.items.first()
    page = desk.get(address(issue)).content.decode()
    assert 'placeholder="الأولى"' in page
    changes = {f"row-{first.pk}-headline": "عنوان للبريد", "issue-preheader": "تمهيد"}
    response = press(desk, issue, "_save", **changes)
    issue.refresh_from_db()
    assert (issue.preheader, issue.version) == ("تمهيد", 2)
    assert headlines(issue) == ["عنوان للبريد", "الثانية", "الثالثة"]
    assert response.status_code == 200


def test_a_fault_keeps_every_word(desk: Client, issue: Issue) -> None:
    first = issue.items.first()
    changes = {"issue-subject": "", f"row-{first.pk}-summary": "كلام كُتب", "new-headline": "عنوان بلا نص"}
    response = press(desk, issue, "_save", **changes)
    assert response.status_code == 409
    kept = controls(response.content.decode())
    assert kept[f"row-{first.pk}-summary"] == "كلام كُتب"
    assert kept["new-headline"] == "عنوان بلا نص"
    issue.refresh_from_db()
    assert (issue.subject, issue.version) == ("أخبار الصباح", 1)


@pytest.mark.parametrize(
    ("button", "place", "order"),
    [
        ("_up", 1, ["الثانية", "الأولى", "الثالثة"]),
        ("_down", 0, ["الثانية", "الأولى", "الثالثة"]),
        ("_up", 0, ["الأولى", "الثانية", "الثالثة"]),
        ("_down", 2, ["الأولى", "الثانية", "الثالثة"]),
        ("_remove", 1, ["الأولى", "الثالثة"]),
    ],
)
def test_buttons_move_and_remove_items(desk: Client, issue: Issue, button: str, place: int, order: list[str]) -> None:
    press(desk, issue, button, issue.items.all()[place].pk, **{"issue-preheader": "لم يُحفظ"})
    issue.refresh_from_db()
    assert headlines(issue) == order
    assert issue.preheader == "لم يُحفظ"


@pytest.mark.parametrize(
    ("numbers", "order"),
    [
        ({0: "3"}, ["الثانية", "الثالثة", "الأولى"]),
        ({2: "1"}, ["الثالثة", "الأولى", "الثانية"]),
        ({2: "١"}, ["الثالثة", "الأولى", "الثانية"]),
        ({0: "3", 2: "1"}, ["الثالثة", "الثانية", "الأولى"]),
        ({0: "99"}, ["الثانية", "الثالثة", "الأولى"]),
        ({0: ""}, ["الأولى", "الثانية", "الثالثة"]),
    ],
)
def test_numbers_order_items(desk: Client, issue: Issue, numbers: dict[int, str], order: list[str]) -> None:
    items = list(issue.items.all())
    press(desk, issue, "_save", **{f"row-{items[place].pk}-position": number for place, number in numbers.items()})
    assert headlines(issue) == order


def test_a_text_of_ones_own_is_added_and_changed(desk: Client, issue: Issue) -> None:
    press(desk, issue, "_text", **{"new-headline": "كلمة", "new-summary": "صباح الخير.\r\n\r\nهذا نص."})
    text = issue.items.last()
    assert (text.headline, text.article, text.position) == ("كلمة", None, 3)
    assert text.summary.split("\n\n") == ["صباح الخير.", "هذا نص."]
    response = press(desk, issue, "_save", **{f"row-{text.pk}-summary": ""})
    assert response.status_code == 409
    assert issue.items.count() == 4


def test_enter_saves_and_does_nothing_else(desk: Client, issue: Issue) -> None:
    page = desk.get(address(issue)).content.decode()
    form = page[page.index('id="issue-form"') :]
    first = re.search(r'<(?:button|input) type="submit"[^>]* name="(\w+)"', form)
    assert first
    assert first[1] == "_enter"
    press(desk, issue, "_enter", **{"issue-preheader": "تمهيد"})
    issue.refresh_from_db()
    assert (issue.preheader, issue.items.count()) == ("تمهيد", 3)


# Articles


def test_articles_are_found_by_words_and_added(desk: Client, issue: Issue) -> None:
    wanted = make_indexed("ارتفاع أسعار القمح في الأسواق")
    make_indexed("مسودة عن القمح", published=False)
    make_indexed("مباراة المنتخب")
    response = press(desk, issue, "_search", **{"find-q": "القمح", "issue-preheader": "كُتب قبل البحث"})
    assert [hit.article.pk for hit in response.context["offer"].hits] == [wanted.pk]
    issue.refresh_from_db()
    assert issue.preheader == "كُتب قبل البحث"
    path = response.redirect_chain[-1][0].partition("#")[0]
    data = filled(desk, path, add=[str(wanted.pk)], _add="1")
    send(desk, address(issue), data)
    assert headlines(issue)[-1] == "ارتفاع أسعار القمح في الأسواق"


def test_the_last_day_of_a_section_is_pulled(clock: Any, desk: Client, issue: Issue, mailing_list: MailingList) -> None:
    now = timezone.now()
    section = make_section("اقتصاد")
    fresh = make_article("جديدة", section=section, at=now - timedelta(hours=3))
    make_article("قديمة", section=section, at=now - timedelta(hours=30))
    make_article("من قسم آخر", at=now - timedelta(hours=3), section=make_section("رياضة"))
    known = make_article("وردت", section=section, at=now - timedelta(hours=2))
    earlier = new_issue(mailing_list, by=None, articles=[known], subject="عدد أمس")
    Issue.objects.filter(pk=earlier.pk).update(state=IssueState.PAUSED)

    asked = {"find-section": str(section.pk), "find-hours": "24"}
    response = press(desk, issue, "_pull", **asked, **{"find-fresh": []})
    hits = response.context["offer"].hits
    assert [(hit.article.pk, hit.issue, hit.is_ticked) for hit in hits] == [
        (known.pk, earlier, False),
        (fresh.pk, None, True),
    ]
    assert "عدد أمس" in response.content.decode()
    response = press(desk, issue, "_pull", **asked, **{"find-fresh": "on"})
    assert [hit.article.pk for hit in response.context["offer"].hits] == [fresh.pk]


@pytest.mark.parametrize("kind", ["draft", "scheduled", "copy", "withdrawn"])
def test_what_readers_do_not_see_is_not_added(desk: Client, issue: Issue, kind: str) -> None:
    hidden = {
        "draft": lambda: make_article(published=False),
        "scheduled": lambda: make_article(at=timezone.now() + timedelta(days=1)),
        "copy": lambda: make_article(published=False, working_copy_of=make_article()),
        "withdrawn": make_withdrawn,
    }[kind]()
    press(desk, issue, "_add", add=[str(hidden.pk)])
    assert issue.items.count() == 3


def test_an_article_withdrawn_afterwards_is_shown_as_dropped(desk: Client, issue: Issue) -> None:
    first = issue.items.first()
    Article.objects.filter(pk=first.article_id).update(status=Status.WITHDRAWN, withdrawn_at=timezone.now())
    response = desk.get(address(issue))
    assert [item.is_dropped for item, _earlier in response.context["rows"]] == [True, False, False]
    assert response.context["checks"].blocks == []
    press(desk, issue, "_save", **{"issue-preheader": "تمهيد"})
    issue.refresh_from_db()
    assert (issue.preheader, issue.items.count()) == ("تمهيد", 3)


@pytest.mark.parametrize("page", ["change", "mail", "preview", "send"])
@pytest.mark.parametrize("state", [IssueState.DRAFT, IssueState.SCHEDULED])
def test_words_of_an_article_that_was_taken_back_are_told_on_no_page(
    desk: Client, issue: Issue, page: str, state: IssueState
) -> None:
    """Whoever makes issues may not read what readers do not see."""
    article = Article.objects.filter(pk=issue.items.first().article_id)
    words = {"headline": "سرّ العنوان", "standfirst": "سرّ المقدمة", "body": "<p>سرّ المتن</p>"}
    article.update(status=Status.DRAFT, publish_at=None, **words)
    Issue.objects.filter(pk=issue.pk).update(state=state, send_at=timezone.now())
    response = desk.get(address(issue, page), follow=True)
    assert response.status_code == 200
    assert "سرّ" not in response.content.decode()


def test_a_row_does_not_change_its_kind(desk: Client, issue: Issue) -> None:
    text = issue.items.create(kind=ItemKind.TEXT, summary="كلمة المحرر", position=9)
    changes = {f"row-{text.pk}-kind": "article", f"row-{text.pk}-summary": ""}
    assert press(desk, issue, "_save", **changes).status_code in {200, 409}
    assert issue.items.count() == 3


# Two editors


def test_the_second_save_comes_back_with_a_choice(desk: Client, issue: Issue, editor: Any) -> None:
    first = issue.items.first()
    data = filled(desk, address(issue), **{"issue-subject": "عنواني", f"row-{first.pk}-summary": "ملخصي"})
    data["_save"] = "1"
    other = make_user(Role.NEWSLETTER_EDITOR, first_name="سامر")
    added = make_article("أضافها الآخر")
    rows = [*_rows(issue), _new(added)]
    save_issue(issue, by=other, version=1, words={"subject": "عنوان الآخر"}, rows=rows)

    response = send(desk, address(issue), data)
    page = response.content.decode()
    assert response.status_code == 409
    assert {"عنوان الآخر", "عنواني", "ملخصي"} <= set(re.findall(r"[^\n<>]+(?=</textarea>)", page))
    issue.refresh_from_db()
    assert issue.subject == "عنوان الآخر"

    again = controls(page)
    again["_overwrite"] = "1"
    send(desk, address(issue), again)
    issue.refresh_from_db()
    assert (issue.subject, issue.items.first().summary) == ("عنواني", "ملخصي")
    assert headlines(issue) == ["الأولى", "الثانية", "الثالثة", "أضافها الآخر"]


def test_words_for_an_issue_that_is_scheduled_meanwhile_are_given_back(desk: Client, issue: Issue) -> None:
    data = filled(desk, address(issue), **{"issue-subject": "عنواني", "_save": "1"})
    Issue.objects.filter(pk=issue.pk).update(state=IssueState.SCHEDULED, send_at=timezone.now() + timedelta(days=1))
    response = send(desk, address(issue), data)
    assert response.status_code == 409
    assert "عنواني" in response.content.decode()
    assert "_overwrite" not in response.content.decode()
    issue.refresh_from_db()
    assert issue.subject == "أخبار الصباح"


def test_who_was_signed_out_gets_the_words_back(desk: Client, issue: Issue, editor: Any) -> None:
    data = filled(desk, address(issue), **{"issue-subject": "كُتب قبل انتهاء الجلسة", "_save": "1"})
    desk.logout()
    response = send(desk, address(issue), data)
    assert response.status_code == 401
    page = response.content.decode()
    assert controls(page)["issue-subject"] == "كُتب قبل انتهاء الجلسة"
    assert "كُتب قبل انتهاء الجلسة</textarea>" in page
    desk.force_login(editor)
    send(desk, address(issue), controls(page))
    issue.refresh_from_db()
    assert issue.subject == "كُتب قبل انتهاء الجلسة"
    assert headlines(issue) == ["الأولى", "الثانية", "الثالثة"]


def test_an_old_token_loses_no_word(issue: Issue, editor: Any) -> None:
    client = Client(enforce_csrf_checks=True, headers={"Sec-Fetch-Site": "same-origin"})
    client.force_login(editor)
    data = filled(client, address(issue), **{"issue-subject": "كُتب", "_save": "1"})
    data["csrfmiddlewaretoken"] = "x" * 64
    response = send(client, address(issue), data)
    assert response.status_code == 403
    assert controls(response.content.decode())["issue-subject"] == "كُتب"


def _rows(issue: Issue) -> list[Any]:
    return [Row.of(item) for item in issue.items.all()]


def _new(article: Article) -> Any:
    return Row(None, ItemKind.ARTICLE, article.pk)


# Previews


def test_the_mail_is_a_sealed_document(desk: Client, issue: Issue, settings: Any) -> None:
    settings.PICTURE_ORIGINS = ["https://pictures.example"]
    response = desk.get(address(issue, "mail"))
    policy = response.headers["Content-Security-Policy"]
    assert policy.startswith("sandbox allow-same-origin; default-src 'none'")
    assert "img-src 'self' http://127.0.0.1:8000 data: https://pictures.example;" in policy
    assert "script" not in policy
    assert "frame-ancestors 'self'" in policy
    assert response.headers["X-Frame-Options"] == "SAMEORIGIN"
    assert "الأولى" in response.content.decode()
    assert "frame-src 'self'" in desk.get(address(issue, "preview")).headers["Content-Security-Policy"]
    assert "frame-src 'self'" in desk.get(address(issue)).headers["Content-Security-Policy"]


@pytest.mark.parametrize(("scheme", "rule"), [("dark", "@media all"), ("light", "@media not all")])
def test_the_mail_is_shown_by_day_and_by_night(desk: Client, issue: Issue, scheme: str, rule: str) -> None:
    page = desk.get(address(issue, "mail"), {"scheme": scheme}).content.decode()
    assert "prefers-color-scheme" not in page
    assert rule in page
    assert f'content="{scheme}"' in page


def test_plain_text_is_escaped(desk: Client, issue: Issue, editor: Any) -> None:
    save_issue(issue, by=editor, version=1, words={"subject": "<script>alert(1)</script>"}, rows=_rows(issue))
    page = desk.get(address(issue, "mail"), {"as": "text"}).content.decode()
    assert "الأولى" in page
    assert "<script>" not in page


def test_the_preview_shows_what_is_typed_and_saves_nothing(desk: Client, issue: Issue) -> None:
    first = issue.items.first()
    data = filled(desk, address(issue), **{f"row-{first.pk}-headline": "عنوان لم يُحفظ"})
    page = send(desk, address(issue, "mail") + "?scheme=light", data).content.decode()
    assert "عنوان لم يُحفظ" in page
    issue.refresh_from_db()
    assert (issue.version, issue.items.first().headline) == (1, "")


def test_no_link_of_a_preview_works(desk: Client, issue: Issue) -> None:
    page = desk.get(address(issue, "mail")).content.decode()
    paths = re.findall(r"http://127\.0\.0\.1:8000(/newsletter/(?:unsubscribe|preferences)/[^\"]*)", page)
    assert paths
    for path in paths:
        assert Client().post(path).status_code in {400, 404}


def test_nobody_is_counted_who_looks_at_what_was_sent(desk: Client, issue: Issue, mailing_list: MailingList) -> None:
    readers(mailing_list, 1)
    confirm(desk, issue, count="1")
    issue.refresh_from_db()
    counted = " ".join(map(str, issue.compiled_mails.get().content["html"]))
    assert "/newsletter/o/" in counted
    assert "/newsletter/c/" in counted
    page = desk.get(address(issue, "mail")).content.decode()
    assert "الأولى" in page
    assert "/newsletter/o/" not in page
    assert "/newsletter/c/" not in page
    assert desk.get(address(issue, "test")).status_code == 302


# Test mail


def test_good_addresses_get_a_test_and_bad_ones_are_named(
    desk: Client, issue: Issue, run_tasks: Any, mailoutbox: Any
) -> None:
    typed = "one@example.com, two@example.com خطأ@"
    response = desk.post(address(issue, "test"), {"addresses": typed}, follow=True)
    run_tasks()
    assert sorted(mail.to[0] for mail in mailoutbox) == ["one@example.com", "two@example.com"]
    assert any("خطأ@" in message for message in messages_of(response))


@pytest.mark.parametrize("typed", ["", "خطأ@", " ".join(f"reader{n}@example.com" for n in range(11))])
def test_what_cannot_be_tested_stands_in_the_box_again(desk: Client, issue: Issue, typed: str, mailoutbox: Any) -> None:
    response = desk.post(address(issue, "test"), {"addresses": typed})
    assert response.status_code == 409
    assert controls(response.content.decode())["addresses"] == typed
    assert mailoutbox == []


# Sending


def test_the_sentence_names_number_list_and_moment(
    clock: Any, desk: Client, issue: Issue, mailing_list: MailingList
) -> None:
    readers(mailing_list, 12)
    subscription = Subscription.objects.earliest("id")
    subscription.subscriber.paused_until = timezone.now() + timedelta(days=3)
    subscription.subscriber.save()
    context = desk.get(address(issue, "send")).context
    assert context["plan"].count == 11
    assert "١١" in context["sentence"]
    assert "نشرة الصباح" in context["sentence"]
    assert [number for _reason, number in context["plan"].excluded] == [1]
    later = desk.get(address(issue, "send"), {"at_0": "2026-11-21", "at_1": "07:00"}).context
    assert "السبت ٢١" in later["sentence"]
    assert "٧:٠٠ صباحًا" in later["sentence"]


def confirm(desk: Client, issue: Issue, query: str = "", **changes: Any) -> Any:
    path = address(issue, "send")
    return send(desk, path, filled(desk, path + query, **changes))


def test_the_number_typed_again_sends(desk: Client, issue: Issue, mailing_list: MailingList) -> None:
    readers(mailing_list, 3)
    confirm(desk, issue, count="٣")
    issue.refresh_from_db()
    assert issue.state == IssueState.PREPARING
    assert issue.sent_by is not None


@pytest.mark.parametrize("typed", ["", "2", "ثلاثة"])
def test_another_number_sends_nothing(desk: Client, issue: Issue, mailing_list: MailingList, typed: str) -> None:
    readers(mailing_list, 3)
    assert confirm(desk, issue, count=typed).status_code == 409
    issue.refresh_from_db()
    assert issue.state == IssueState.DRAFT


def test_a_changed_number_brings_the_sentence_anew(desk: Client, issue: Issue, mailing_list: MailingList) -> None:
    readers(mailing_list, 3)
    data = filled(desk, address(issue, "send"), count="3")
    Subscription.objects.filter(pk=Subscription.objects.latest("id").pk).delete()
    response = send(desk, address(issue, "send"), data)
    assert response.status_code == 409
    assert "٢" in response.context["refusal"]
    assert response.context["plan"].count == 2
    issue.refresh_from_db()
    assert issue.state == IssueState.DRAFT


def test_an_issue_changed_meanwhile_is_not_sent(
    desk: Client, issue: Issue, mailing_list: MailingList, editor: Any
) -> None:
    readers(mailing_list, 3)
    data = filled(desk, address(issue, "send"), count="3")
    save_issue(issue, by=editor, version=1, words={"subject": "عنوان آخر"}, rows=_rows(issue))
    assert send(desk, address(issue, "send"), data).status_code == 409
    issue.refresh_from_db()
    assert issue.state == IssueState.DRAFT


@pytest.mark.parametrize("query", ["", "?at_0=2026-11-21&at_1=07:00"])
def test_an_issue_edited_in_the_very_moment_is_not_sent(
    clock: Any, desk: Client, issue: Issue, mailing_list: MailingList, monkeypatch: Any, query: str
) -> None:
    readers(mailing_list, 3)
    data = filled(desk, address(issue, "send") + query, count="3")
    count = lifecycle.candidates_of

    def edited_meanwhile(which: Issue) -> Any:
        Issue.objects.filter(pk=which.pk).update(version=2)
        return count(which)

    monkeypatch.setattr(lifecycle, "candidates_of", edited_meanwhile)
    assert send(desk, address(issue, "send"), data).status_code == 409
    issue.refresh_from_db()
    assert (issue.state, issue.compiled_at) == (IssueState.DRAFT, None)


def test_an_issue_is_scheduled_and_taken_back(
    clock: Any, desk: Client, issue: Issue, mailing_list: MailingList
) -> None:
    readers(mailing_list, 3)
    confirm(desk, issue, "?at_0=2026-11-21&at_1=07:00", count="3")
    issue.refresh_from_db()
    assert (issue.state, f"{issue.send_at:%Y-%m-%d %H:%M}") == (IssueState.SCHEDULED, "2026-11-21 04:00")
    page = desk.get(address(issue)).content.decode()
    assert {address(issue, name) for name in ("unschedule", "preview", "sending", "history")} <= set(
        re.findall(r'(?:href|action)="([^"]+)"', page)
    )
    assert 'id="issue-form"' not in page
    assert desk.get(address(issue, "unschedule")).status_code == 302
    issue.refresh_from_db()
    assert issue.state == IssueState.SCHEDULED
    desk.post(address(issue, "unschedule"))
    issue.refresh_from_db()
    assert issue.state == IssueState.DRAFT


def test_a_moment_that_has_passed_is_a_sentence(
    clock: Any, desk: Client, issue: Issue, mailing_list: MailingList
) -> None:
    readers(mailing_list, 3)
    response = desk.get(address(issue, "send"), {"at_0": "2026-11-19", "at_1": "07:00"})
    assert response.context["moment_form"].errors
    assert not response.context["is_ready"]


@pytest.mark.parametrize("year", ["0001", "1989", "2101", "9999"])
def test_a_moment_near_the_ends_of_the_calendar_is_a_sentence(
    desk: Client, issue: Issue, mailing_list: MailingList, year: str
) -> None:
    readers(mailing_list, 3)
    for moment in (f"{year}-12-31T23:59:59+00:00", f"{year}-01-01T00:00:00+14:00"):
        assert confirm(desk, issue, count="3", moment=moment).status_code == 409
        assert desk.post(address(issue, "send"), {"moment": moment}).status_code < 500
    issue.refresh_from_db()
    assert issue.state == IssueState.DRAFT


def test_another_moment_than_that_of_the_sentence_sends_nothing(
    clock: Any, desk: Client, issue: Issue, mailing_list: MailingList
) -> None:
    readers(mailing_list, 3)
    assert confirm(desk, issue, count="3", at_0="2026-11-22", at_1="08:00").status_code == 409
    issue.refresh_from_db()
    assert issue.state == IssueState.DRAFT


def test_nothing_is_sent_to_nobody_or_without_content(desk: Client, mailing_list: MailingList, issue: Issue) -> None:
    assert not desk.get(address(issue, "send")).context["is_ready"]
    readers(mailing_list, 1)
    empty = new_issue(mailing_list, by=None)
    response = desk.get(address(empty, "send"))
    assert response.context["checks"].blocks
    assert not response.context["is_ready"]


def test_who_may_not_send_sees_no_button_and_sends_nothing(issue: Issue, mailing_list: MailingList) -> None:
    readers(mailing_list, 1)
    user = make_user(Role.REPORTER)
    client = Client()
    client.force_login(user)
    for page in ("change", "preview", "mail", "test", "send"):
        assert client.get(address(issue, page)).status_code == 403, page
    assert client.post(address(issue, "unschedule")).status_code == 403


# The list


def test_issues_are_listed_found_and_filtered(desk: Client, issue: Issue, mailing_list: MailingList) -> None:
    path = "/admin/newsletter/issue/"
    assert desk.get(path).context["cl"].result_count == 1
    assert desk.get(path, {"q": "اخبار الصباح"}).context["cl"].result_count == 1
    assert desk.get(path, {"q": "المساء"}).context["cl"].result_count == 0
    assert desk.get(path, {"state__exact": "finished"}).context["cl"].result_count == 0


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_makes_a_fixed_number_of_queries(
    desk: Client, mailing_list: MailingList, count: int, django_assert_max_num_queries: Any
) -> None:
    for _number in range(count):
        new_issue(mailing_list, by=None)
    with django_assert_max_num_queries(11):
        desk.get("/admin/newsletter/issue/")


def test_only_drafts_are_deleted(desk: Client, issue: Issue) -> None:
    Issue.objects.filter(pk=issue.pk).update(state=IssueState.PAUSED)
    assert desk.post(address(issue, "delete"), {"post": "yes"}).status_code == 403
    Issue.objects.filter(pk=issue.pk).update(state=IssueState.DRAFT)
    desk.post(address(issue, "delete"), {"post": "yes"})
    assert not Issue.objects.exists()


@pytest.mark.parametrize("count", [1, 3])
def test_the_form_makes_a_fixed_number_of_queries(
    desk: Client, mailing_list: MailingList, count: int, django_assert_max_num_queries: Any
) -> None:
    issue = new_issue(mailing_list, by=None, articles=[make_article() for _number in range(count)])
    with django_assert_max_num_queries(30):
        desk.get(address(issue))
