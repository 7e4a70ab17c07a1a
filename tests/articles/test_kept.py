"""What was typed in a form of the desk, sent after its session had ended or with a token of the session before."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db.models import Model
from django.test import Client
from django.urls import reverse

from accounts.models import User
from accounts.roles import Role
from articles.admin.kept_boxes import boxes_of_any
from articles.changes import open_changes
from articles.models import Article
from images.models import Image
from tests.articles.desk import controls, form_data, publish_url
from tests.factories import make_article, make_image, make_page, make_section, make_site, make_user

pytestmark = pytest.mark.django_db

NOTE = "صحّحنا اسم الوزير في الفقرة الثانية"
FRONT = "/admin/articles/frontslot/"


@pytest.fixture
def chief() -> User:
    return make_user(Role.CHIEF_EDITOR)


@pytest.fixture
def browser(chief: User) -> Client:
    """Asks for the token, as sites do."""
    client = Client(enforce_csrf_checks=True)
    client.force_login(chief)
    return client


@pytest.fixture
def owner() -> User:
    return make_user(is_superuser=True, is_staff=True)


@pytest.fixture
def superuser_browser(owner: User) -> Client:
    client = Client(enforce_csrf_checks=True)
    client.force_login(owner)
    return client


def sent_when_signed_out(browser: Client, address: str, typed: dict[str, str]) -> Any:
    data = form_data(browser, address) | typed
    browser.logout()
    browser.cookies["csrftoken"] = data["csrfmiddlewaretoken"]
    return browser.post(address, data)


def sent_again(browser: Client, chief: User, address: str, answer: Any) -> Any:
    """Sign in in another window, then press the button of the page that gave the words back."""
    data = controls(answer.content.decode())
    browser.force_login(chief)
    browser.cookies["csrftoken"] = data["csrfmiddlewaretoken"]
    return browser.post(address, data)


def kept_texts(answer: Any) -> dict[str, str]:
    return {box.label: box.text for box in answer.context["boxes"]}


def test_a_public_note_is_given_back_and_publishes_nothing(browser: Client, chief: User) -> None:
    story = make_article()
    copy = open_changes(story, by=chief)
    Article.objects.filter(pk=copy.pk).update(headline="عنوان أدق")
    address = publish_url(copy)
    answer = sent_when_signed_out(browser, address, {"kind": "correction", "change_note": NOTE})
    assert answer.status_code == 401
    assert kept_texts(answer) == {str(Article._meta.get_field("change_note").verbose_name): NOTE}
    again = sent_again(browser, chief, address, answer)
    assert again.status_code == 200
    assert controls(again.content.decode())["change_note"] == NOTE
    copy.refresh_from_db()
    assert copy.change_note == NOTE
    story.refresh_from_db()
    assert story.headline != "عنوان أدق"


def test_the_words_of_a_table_of_pictures_are_given_back(browser: Client, chief: User) -> None:
    first, second = (make_image(alt_text="", created_by=chief) for _number in range(2))
    address = reverse("admin:images_image_complete") + f"?pictures={first.pk},{second.pk}"
    typed = {f"p{first.pk}-alt_text": "قارب عند الرصيف", f"p{second.pk}-alt_text": "سوق السمك صباحًا"}
    answer = sent_when_signed_out(browser, address, typed | {"_save": "1"})
    assert answer.status_code == 401
    alt_text = [text for name, text in kept_texts(answer).items() if name.endswith("النص البديل")]
    assert alt_text == ["قارب عند الرصيف", "سوق السمك صباحًا"]
    assert not [name for name in kept_texts(answer) if name.startswith("initial")]
    assert sent_again(browser, chief, address, answer).status_code == 302
    assert set(Image.objects.values_list("alt_text", flat=True)) == {"قارب عند الرصيف", "سوق السمك صباحًا"}


def test_an_arrangement_of_the_front_page_is_given_back(browser: Client, chief: User) -> None:
    story = make_article("افتتاح الجسر")
    address = FRONT
    typed = {"op": f"put:{story.pk}:lead:0", f"break-{story.pk}-text": "الجسر يُفتح اليوم"}
    answer = sent_when_signed_out(browser, address, typed)
    assert answer.status_code == 401
    assert "الجسر يُفتح اليوم" in kept_texts(answer).values()
    again = sent_again(browser, chief, address, answer)
    assert [pin.article_id for pin in again.context["draft"].layout] == [story.pk]


def test_an_old_token_gives_the_words_back_too(browser: Client, chief: User) -> None:
    image = make_image(alt_text="", created_by=chief)
    address = reverse("admin:images_image_complete") + f"?pictures={image.pk}"
    data = form_data(browser, address) | {f"p{image.pk}-alt_text": "قارب عند الرصيف"}
    browser.cookies["csrftoken"] = "x" * 32
    answer = browser.post(address, data, headers={"sec-fetch-site": "same-origin"})
    assert answer.status_code == 403
    assert "قارب عند الرصيف" in kept_texts(answer).values()


PAGE_BODY = "<h2>من نحن</h2>\n<p>صحيفة تصدر من دمشق.</p>"
TYPED: list[tuple[str, Callable[[], Model | None], dict[str, str], set[str]]] = [
    ("pages_page", make_page, {"title": "من نحن", "body": PAGE_BODY}, {"من نحن", "من نحن\n\nصحيفة تصدر من دمشق."}),
    ("articles_section", make_section, {"description": "أخبار البلد"}, {"أخبار البلد"}),
    ("articles_tag", lambda: None, {"slug": "دمشق", "aliases-0-name": "الشام"}, {"دمشق", "الشام"}),
    ("articles_author", lambda: None, {"name": "ليلى حداد", "biography": "كاتبة"}, {"ليلى حداد", "كاتبة"}),
    ("articles_source", lambda: None, {"name": "وكالة الأنباء"}, {"وكالة الأنباء"}),
    (
        "newsletter_mailinglist",
        lambda: None,
        {"name": "نشرة الصباح", "description": "كل يوم"},
        {"نشرة الصباح", "كل يوم"},
    ),
    ("pages_sitesettings", make_site, {"tagline": "خبر بلا ضجيج"}, {"خبر بلا ضجيج"}),
    ("accounts_user", lambda: None, {"username": "سلمى", "password1": "كلمة سر طويلة"}, {"سلمى"}),
]


@pytest.mark.parametrize(("form", "make", "typed", "words"), TYPED, ids=[row[0] for row in TYPED])
def test_words_of_any_row_are_given_back(
    superuser_browser: Client,
    form: str,
    make: Callable[[], Model | None],
    typed: dict[str, str],
    words: set[str],
) -> None:
    row = make()
    address = reverse(f"admin:{form}_change", args=[row.pk]) if row else reverse(f"admin:{form}_add")
    answer = sent_when_signed_out(superuser_browser, address, typed)
    assert answer.status_code == 401
    assert words <= set(kept_texts(answer).values())
    assert not [label for label in kept_texts(answer) if "_" in label]
    assert "كلمة سر طويلة" not in answer.content.decode()


def test_a_page_of_the_site_is_saved_when_it_is_sent_again(superuser_browser: Client, owner: User) -> None:
    page = make_page()
    address = reverse("admin:pages_page_change", args=[page.pk])
    answer = sent_when_signed_out(superuser_browser, address, {"title": "من نحن", "body": PAGE_BODY})
    assert sent_again(superuser_browser, owner, address, answer).status_code == 302
    page.refresh_from_db()
    assert (page.title, page.body) == ("من نحن", PAGE_BODY)


def test_a_text_for_the_importer_is_given_back_and_read_when_it_is_sent_again(browser: Client, chief: User) -> None:
    address = reverse("admin:articles_article_import")
    pasted = "افتتاح جسر في دمشق\n\nافتتحت المحافظة جسرًا جديدًا صباح اليوم."
    answer = sent_when_signed_out(browser, address, {"text": pasted, "carried": "YQ==.YQ==", "_create": "1"})
    assert answer.status_code == 401
    assert list(kept_texts(answer).values()) == [pasted]
    assert answer.context["had_files"]
    assert "YQ==" not in answer.content.decode()
    again = sent_again(browser, chief, address, answer)
    assert again.status_code == 200
    assert controls(again.content.decode())["text"] == pasted
    assert not Article.objects.exists()


def test_a_comment_is_given_back(browser: Client) -> None:
    address = reverse("admin:articles_article_comments", args=[make_article().pk])
    answer = sent_when_signed_out(browser, address, {"comment-text": "راجعوا الأرقام"})
    assert kept_texts(answer) == {"تعليق جديد": "راجعوا الأرقام"}


def test_who_is_signed_out_and_sends_another_form_goes_to_the_door(client: Client) -> None:
    answer = client.post(reverse("admin:articles_tag_changelist"), {"action": "delete_selected"})
    assert answer.status_code == 302


def test_a_name_that_nobody_knows_stands_for_itself() -> None:
    data = {"odd_name": ["كلمات"], "moment": ["now"], "p5-taken_on": ["2026-11-02"], "_save": ["نعم"]}
    assert [(box.label, box.text) for box in boxes_of_any(data)] == [("odd_name", "كلمات")]
