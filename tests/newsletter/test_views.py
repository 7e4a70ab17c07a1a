import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.apps import apps
from django.core.mail import EmailMessage
from django.db import connection
from django.http import HttpResponse
from django.template.loader import render_to_string
from django.test import Client
from django.urls import get_resolver

from newsletter import emails, wording
from newsletter.address_keys import address_hash
from newsletter.enums import SubscriptionStatus, SuppressionReason
from newsletter.models import ConfirmationRequest, ConsentRecord, MailingList, Subscriber, Subscription
from newsletter.suppressing import suppress
from newsletter.tokens import (
    download_token,
    erasure_token,
    new_confirmation_token,
    not_me_token,
    preferences_token,
    unsubscribe_token,
)
from tests.newsletter.conftest import EMAIL, Post, path_in, unsubscribe_path

pytestmark = pytest.mark.django_db

BUTTONS = ("again", "undo", "fewer", "all", "reason", "leave", "download", "erase", "pause")
ONE_CLICK = {"List-Unsubscribe": "One-Click"}


def text(response: HttpResponse) -> str:
    return response.content.decode()


def heading(response: HttpResponse) -> str:
    found = re.search(r"<h1>(.*?)</h1>", text(response))
    assert found
    return found[1]


def everything() -> dict[str, list]:
    return {
        model.__name__: list(model.objects.values_list()) for model in apps.get_app_config("newsletter").get_models()
    }


@pytest.fixture
def confirm_path(sign_up: Post, mailoutbox: list[EmailMessage]) -> str:
    sign_up()
    return path_in(mailoutbox[-1])


def test_form_stands_at_its_address(client: Client, mailing_list: MailingList) -> None:
    response = client.get("/newsletter/")
    assert response.status_code == 200
    assert heading(response) == "النشرة الإخبارية"
    assert 'action="/newsletter/subscribe/"' in text(response)
    assert 'name="lists"' not in text(response)


def test_form_without_any_list_works(client: Client) -> None:
    assert client.get("/newsletter/").status_code == 200
    assert not MailingList.objects.exists()


@pytest.mark.parametrize("count", [1, 3])
def test_form_makes_a_fixed_number_of_queries(client: Client, count: int, django_assert_max_num_queries) -> None:
    for number in range(count):
        MailingList.objects.create(name=f"نشرة {number}")
    with django_assert_max_num_queries(4):
        client.get("/newsletter/")


def test_reader_chooses_where_there_is_a_choice(client: Client, post: Post) -> None:
    sport = MailingList.objects.create(name="نشرة الرياضة", position=1)
    page = text(client.get("/newsletter/"))
    assert re.findall(r'name="lists" value="([^"]+)"( checked)?', page) == [
        ("نشرة-الصباح", " checked"),
        ("نشرة-الرياضة", ""),
    ]
    post("/newsletter/subscribe/", {"email": EMAIL, "lists": [sport.slug]})
    assert Subscription.objects.get().mailing_list == sport


@pytest.mark.parametrize("slug", ["gone", "x\0y"])
def test_list_that_is_gone_is_a_sentence_not_an_error(post: Post, slug: str) -> None:
    response = post("/newsletter/subscribe/", {"email": EMAIL, "lists": [slug]})
    assert response.status_code == 400
    assert "لم تعد هذه النشرة متاحة." in text(response)


def test_box_on_every_page_says_what_the_record_keeps() -> None:
    box = render_to_string("components/newsletter_box.html")
    for sentence in (wording.offer(), wording.promise()):
        assert sentence in box.replace("&#x27;", "'")


def test_browser_leaves_the_judgement_of_an_address_to_us() -> None:
    """Its own bubbles are in its own language and know other rules."""
    assert re.search(r"<form [^>]*\bnovalidate\b", render_to_string("components/newsletter_box.html"))


def test_signing_up_leads_to_the_page_that_names_the_address(client: Client, sign_up: Post) -> None:
    response = sign_up(" Layla@Example.com ")
    assert response.status_code == 302
    assert "layla" not in response.url.lower()
    page = client.get(response.url)
    assert heading(page) == "تفقّد بريدك"
    assert '<bdi dir="ltr">layla@example.com</bdi>' in text(page)
    assert "خلال ٤٨ ساعة" in text(page)


def test_reloading_that_page_sends_nothing(client: Client, sign_up: Post, mailoutbox) -> None:
    where = sign_up().url
    for _ in range(3):
        client.get(where)
    assert len(mailoutbox) == 1


def test_that_page_ends_with_the_link(client: Client, clock, sign_up: Post) -> None:
    where = sign_up().url
    clock.shift(timedelta(hours=48))
    assert client.get(where).status_code == 404
    assert client.get("/newsletter/check-inbox/7e4d3a60-0000-4000-8000-000000000000/").status_code == 404


def test_answer_is_the_same_whatever_is_known_about_an_address(
    client: Client, sign_up: Post, post: Post, mailoutbox
) -> None:
    """For new, pending, confirmed, unsubscribed, unwanted, bounced and too often mailed addresses, and for programs."""
    for email, steps in {
        "pending@example.com": 1,
        "confirmed@example.com": 2,
        "unsubscribed@example.com": 3,
    }.items():
        sign_up(email)
        if steps > 1:
            post(path_in(mailoutbox[-1]))
        if steps > 2:
            post(unsubscribe_path(Subscription.objects.get(subscriber__email=email)))
    for _ in range(4):
        sign_up("often@example.com")
    suppress("unwanted@example.com", reason=SuppressionReason.COMPLAINT)
    suppress("bounced@example.com", reason=SuppressionReason.HARD_BOUNCE)
    known = Subscriber.objects.values_list("email", flat=True)
    unknown = ["new@example.com", "unwanted@example.com", "bounced@example.com", "machine@example.com"]
    answers = set()
    for email in [*known, *unknown]:
        bait = {"website": "x"} if email.startswith("machine") else {}
        response = post("/newsletter/subscribe/", {"email": email.upper(), **bait})
        page = client.get(response.url)
        address = re.sub("[0-9a-f-]{36}", "REFERENCE", response.url)
        of_its_own = {"Expires", "Content-Length", "X-Request-ID"}
        headers = {name: value for name, value in page.headers.items() if name not in of_its_own}
        answers.add(
            (
                response.status_code,
                response.content,
                address,
                str(headers),
                text(page).replace(email, "EMAIL"),
            )
        )
    assert len(answers) == 1


@pytest.mark.parametrize("asked_before", [0, 1, 3])
def test_answers_do_not_tell_how_often_somebody_else_has_asked(
    client: Client, clock, sign_up: Post, mailoutbox, asked_before: int
) -> None:
    """Each answer is a page of its own, and all of them end together."""
    for _ in range(asked_before):
        sign_up()
    clock.shift(timedelta(hours=1))
    answers = [sign_up().url for _ in range(5)]
    assert len(set(answers)) == 5
    assert len({text(client.get(answer)) for answer in answers}) == 1
    clock.shift(timedelta(hours=48, seconds=-1))
    assert {client.get(answer).status_code for answer in answers} == {200}
    clock.shift(timedelta(seconds=1))
    assert {client.get(answer).status_code for answer in answers} == {404}
    assert len(mailoutbox) == 3


@pytest.mark.parametrize("state", ["new", "confirmed", "often", "unwanted", "machine"])
def test_no_mail_is_made_while_the_page_is_answered(
    client: Client, sign_up: Post, post: Post, mailoutbox, run_tasks, monkeypatch, state: str
) -> None:
    """The time of an answer must not tell either: each costs one row and one task, whatever is known."""
    if state == "confirmed":
        sign_up()
        post(path_in(mailoutbox[-1]))
    for _ in range(4 if state == "often" else 0):
        sign_up()
    if state == "unwanted":
        suppress(EMAIL, reason=SuppressionReason.COMPLAINT)
    mailoutbox.clear()
    made = []
    make = emails.make_mail
    monkeypatch.setattr(emails, "make_mail", lambda *args, **kwargs: made.append(args) or make(*args, **kwargs))
    requests = ConfirmationRequest.objects.count()
    answer = client.post("/newsletter/subscribe/", {"email": EMAIL, "website": "x" if state == "machine" else ""})
    assert (answer.status_code, made) == (302, [])
    assert ConfirmationRequest.objects.count() == requests + 1
    assert run_tasks() == 1
    assert len(mailoutbox) == (0 if state in {"often", "unwanted", "machine"} else 1)


@pytest.mark.parametrize("email", ["a@xn--a.example", "a@xn--0.example", "a@XN--A.example"])
def test_domain_that_cannot_be_read_back_is_a_sentence_not_an_error(sign_up: Post, email: str) -> None:
    response = sign_up(email)
    assert response.status_code == 400
    assert "أدخل بريدًا إلكترونيًا صحيحًا، مثل name@example.com." in text(response)


@pytest.mark.parametrize(
    "email", ["", "a@localhost", "=cmd|x@x.com", "a@b.co\nBcc: x@example.com", "<script>", "x" * 999_999]
)
def test_bad_address_gets_the_form_again_with_what_was_typed(sign_up: Post, mailoutbox, email: str) -> None:
    response = sign_up(email)
    page = text(response)
    expected = "أدخل بريدًا إلكترونيًا صحيحًا، مثل name@example.com." if email else "أدخل بريدك الإلكتروني."
    assert response.status_code == 400
    assert re.search(r"<title>\s*خطأ: النشرة الإخبارية", page)
    assert "توجد مشكلة" in page
    assert page.count(expected) == 2
    assert re.search(r'role="alert" tabindex="-1" autofocus', page)
    assert '<a class="text-link" href="#newsletter-email">' in page
    assert 'aria-invalid="true"' in page
    assert "<script>" not in page
    assert len(page) < 50_000
    assert "Set-Cookie" not in response.headers
    assert mailoutbox == []
    assert not Subscriber.objects.exists()


def test_typed_value_is_kept(sign_up: Post) -> None:
    assert 'value="ليلى@example"' in text(sign_up("ليلى@example"))


def test_address_of_the_form_itself_leads_to_the_page(client: Client) -> None:
    assert client.get("/newsletter/subscribe/").url == "/newsletter/"


@pytest.mark.parametrize("path", ["subscribe", "confirm", "unsubscribe", "not-me", "preferences", "download", "erase"])
def test_post_from_another_site_is_refused_in_arabic(path: str, sign_up: Post, post: Post, mailoutbox) -> None:
    sign_up()
    reader = Subscriber.objects.get().pk
    paths = {
        "subscribe": "/newsletter/subscribe/",
        "confirm": path_in(mailoutbox[0]),
        "unsubscribe": unsubscribe_path(Subscription.objects.get()),
        "not-me": path_in(mailoutbox[0], "not-me"),
        "preferences": f"/newsletter/preferences/{preferences_token(reader)}/",
        "download": f"/newsletter/download/{download_token(reader)}/",
        "erase": f"/newsletter/erase/{erasure_token(reader)}/",
    }
    before = everything()
    response = post(paths[path], {"email": EMAIL}, headers={"Sec-Fetch-Site": "cross-site"})
    assert response.status_code == 403
    assert '<html lang="ar" dir="rtl"' in text(response)
    assert "Set-Cookie" not in response.headers
    assert everything() == before


def test_forms_need_no_cookie_and_no_token_and_set_none(sign_up: Post, mailoutbox) -> None:
    strict = Client(enforce_csrf_checks=True)
    asked = strict.post("/newsletter/subscribe/", {"email": EMAIL})
    sign_up()
    confirm = path_in(mailoutbox[-1])
    end = unsubscribe_path(Subscription.objects.get())
    answers = [
        asked,
        strict.get("/newsletter/"),
        strict.get(asked.url),
        strict.get(confirm),
        strict.post(confirm),
        strict.get(confirm),
        strict.get("/newsletter/confirmed/"),
        strict.get(end),
        strict.post(end),
        strict.post(end, ONE_CLICK),
        strict.get("/newsletter/confirm/x/"),
    ]
    assert [response.status_code for response in answers] == [
        302,
        200,
        200,
        200,
        302,
        410,
        200,
        200,
        200,
        200,
        404,
    ]
    assert not strict.cookies
    assert not any("Set-Cookie" in response.headers or "Cookie" in response.get("Vary", "") for response in answers)


def test_views_without_djangos_own_protection_are_these() -> None:
    views = {
        pattern.name
        for pattern in get_resolver("newsletter.urls").url_patterns
        if getattr(pattern.callback, "csrf_exempt", False)
    }
    ours = {"subscribe", "confirm", "unsubscribe", "not_me", "preferences", "download", "erase"}
    assert views - {"reports"} == ours


def test_confirm_page_shows_a_masked_address_and_a_button(client: Client, confirm_path: str) -> None:
    response = client.get(confirm_path)
    assert response.status_code == 200
    assert heading(response) == "أكّد اشتراكك"
    assert "l•••@example.com" in text(response)
    assert "layla" not in text(response)
    assert "نشرة الصباح" in text(response)
    assert re.search(r'<form method="post"><button[^>]*>تأكيد الاشتراك</button>', text(response))


@pytest.mark.parametrize("method", ["get", "head"])
def test_looking_changes_nothing(
    client: Client, subscription: Subscription, sign_up: Post, mailoutbox, method: str
) -> None:
    sign_up("other@example.com")
    before = everything()
    paths = [
        "/newsletter/",
        "/newsletter/subscribe/",
        "/newsletter/confirmed/",
        path_in(mailoutbox[-1]),
        unsubscribe_path(subscription),
        f"/newsletter/check-inbox/{ConfirmationRequest.objects.latest('id').reference}/",
        path_in(mailoutbox[-1], "not-me"),
        f"/newsletter/preferences/{preferences_token(subscription.subscriber_id)}/",
        f"/newsletter/download/{download_token(subscription.subscriber_id)}/",
        f"/newsletter/erase/{erasure_token(subscription.subscriber_id)}/",
    ]
    for path in paths:
        for data in ({}, ONE_CLICK | dict.fromkeys(BUTTONS, "1") | {"email": EMAIL}):
            assert getattr(client, method)(path, data, headers={"Sec-Purpose": "prefetch"}).status_code in {
                200,
                302,
            }
    assert everything() == before
    assert len(mailoutbox) == 1


@pytest.mark.parametrize("method", ["put", "delete", "patch", "options", "trace"])
def test_other_methods_are_refused(client: Client, subscription: Subscription, method: str) -> None:
    before = everything()
    for path in (
        "/newsletter/",
        "/newsletter/subscribe/",
        "/newsletter/confirmed/",
        unsubscribe_path(subscription),
    ):
        assert getattr(client, method)(path).status_code == 405
    assert everything() == before


def test_button_confirms_and_leads_to_a_page_without_the_token(
    client: Client, post: Post, confirm_path: str, mailoutbox
) -> None:
    response = post(confirm_path)
    assert (response.status_code, response.url) == (302, "/newsletter/confirmed/")
    page = client.get(response.url)
    assert heading(page) == "اكتمل اشتراكك"
    # Not every list is a daily one.
    assert "غد" not in text(page)
    assert Subscription.objects.get().is_confirmed
    assert mailoutbox[-1].subject == "اكتمل اشتراكك: نشرة الصباح"


def test_replayed_link_is_gone_and_says_that_all_is_well(client: Client, post: Post, confirm_path: str) -> None:
    post(confirm_path)
    before = everything()
    for response in (post(confirm_path), client.get(confirm_path)):
        assert response.status_code == 410
        assert heading(response) == "اكتمل اشتراكك"
    assert everything() == before


def test_expired_link_is_gone_and_offers_a_new_one(
    client: Client, clock, post: Post, confirm_path: str, mailoutbox
) -> None:
    clock.shift(timedelta(hours=49))
    for response in (client.get(confirm_path), post(confirm_path)):
        assert response.status_code == 410
        assert heading(response) == "انتهت صلاحية الرابط"
        assert "أرسل رابطًا جديدًا" in text(response)
    response = post(confirm_path, {"again": "1"})
    assert heading(client.get(response.url)) == "تفقّد بريدك"
    post(path_in(mailoutbox[-1]))
    assert Subscription.objects.get().is_confirmed


def test_altered_and_foreign_tokens_are_not_found(client: Client, post: Post, confirm_path: str) -> None:
    subscription = Subscription.objects.get()
    token, end = confirm_path.split("/")[-2], unsubscribe_token(subscription.pk)
    before = everything()
    wrong = {
        "confirm": [token[:-1], token.swapcase(), token + ".css", end, new_confirmation_token(), "%FF", "ا"],
        "unsubscribe": [end[:-1], end.swapcase(), end + ".css", token, "1", "٤١.x", "%FF"],
    }
    for page, tokens in wrong.items():
        for bad in tokens:
            path = f"/newsletter/{page}/{bad}/"
            for response in (client.get(path), post(path), post(path, {"again": "1"})):
                assert response.status_code == 404
                assert heading(response) == "الرابط غير مكتمل"
                assert 'action="/newsletter/subscribe/"' in text(response)
    assert post(f"/newsletter/unsubscribe/{end[:-1]}/", ONE_CLICK).status_code == 404
    assert everything() == before


def test_pages_with_a_secret_address_are_not_kept_not_named_and_not_listed(
    client: Client, sign_up: Post, mailoutbox
) -> None:
    asked = sign_up()
    token_pages = [
        path_in(mailoutbox[0]),
        unsubscribe_path(Subscription.objects.get()),
        "/newsletter/confirm/x/",
        "/newsletter/preferences/x/",
        "/newsletter/not-me/x/",
        "/newsletter/download/x/",
        "/newsletter/erase/x/",
    ]
    for path in [asked.url, *token_pages]:
        response = client.get(path)
        assert "no-store" in response.headers["Cache-Control"]
        assert response.headers["Referrer-Policy"] == "no-referrer"
        assert response.headers["X-Robots-Tag"] == "noindex"
        assert not {"ETag", "Last-Modified"} & response.headers.keys()
        assert '<meta name="robots" content="noindex">' in text(response)
    assert "no-store" in client.post(token_pages[0]).headers["Cache-Control"]


def test_token_stands_in_no_page(client: Client, confirm_path: str, subscription: Subscription) -> None:
    reader, of_reader = subscription.subscriber, subscription.subscriber.pk
    tokens = {
        "not-me": not_me_token(address_hash(reader.email)),
        "preferences": preferences_token(of_reader),
        "download": download_token(of_reader),
        "erase": erasure_token(of_reader),
    }
    paths = [f"/newsletter/{page}/{token}/" for page, token in tokens.items()]
    for path in (confirm_path, unsubscribe_path(subscription), *paths):
        token, answer = path.split("/")[-2], client.get(path)
        assert answer.status_code == 200, path
        shown = text(answer)
        assert not [other for other in tokens.values() if other != token and other in shown], path
        # A form may name its own address; nothing that leads away, and nothing that is loaded, does.
        assert token not in re.sub(r'<form [^<>]*action="[^"]*"', "<form", shown), path
        assert answer.headers["Referrer-Policy"] == "no-referrer", path


def test_archive_and_pages_for_everybody_lead_to_nobodys_own_page(client: Client, subscription: Subscription) -> None:
    for path in ("/", "/newsletter/", "/newsletter/archive/", "/newsletter/confirmed/"):
        shown = text(client.get(path))
        assert not re.search(r"/newsletter/(confirm|unsubscribe|not-me|preferences|download|erase|check-inbox)/", shown)


def test_unsubscribe_page_has_a_button_that_ends_it(client: Client, post: Post, subscription: Subscription) -> None:
    path = unsubscribe_path(subscription)
    page = client.get(path)
    assert heading(page) == "إلغاء الاشتراك"
    assert "l•••@example.com" in text(page)
    assert "layla" not in text(page)
    for response in (post(path), post(path), client.get(path)):
        assert response.status_code == 200
        assert heading(response) == "أُلغي اشتراكك"
        assert 'name="undo"' in text(response)
    subscription.refresh_from_db()
    assert subscription.status == SubscriptionStatus.UNSUBSCRIBED
    record = ConsentRecord.objects.latest("id")
    assert (record.action, record.place) == ("unsubscribed", "unsubscribe_page")


def test_unsubscribe_link_never_expires(clock, post: Post, subscription: Subscription) -> None:
    path = unsubscribe_path(subscription)
    clock.shift(timedelta(days=3650))
    assert post(path).status_code == 200
    assert Subscription.objects.get().status == SubscriptionStatus.UNSUBSCRIBED


@pytest.mark.parametrize("as_form", [True, False], ids=["urlencoded", "multipart"])
def test_mail_program_unsubscribes_in_one_click(subscription: Subscription, as_form: bool) -> None:
    """RFC 8058 §3.2: no cookie, no redirect, either encoding, and again is fine."""
    strict = Client(enforce_csrf_checks=True)
    urlencoded = {"data": "List-Unsubscribe=One-Click", "content_type": "application/x-www-form-urlencoded"}
    for headers in (
        {},
        {"Origin": "https://mail.example", "Sec-Fetch-Site": "cross-site"},
        {"Origin": "null"},
    ):
        body = urlencoded if as_form else {"data": ONE_CLICK}
        response = strict.post(unsubscribe_path(subscription), headers=headers, **body)
        assert (response.status_code, response.headers["Content-Type"]) == (200, "text/plain")
        assert "Set-Cookie" not in response.headers
    assert Subscription.objects.get().status == SubscriptionStatus.UNSUBSCRIBED
    assert ConsentRecord.objects.filter(action="unsubscribed", place="one_click").count() == 1


@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        ("", b""),
        ("text/plain", b"List-Unsubscribe=One-Click"),
        ("application/json", b'{"List-Unsubscribe": "One-Click"}'),
        ("multipart/form-data", b"List-Unsubscribe=One-Click"),
        (
            "multipart/form-data; boundary=x",
            b'--x\r\nContent-Disposition: form-data; name="List-Unsubscribe"\r\n\r\nOne',
        ),
        ("application/x-www-form-urlencoded; charset=utf-16", b"List-Unsubscribe=One-Click"),
        ("application/x-www-form-urlencoded", b"&".join(b"a%d=1" % number for number in range(2000))),
    ],
)
def test_mail_program_that_writes_the_form_wrongly_unsubscribes_too(
    subscription: Subscription, content_type: str, body: bytes
) -> None:
    response = Client(enforce_csrf_checks=True).post(unsubscribe_path(subscription), body, content_type=content_type)
    assert response.status_code == 200
    assert Subscription.objects.get().status == SubscriptionStatus.UNSUBSCRIBED


def test_one_click_ends_that_list_only(post: Post, sign_up: Post, mailoutbox) -> None:
    MailingList.objects.create(name="نشرة الجمعة", is_default=True)
    sign_up()
    post(path_in(mailoutbox[0]))
    first, second = Subscription.objects.order_by("id")
    post(unsubscribe_path(first), ONE_CLICK)
    second.refresh_from_db()
    assert second.is_confirmed


def test_unsubscribe_link_of_an_erased_reader_says_done(client: Client, post: Post, subscription: Subscription) -> None:
    path = unsubscribe_path(subscription)
    subscription.delete()
    assert heading(client.get(path)) == "أُلغي اشتراكك"
    assert post(path).status_code == post(path, ONE_CLICK).status_code == 200


@pytest.mark.django_db(transaction=True)
def test_simultaneous_sign_ups_make_one_subscriber_and_three_mails(mailing_list, mailoutbox, run_tasks) -> None:
    def sign_up(_: int) -> int:
        try:
            return Client().post("/newsletter/subscribe/", {"email": EMAIL}).status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(sign_up, range(8))) == {302}
    run_tasks()
    assert Subscriber.objects.count() == Subscription.objects.count() == 1
    assert ConfirmationRequest.objects.with_mail().count() == len(mailoutbox) == 3


@pytest.mark.django_db(transaction=True)
def test_simultaneous_clicks_confirm_once(mailing_list, mailoutbox, run_tasks) -> None:
    Client().post("/newsletter/subscribe/", {"email": EMAIL})
    run_tasks()
    path = path_in(mailoutbox.pop())

    def press(_: int) -> int:
        try:
            return Client().post(path).status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(press, range(4))) == [302, 410, 410, 410]
    run_tasks()
    assert ConsentRecord.objects.filter(action="confirmed").count() == len(mailoutbox) == 1
