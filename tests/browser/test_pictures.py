"""Which of a picture's files Chromium loads, beside how wide it shows it."""

from collections.abc import Iterator
from contextlib import ExitStack
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.test import Client
from django.utils import timezone
from PIL import Image as Pixels
from playwright.sync_api import Browser
from pytest_django.live_server_helper import LiveServer

from articles.models import Article, Author
from images.models import Image
from images.renditions import FORMATS, encode, widths_for
from tests.browser.conftest import DESKTOP, PHONE
from tests.factories import make_article, make_author, make_image, make_section, make_site, make_tag

# Of each picture: how wide it is on the page, how wide the file is, and how wide the files are that it could be.
SHOWN = r"""
() => [...document.querySelectorAll("picture > img")].map((image) => {
    const box = image.getBoundingClientRect();
    const shape = image.getAttribute("width") / image.getAttribute("height");
    const widths = image.previousElementSibling.srcset.match(/\d+(?=w)/g).map(Number);
    return {
        place: image.closest("[class]:not(img)").className,
        // A picture that is cut at its sides is wider than the place that cuts it.
        shown: Math.max(box.width, box.height * shape),
        loaded: Number(image.currentSrc.match(/-(\d+)\.avif$/)[1]),
        widths,
        top: box.top,
        loading: image.loading,
        priority: image.fetchPriority,
        hasSize: image.hasAttribute("width") && image.hasAttribute("height"),
    };
})
"""
LOAD_ALL = """
async () => {
    const images = [...document.images];
    for (const image of images) {
        image.scrollIntoView();
        await new Promise((done) => image.complete ? done() : image.addEventListener("load", done));
    }
    scrollTo(0, 0);
}
"""


TINY = encode(Pixels.new("RGB", (16, 9), "teal"), "avif")


def picture(size: tuple[int, int] = (1600, 900)) -> Image:
    """A row as if it had been taken in, with files that are the same few bytes: only their addresses matter here.

    A different one each time: Chromium shows again what it has, however large it is.
    """
    image = make_image(width=size[0], height=size[1], renditions=dict.fromkeys(FORMATS, widths_for(size[0])))
    for width in image.widths("avif"):
        image.storage.save(image.rendition_name(width, "avif"), ContentFile(TINY))
    return image


@pytest.fixture
def newsroom(transactional_db: None) -> tuple[Article, Author]:
    make_site()
    sections = [make_section(name) for name in ("سياسة", "ثقافة")]
    author = make_author("ليلى منصور", portrait=picture((600, 800)))
    tag = make_tag("تراث")
    body = f'<p>نص.</p><figure class="image"><img src="{picture().url(1440)}" alt="سوق"></figure>'
    articles = [
        make_article(
            f"خبر عن المدينة {number}",
            section=sections[number % 2],
            lead_image=picture(),
            authors=(author,),
            tags=(tag,),
            body=body,
            at=timezone.now() - timedelta(hours=number + 1),
        )
        for number in range(14)
    ]
    return articles[0], author


@pytest.fixture(params=[(PHONE, 740, 3), (DESKTOP, 900, 1)], ids=["phone", "desktop"])
def shown(request: pytest.FixtureRequest, chromium: Browser, live_server: LiveServer) -> Iterator[Any]:
    width, height, density = request.param
    with ExitStack() as stack:

        def look(path: str) -> list[dict[str, Any]]:
            """Opened in a window of its own, whose cache is empty."""
            context = chromium.new_context(
                viewport={"width": width, "height": height}, device_scale_factor=density, service_workers="block"
            )
            stack.callback(context.close)
            page = context.new_page()
            page.goto(live_server.url + path)
            page.evaluate(LOAD_ALL)
            found: list[dict[str, Any]] = page.evaluate(SHOWN)
            return [each | {"needed": each["shown"] * min(density, 2), "fold": height} for each in found]

        yield look


def test_each_place_loads_the_file_that_fits_it(newsroom: tuple[Article, Author], shown: Any) -> None:
    article, author = newsroom
    paths_with_lead = ["/", article.get_absolute_url(), article.section.get_absolute_url()]
    for path in [*paths_with_lead, author.get_absolute_url(), article.tags.first().get_absolute_url()]:
        found = shown(path)
        assert found, path
        for each in found:
            about = (path, each)
            assert each["hasSize"], about
            assert each["loaded"] >= min(each["needed"] * 0.98, max(each["widths"])), about
            assert each["loaded"] <= max(each["needed"] * 2.1, min(each["widths"])), about
        # The one that a reader sees first, where the page leads with one.
        first = [each for each in found if each["priority"] == "high"]
        assert len(first) == (path in paths_with_lead), path
        assert all(each["loading"] != "lazy" and each["top"] < each["fold"] for each in first), path


@pytest.mark.django_db
def test_the_picture_in_a_text_costs_one_query(client: Client, django_assert_max_num_queries: Any) -> None:
    make_site()
    figures = "".join(f'<figure class="image"><img src="{picture().url(1440)}" alt=""></figure>' for _ in range(3))
    article = make_article(body=figures)
    with django_assert_max_num_queries(9):
        page = client.get(article.get_absolute_url()).content.decode()
    assert page.count("image/avif") == 3
