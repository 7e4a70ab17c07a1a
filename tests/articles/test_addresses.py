"""Whatever became of an address on its way, it arrives, in one step."""

import random
import unicodedata
from datetime import timedelta
from urllib.parse import quote, unquote

import pytest
from django.test import Client
from django.utils import timezone

from articles.addresses import straighten
from articles.enums import Status
from articles.models import Article
from articles.pagination import cursor_of
from pages.models import Redirect
from tests.articles.telling import without_number
from tests.factories import (
    make_article,
    make_author,
    make_section,
    make_site,
    make_source,
    make_tag,
    make_withdrawn,
)

pytestmark = pytest.mark.django_db

HEADLINE = "شاطئ المدينة يفتح G20"
SLUG = "شاطئ-المدينة-يفتح-g20"
ENCODED = quote(SLUG)


@pytest.fixture(autouse=True)
def site() -> None:
    make_site()


def leads_to(client: Client, path: str) -> str:
    """Where one redirect leads; the page there must be shown."""
    response = client.get(path)
    assert response.status_code == 301, (path, response.status_code)
    assert client.get(response["Location"]).status_code == 200, response["Location"]
    return response["Location"]


BENT = {
    "without slug": "/news/12/",
    "without slash": "/news/12",
    "slug without slash": f"/news/12/{ENCODED}",
    "renamed": f"/news/12/{quote('عنوان-قديم')}/",
    "more segments": f"/news/12/{ENCODED}/anything/more",
    "more segments and a slash": f"/news/12/{ENCODED}/amp/",
    "cut in a word": f"/news/12/{quote(SLUG[:7])}/",
    "cut in a letter": f"/news/12/{ENCODED[:-12]}%D9",
    "cut in an escape": f"/news/12/{ENCODED[:-14]}%D",
    "encoded twice": f"/news/12/{quote(ENCODED)}/",
    "wholly encoded twice": f"/news{quote(quote('/'))}12{quote(quote('/'))}{quote(ENCODED)}",
    "encoded thrice": f"/news/12/{quote(quote(ENCODED))}/",
    "encoded slash alone": "/news%2F12",
    "upper case": f"/NEWS/12/{quote(SLUG.upper())}/",
    "capital": "/News/12/",
    "decomposed": f"/news/12/{quote(unicodedata.normalize('NFD', SLUG))}/",
    "Windows-1256": f"/news/12/{quote(SLUG.encode('cp1256'))}/",
    "Latin-1 of UTF-8": f"/news/12/{quote(SLUG.encode().decode('latin-1'))}/",
    "tatweel": f"/news/12/{quote(SLUG.replace('المدينة', 'المديـــنة'))}/",
    "marks": f"/news/12/{quote('شاطِئُ-المدينةِ')}/",
    "Arabic comma": f"/news/12/{ENCODED}/{quote('،')}",
    "guillemet": f"/news/12/{ENCODED}{quote('»')}",
    "bracket": "/news/12)",
    "full stop": "/news/12/.",
    "comma in place of the slug": "/news/12،",
    "glued slug": f"/news/12-{ENCODED}",
    "file name": "/news/12.html",
    "Arabic digits": quote("/news/١٢/"),
    "Persian digits": quote("/news/۱۲/") + ENCODED,
    "Arabic digits encoded twice": quote(quote("/news/١٢/"), safe="/"),
    "leading zeros": f"/news/0012/{ENCODED}/",
    "byte order mark": f"/{quote(chr(0xFEFF))}news/12/{ENCODED}/",
    "mark of direction": f"/news/{quote(chr(0x200F))}12/",
    "mark of direction at the end": f"/news/12/{ENCODED}/{quote(chr(0x200F))}",
    "no-break space": f"/news/12/{quote(chr(0xA0))}{ENCODED}/",
    "space": f"/news/12/{ENCODED}%20",
    "two slashes": f"/%2Fnews//12/{ENCODED}//",
    "backslashes": f"/news%5C12%5C{ENCODED}",
    "tracker in the path": f"/news/12/{ENCODED}&fbclid=x",
    "encoded question mark": f"/news/12/{ENCODED}/%3Futm_source=x",
    "tracker": "/news/12?utm_source=x&fbclid=y",
    "short": "/n/12",
    "short with a tracker": "/n/12?utm_source=x",
    "short with a slash": "/n/12/",
    "short with more": f"/n/12/{ENCODED}/",
    "short with a comma": f"/n/12{quote('،')}",
    "short with a guillemet": f"/n/12{quote('»')}",
    "short in capitals": "/N/12",
    "short in Arabic digits": quote("/n/١٢"),
    "short encoded": "/n%2F12",
}


@pytest.mark.parametrize("path", BENT.values(), ids=BENT)
def test_any_address_of_a_story_arrives_in_one_step(client: Client, path: str) -> None:
    make_article(HEADLINE, pk=12)
    assert leads_to(client, path) == f"/news/12/{ENCODED}/"


def test_own_address_is_shown_however_its_escapes_are_written(client: Client) -> None:
    article = make_article(HEADLINE)
    own = article.get_absolute_url()
    assert own == f"/news/{article.pk}/{ENCODED}/"
    for path in (
        own,
        own.replace("%D8", "%d8"),
        unquote(own),
        "/" + own[1:].replace("/", "%2F"),
        own + "?utm_source=x",
    ):
        assert client.get(path).status_code == 200, path


def test_story_without_slug_has_one_address(client: Client) -> None:
    make_article("؟؟؟", pk=12)
    assert client.get("/news/12/").status_code == 200
    for path in ("/news/12", "/news/12/word/", "/n/12", "/News/12/", "/news/012/"):
        assert leads_to(client, path) == "/news/12/"


def test_any_string_in_place_of_the_slug_arrives(client: Client) -> None:
    article = make_article(HEADLINE, pk=12)
    generator = random.Random(12)  # noqa: S311 - the same addresses every time
    for _ in range(150):
        points = [generator.choice((generator.randrange(1, 0x700), 0x25, 0x2F, 0x200F, 0xFDFA)) for _ in range(20)]
        path = f"/news/12/{quote(''.join(map(chr, points)))}"
        response = client.get(path)
        assert (response.status_code, response["Location"]) == (301, article.get_absolute_url()), path


def test_path_of_nothing_of_ours_is_left_alone() -> None:
    generator = random.Random(13)  # noqa: S311
    for path in ("/", "/newsletter/12/", "/newsletter", "/admin/articles/article/12/", "/livez", "/archive/2026/11/"):
        assert straighten(path) == path
    for _ in range(300):
        path = "/x" + "".join(chr(generator.choice((0x25, 0x2F, 0xD800, *range(0x20, 0x7F)))) for _ in range(30))
        assert straighten(path) == path


def test_straight_address_stays_as_it_is() -> None:
    for path in ("/news/12/", f"/news/12/{SLUG}/", "/n/12", "/tags/أخبار/", "/sections/G20/"):
        assert straighten(path) == path


# --- Nothing is learned about what is not public

SHAPES = ["/news/{}/", "/news/{}", "/n/{}", "/n/{}/", "/News/{}-word", "/news/{}/a/b/c", "/news%2F{}"]
NOBODYS = ["0", "00", str(2**63), str(10**18), str(10**30), "9" * 99, "9" * 5000, "-1", "٩" * 40]


def hidden() -> list[Article]:
    return [
        make_article(HEADLINE, published=False),
        make_article(HEADLINE, published=False, status=Status.IN_REVIEW),
        make_article(HEADLINE, at=timezone.now() + timedelta(hours=1)),
        make_article(HEADLINE, published=False, working_copy_of=make_article()),
    ]


@pytest.mark.parametrize("shape", SHAPES)
def test_unpublished_answers_as_an_id_that_never_was(client: Client, shape: str) -> None:
    articles = hidden()
    unknown = client.get(shape.format(987654321))
    assert unknown.status_code == 404
    for article in articles:
        response = client.get(shape.format(article.pk))
        assert response.status_code == 404
        assert response.content == unknown.content.replace(b"987654321", str(article.pk).encode())
        assert without_number(response) == without_number(unknown)


@pytest.mark.parametrize("shape", SHAPES)
def test_withdrawn_says_so_at_every_address(client: Client, shape: str) -> None:
    assert client.get(shape.format(make_withdrawn().pk)).status_code == 410


@pytest.mark.parametrize("number", NOBODYS)
def test_number_that_no_story_can_have_is_unknown(client: Client, number: str) -> None:
    for path in (f"/news/{number}/", f"/news/{number}/slug/", f"/n/{number}", f"/news/{number}"):
        assert client.get(path).status_code == 404, path


def test_bent_address_is_only_read(client: Client) -> None:
    article = make_article()
    assert client.post(f"/News/{article.pk}-x").status_code == 405


# --- Sections, tags, authors, sources


def spellings(slug: str) -> dict[str, str]:
    return {
        "decomposed": quote(unicodedata.normalize("NFD", slug)),
        "tatweel": quote(slug[:2] + "ـــ" + slug[2:]),
        "marks": quote(slug[:2] + "\u064e" + slug[2:]),
        "upper case": quote(slug.upper()),
        "encoded twice": quote(quote(slug)),
        "Windows-1256": quote(slug.encode("cp1256")),
        "comma": quote(slug + "،"),
        "guillemet": quote(slug + "»"),
        "bracket and full stop": quote(slug + ")."),
        "mark of direction": quote("\u200f" + slug),
        "byte order mark": quote(slug + "\ufeff"),
        "no-break space": quote("\u00a0" + slug),
        "underscores": quote(slug.replace("-", "_")),
        "spaces": quote(slug.replace("-", " ")),
    }


@pytest.mark.parametrize("end", ["/", "", "/،", "//"])
@pytest.mark.parametrize("kind", ["sections", "tags", "authors", "sources"])
def test_another_spelling_of_a_list_leads_to_it(client: Client, kind: str, end: str) -> None:
    name = "شؤون البلدات g20"
    section, tag, author, source = make_section(name), make_tag(name), make_author(name), make_source(name)
    make_article(section=section, tags=(tag,), authors=(author,), sources=(source,))
    rows = {"sections": section, "tags": tag, "authors": author, "sources": source}
    own = rows[kind].get_absolute_url()
    assert own == f"/{kind}/{quote('شؤون-البلدات-g20')}/"
    for how, slug in spellings("شؤون-البلدات-g20").items():
        assert leads_to(client, f"/{kind}/{slug}{quote(end)}") == own, how
    for head in (kind.upper(), kind.capitalize(), f"{quote(chr(0xFEFF))}{kind}", f"%2F{kind}"):
        assert leads_to(client, f"/{head}/{quote('شؤون-البلدات-g20')}{quote(end)}") == own, head


def test_list_stays_on_its_page(client: Client) -> None:
    section = make_section("اقتصاد")
    for _ in range(21):
        make_article(section=section)
    own = section.get_absolute_url()
    row = Article.objects.published().newest_first()[19]
    before = f"?before={cursor_of(row.published_at, row.pk)}"
    assert leads_to(client, f"/Sections/{quote('اقتصـاد')}{before}") == f"{own}{before}"
    assert client.get(f"/Sections/{quote('اقتصـاد')}?before=x").status_code == 404


def test_slug_that_stands_as_it_is_comes_first(client: Client) -> None:
    plain, typed = make_tag("a b", slug="a-b"), make_tag("c d", slug="a_b")
    make_article(tags=(plain, typed))
    assert client.get("/tags/a-b/").status_code == 200
    assert client.get("/tags/a_b/").status_code == 200


def test_list_of_drafts_alone_stays_unknown_in_every_spelling(client: Client) -> None:
    tag, author, source = make_tag("سر دفين"), make_author("سر دفين"), make_source("سر دفين")
    make_article(published=False, tags=(tag,), authors=(author,), sources=(source,))
    for kind in ("tags", "authors", "sources"):
        for slug in spellings("سر-دفين").values():
            assert client.get(f"/{kind}/{slug}/").status_code == 404, (kind, slug)


# --- What is printed


def test_addresses_for_programs_are_encoded_and_the_one_for_people_is_short(client: Client) -> None:
    article = make_article(HEADLINE)
    page = client.get(article.get_absolute_url()).content.decode()
    address = f"http://127.0.0.1:8000/news/{article.pk}/{ENCODED}/"
    assert f'<link rel="canonical" href="{address}">' in page
    assert f'<meta property="og:url" content="{address}">' in page
    assert f"/n/{article.pk}" in page
    assert SLUG not in page


# --- Redirects that editors made


@pytest.mark.parametrize("path", ["/قديم", "/قديم/", "/قد\u200fيم", "/قديم،", "/%2525D9%252582%2525D8%2525AF"])
def test_redirect_is_found_by_what_its_address_says(client: Client, path: str) -> None:
    Redirect.objects.create(old_path="/قديم", new_path="/archive/")
    Redirect.objects.create(old_path="/قد", new_path="/archive/")
    response = client.get(path if path.startswith("/%") else quote(path))
    assert (response.status_code, response["Location"]) == (301, "/archive/")


def test_redirect_to_its_other_spelling_does_not_turn_in_circles(client: Client) -> None:
    Redirect.objects.create(old_path="/old", new_path="/old/")
    assert client.get("/old").status_code == 301
    assert client.get("/old/").status_code == 404
