"""A headline with foreign names comes out right where no markup can be: windows, shared links, mails, lists."""

from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client
from django.urls import reverse

from accounts.roles import Role
from articles import emails
from articles.models import Article
from articles.reading import share_links
from tests.factories import make_article, make_site, make_tag, make_user

pytestmark = pytest.mark.django_db

# The headline as stored, as printed without markup, as printed with it.
HEADLINES = [
    (
        "قالت شركة OpenAI (GPT-5) إن…",
        "قالت شركة OpenAI (GPT-5) إن…",
        'قالت شركة <bdi dir="ltr">OpenAI</bdi> (<bdi dir="ltr">GPT-5</bdi>) إن…',
    ),
    ("OpenAI تطلق نموذجًا", "\u200fOpenAI تطلق نموذجًا", '<bdi dir="ltr">OpenAI</bdi> تطلق نموذجًا'),
    (
        "فوز 2-1 في C++",
        "فوز \u200e2-1\u200e في \u200eC++\u200e",
        'فوز <bdi dir="ltr">2-1</bdi> في <bdi dir="ltr">C++</bdi>',
    ),
]


@pytest.fixture(params=HEADLINES, ids=lambda row: row[0])
def case(request: pytest.FixtureRequest, clock: Any) -> tuple[Article, str, str]:
    make_site(name="مدار اليوم")
    headline, plain, marked = request.param
    return make_article(headline), plain, marked


def test_the_window_and_the_shared_card(client: Client, case: tuple[Article, str, str]) -> None:
    article, plain, marked = case
    page = client.get(article.get_absolute_url()).content.decode()
    assert f"<title>{plain} | مدار اليوم</title>" in page
    assert f'<meta property="og:title" content="{plain}">' in page
    assert f"<h1>{marked}</h1>" in page


def test_what_is_shared(case: tuple[Article, str, str]) -> None:
    article, plain, _marked = case
    address = f"http://127.0.0.1:8000{article.get_short_url()}"
    whatsapp, telegram = (parse_qs(urlsplit(link).query) for _label, link in share_links(article)[:2])
    assert whatsapp["text"] == [f"{plain}\n{address}"]
    assert telegram["text"] == [plain]


def test_the_subject_and_the_text_of_a_mail(case: tuple[Article, str, str]) -> None:
    article, plain, marked = case
    mail = emails.assignment(article, to=make_user(Role.REPORTER), by=make_user(Role.EDITOR))
    assert mail.subject == f"كُلّفت بالمادة: {plain.removeprefix(chr(0x200F))}"
    html = str(mail.alternatives[0].content)
    assert f'<bdi dir="rtl">{marked}</bdi>' in html


def test_the_desk(client: Client, case: tuple[Article, str, str]) -> None:
    article, plain, marked = case
    client.force_login(make_user(Role.CHIEF_EDITOR))
    change = client.get(reverse("admin:articles_article_change", args=[article.pk])).content.decode()
    assert f"<title>{plain} | " in change.replace("\n", "")
    assert marked in client.get(reverse("admin:articles_article_changelist")).content.decode()
    assert f'<bdi dir="rtl">{marked}</bdi>' in client.get(reverse("admin:index")).content.decode()


def test_an_escaped_title_is_marked_and_escaped_once(client: Client) -> None:
    tag = make_tag("Rock'n'Roll & C++")
    make_article(tags=(tag,))
    page = client.get(tag.get_absolute_url()).content.decode()
    title = page[page.index("<title>") : page.index("</title>")]
    assert "Rock&#x27;n&#x27;Roll &amp; C++" in title.replace("\u200e", "")
    assert "\u200e#" not in title
