"""Text that means to become script, in every way by which a text comes in (checklist X4-X9)."""

import json
from functools import cache
from xml.etree import ElementTree as ET

import pytest
from django.test import Client
from django.urls import reverse

import richtext.sanitise
from accounts.models import User
from accounts.roles import Role
from articles.importing import import_text
from articles.models import Article, Revision, UnsavedText
from articles.restoring import restore_version
from articles.revisions import record
from newsletter.mails.rendering import render_issue
from richtext.fields import RichTextFormField
from richtext.render import blocks
from richtext.sanitise import sanitise
from richtext.widgets import RichTextWidget
from tests.articles.desk import change_url, errors_of, form_data
from tests.articles.test_previewing import preview
from tests.factories import BODY, make_article, make_issue, make_mailing_list, make_site, make_user
from tests.richtext.reading import Reader
from tests.security.harm import harm, harm_of_page
from tests.security.payloads import CLASSES, PAYLOADS

KINDS = {
    "event", "url", "source", "script", "embed", "svg", "math", "mxss", "css", "encoding", "clobbering", "editor",
    "template", "context", "arabic",
}  # fmt: skip


def test_the_corpus_has_every_class_and_no_text_twice() -> None:
    assert CLASSES.keys() == KINDS
    assert len(PAYLOADS) == len(set(PAYLOADS)) >= 400
    assert min(map(len, CLASSES.values())) >= 10


def test_the_judge_sees_what_is_harmful() -> None:
    """Without this every other test here could pass on anything."""
    raw = {text for text in PAYLOADS if harm(text)}
    assert len(raw) > 300
    assert harm('<p onclick="x">') == ["<p onclick>"]
    assert harm('<a href="java\tscript:x">x</a>')


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_a_stored_body_can_do_nothing(kind: str) -> None:
    for text in CLASSES[kind]:
        stored = sanitise(text)
        assert harm(stored) == [], text
        assert Reader(sanitise(stored)).tags == Reader(stored).tags, text
        assert Reader(sanitise(stored)).text == Reader(stored).text, text


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_a_body_that_no_form_saw_can_do_nothing_on_a_page(kind: str) -> None:
    for text in CLASSES[kind]:
        assert harm("".join(blocks(text)).replace(' tabindex="0"', "")) == [], text


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_the_editor_is_given_nothing_but_sanitised_bodies(kind: str) -> None:
    """Stored rows and refused forms alike: the editor's own filter is none."""
    for text in CLASSES[kind]:
        given = RichTextWidget().get_context("body", text, {})["widget"]["value"] or ""
        assert given == text if "<" not in text else harm(given) == [], text


def test_the_editor_is_not_given_what_is_too_large_to_be_sanitised() -> None:
    shown = RichTextFormField().widget.render("body", "<div>" * 100 + "<img src=x onerror=pwned(1)>")
    assert "ckeditortype" not in shown
    assert "&lt;img" in shown
    assert harm(shown.replace("<textarea name=", "<p title=").replace("data-picture", "title")) == []


@pytest.fixture
def editor(client: Client) -> User:
    make_site(feeds_full_text=True)
    user = make_user(Role.EDITOR)
    client.force_login(user)
    return user


@cache
def bodies() -> tuple[str, str]:
    """All texts that leave what follows them alone and can be sent, in two bodies below the bound."""
    typed = [text.encode(errors="ignore").decode().replace("\0", "") for text in PAYLOADS]
    closed = [text for text in typed if text.endswith(">") and "كلمة" in sanitise(f"{text}<p>كلمة</p>")]
    half = len(closed) // 2
    first, second = ("\n<p>كلمة</p>\n".join(part) for part in (closed[:half], closed[half:]))
    return first, second


@pytest.mark.django_db
def test_the_form_of_an_article_stores_what_is_clean(client: Client, editor: User) -> None:
    article = make_article(published=False)
    for body in bodies():
        data = form_data(client, change_url(article)) | {"body": body, "_continue": "1"}
        assert client.post(change_url(article), data).status_code == 302
        article.refresh_from_db()
        assert harm(article.body) == []
        assert article.body.count("كلمة") > 50


@pytest.mark.django_db
def test_a_preview_shows_what_is_clean(client: Client, editor: User) -> None:
    article = make_article(published=False)
    for body in bodies():
        page = preview(client, article, body=body, headline="عنوان").content.decode()
        assert harm_of_page(page) == []


@pytest.mark.django_db
def test_words_that_were_not_saved_come_back_clean(client: Client, editor: User) -> None:
    article = make_article(published=False)
    data = form_data(client, change_url(article)) | {"body": bodies()[0], "_typed": "1", "_here": "1"}
    client.post(reverse("admin:articles_article_autosave", args=[article.pk]), data)
    text = UnsavedText.objects.get()
    looked_at = client.get(reverse("admin:articles_article_unsaved", args=[article.pk, text.pk]))
    assert harm_of_page(looked_at.content.decode()) == []
    fresh = form_data(client, change_url(article)) | {"_bring_back": str(text.pk)}
    address = change_url(article)
    response = client.post(address, fresh)
    typed = response.context["adminform"].form["body"]
    given = typed.field.widget.get_context("body", typed.value(), {})["widget"]["value"]
    assert "كلمة" in given
    assert harm(given) == []


@pytest.mark.django_db
def test_an_older_version_is_clean_wherever_it_is_shown(client: Client, editor: User) -> None:
    """A version that came in past every form: looked at, compared, restored, read."""
    article = make_article(published=False)
    for _time in range(2):
        record(article, by=editor)
    raw = bodies()[1]
    revision = Revision.objects.earliest("version")
    Revision.objects.filter(pk=revision.pk).update(data=revision.data | {"body": raw})
    for address in (
        reverse("admin:articles_article_revision", args=[article.pk, revision.version]),
        reverse("admin:articles_article_compare", args=[article.pk]) + "?old=2&new=3",
    ):
        assert harm_of_page(client.get(address).content.decode()) == [], address
    restored, _lost = restore_version(Article.objects.get(pk=article.pk), revision.version, by=editor)
    assert harm("".join(blocks(restored.body)).replace(' tabindex="0"', "")) == []
    form = client.get(change_url(article)).context["adminform"].form["body"]
    assert harm(form.field.widget.get_context("body", form.value(), {})["widget"]["value"]) == []


@pytest.mark.django_db
def test_an_import_makes_no_markup_of_what_it_reads(editor: User) -> None:
    for number, kind in enumerate(sorted(KINDS)):
        lines = [text.encode(errors="replace").decode() for text in CLASSES[kind] if "\n" not in text]
        text = f"عنوان الخبر رقم {number}\n\n" + "\n\n".join(f"قال المراسل {line} في الحي القديم." for line in lines)
        result = import_text(text.encode(), file_name="x.txt", by=editor)
        assert result.article_id, result
        article = Article.objects.get(pk=result.article_id)
        assert harm(article.body) == [], kind
        assert {tag for tag, _attributes in Reader(article.body).tags} <= {"p", "ul", "li", "h2", "blockquote"}


@pytest.mark.django_db
@pytest.mark.parametrize(
    "place", ["{page}", "/lite/news/{pk}/", "/feeds/rss.xml", "/feeds/atom.xml", "/feeds/feed.json"]
)
def test_a_row_that_came_in_past_every_form_is_read_without_harm(client: Client, editor: User, place: str) -> None:
    for number, body in enumerate(bodies()):
        article = make_article(f"خبر {number}", body=BODY + body)
        address = place.format(page=article.get_absolute_url(), pk=article.pk)
        answer = client.get(address, follow=True)
        assert answer.status_code == 200
        for html in html_in(answer.content.decode(), place):
            assert "كلمة" in html
            assert harm_of_page(html) == []


def html_in(answer: str, place: str) -> list[str]:
    """The pages or pieces of pages that an answer holds."""
    if place.endswith("json"):
        return [item["content_html"] for item in json.loads(answer)["items"]]
    if place.endswith("xml"):
        return [part.text for part in ET.fromstring(answer).iter() if part.text and "<p>" in part.text]
    return [answer]


@pytest.mark.django_db
def test_a_mail_makes_no_markup_of_words() -> None:
    for kind in sorted(KINDS):
        texts = tuple(text.replace("\0", "") for text in CLASSES[kind])
        articles = tuple(make_article(text[:200], standfirst=text[:600]) for text in texts[:10])
        issue = make_issue(
            make_mailing_list(f"{kind} {texts[0]}"[:80]), articles=articles, text="\n\n".join(texts), subject="x"
        )
        mail = render_issue(issue).html
        assert harm_of_page(mail) == [], kind


def test_the_syntax_of_templates_stays_as_it_was_typed() -> None:
    for text in CLASSES["template"]:
        shown = Reader("".join(blocks(sanitise(text)))).text
        if "<" not in text:
            assert shown.replace("\u2068", "").replace("\u2069", "") == text, text


@pytest.mark.django_db
def test_a_page_and_a_mail_print_the_syntax_of_templates(client: Client) -> None:
    typed = "{{ settings.SECRET_KEY }} {% debug %} %(site)s {0} ${x}"
    article = make_article(typed, body=f"<p>{typed}</p>{BODY}", standfirst=typed)
    page = client.get(article.get_absolute_url()).content.decode()
    assert page.count("{{ settings.SECRET_KEY }}") >= 3
    mail = render_issue(make_issue(articles=(article,), text=typed, subject=typed))
    for shown in (mail.subject, mail.html, mail.text):
        assert "{{ settings.SECRET_KEY }}" in shown
        assert "for-tests-only" not in shown


@pytest.mark.django_db
@pytest.mark.parametrize(
    "body", ["ن" * 100_001, "<p>" + "x" * 200_000, "<div>" * 40_000, "&" * 20_001, "<b>" * 65], ids=range(5)
)
def test_what_is_larger_than_any_article_never_reaches_the_parser(
    client: Client, editor: User, monkeypatch: pytest.MonkeyPatch, body: str
) -> None:
    """The bound is judged before the parser, which takes seconds for these; how long that takes: tests/richtext."""
    article = make_article(published=False)
    data = form_data(client, change_url(article)) | {"body": body, "_continue": "1"}
    parser = Parser()
    monkeypatch.setattr(richtext.sanitise, "_cleaner", parser)
    response = client.post(change_url(article), data)
    assert response.status_code == 200
    assert "body" in errors_of(response)
    assert parser.given == []


class Parser:
    """In the place of nh3."""

    def __init__(self) -> None:
        self.given: list[str] = []

    def clean(self, html: str) -> str:
        self.given.append(html)
        return html
