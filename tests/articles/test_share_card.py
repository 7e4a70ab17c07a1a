import re
from collections.abc import Iterator
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from threading import Barrier, Thread

import pytest
from django.conf import settings as django_settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from PIL import Image as Pixels
from PIL import features

from articles import card_drawing, share_card
from articles.card_drawing import MAX_BYTES, SECTION_COLOURS, CardWords, draw
from articles.checks import check_drawing
from articles.enums import Origin, SectionColor
from articles.models import Article
from articles.share_card import share_card_address
from images.storing import take_in
from pages.current import forget_site
from tests.factories import make_article, make_section, make_site, make_withdrawn
from tests.images.pictures import picture_file

WORDS = CardWords("عودة العبّارات إلى العمل", "محليات", "teal", "مدار اليوم")


@pytest.fixture(autouse=True)
def fresh_site() -> Iterator[None]:
    forget_site()
    yield
    forget_site()


def files() -> list[Path]:
    return [path for path in Path(django_settings.MEDIA_ROOT, "cards").rglob("*") if path.is_file()]


def opened(raw: bytes) -> Pixels.Image:
    return Pixels.open(BytesIO(raw))


def noise(size: tuple[int, int] = (1440, 810)) -> Pixels.Image:
    """The heaviest picture that there can be."""
    return Pixels.effect_noise(size, 120).convert("RGB")


@pytest.mark.parametrize("picture", [None, Pixels.new("RGB", (1440, 810), "green"), Pixels.new("RGB", (30, 900))])
def test_a_card_has_the_size_that_networks_ask_for(picture: Pixels.Image | None) -> None:
    card = opened(draw(WORDS, picture))
    assert (card.size, card.format) == ((1200, 630), "JPEG")


def test_a_card_is_never_heavy() -> None:
    assert len(draw(WORDS, noise())) <= MAX_BYTES


def test_words_stand_on_a_dark_panel_whatever_the_picture_is() -> None:
    card = opened(draw(WORDS, Pixels.new("RGB", (1440, 810), "white")))
    assert min(card.getpixel((100, 300))) > 240
    assert max(card.getpixel((1195, 300))) < 40


def test_the_picture_is_cut_round_its_focal_point() -> None:
    halves = Pixels.new("RGB", (1600, 600), "red")
    halves.paste("blue", (800, 0, 1600, 600))
    red, _green, blue = opened(draw(WORDS, halves, (0.9, 0.5))).getpixel((240, 300))
    assert blue > 200 > 50 > red


def contrast(one: str, other: str) -> float:
    """WCAG 2.2, relative luminance."""

    def luminance(colour: str) -> float:
        parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
        linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("colour", SectionColor.values)
def test_every_section_has_its_colours_and_they_can_be_read(colour: str) -> None:
    behind, on_panel = SECTION_COLOURS[colour]
    tokens = Path(django_settings.BASE_DIR, "static/css/tokens.css").read_text(encoding="utf-8")
    assert list(dict.fromkeys(re.findall(rf"--{colour}: (#\w+);", tokens))) == [behind, on_panel]
    assert contrast(behind, card_drawing.ON_PANEL) >= 4.5
    assert contrast(on_panel, card_drawing.PANEL) >= 4.5


@pytest.mark.django_db
def test_the_address_changes_with_everything_that_is_drawn() -> None:
    make_site()
    article = make_article(section=make_section("محليات"))
    seen = {share_card_address(article)}

    def is_new() -> bool:
        before = len(seen)
        seen.add(share_card_address(article))
        return len(seen) > before

    assert not is_new()
    article.headline = "عنوان آخر"
    assert is_new()
    article.promo_headline = "عنوان قصير"
    assert is_new()
    article.headline = "عنوان لا يظهر على البطاقة"
    assert not is_new()
    article.lead_image = take_in(picture_file(), by=None)
    assert is_new()
    article.lead_image.focal_x = 0.1
    assert is_new()
    article.section.name = "سياسة"
    assert is_new()
    article.section.color = "rust"
    assert is_new()
    article.origin = Origin.OPINION
    assert is_new()
    article.coverage_started_at = timezone.now()
    assert is_new()
    article.breaking_until = timezone.now() + timedelta(hours=1)
    assert is_new()
    make_site(name="اسم آخر")
    forget_site()
    assert is_new()


@pytest.mark.django_db
def test_the_card_is_served_so_that_it_can_be_kept_for_a_day(client: Client) -> None:
    address = share_card_address(make_article())
    answer = client.get(address)
    assert answer.status_code == 200
    assert answer["Content-Type"] == "image/jpeg"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Cache-Control"] == "public, max-age=86400"
    assert opened(answer.content).size == (1200, 630)
    assert client.head(address).status_code == 200
    assert client.post(address).status_code == 405


@pytest.mark.django_db
@pytest.mark.parametrize("pictured", [0, 1])
def test_a_card_costs_two_queries(client: Client, django_assert_num_queries, pictured: int) -> None:
    make_site()
    image = take_in(picture_file(), by=None) if pictured else None
    address = share_card_address(make_article(lead_image=image))
    with django_assert_num_queries(2):
        client.get(address)


@pytest.mark.django_db
def test_a_card_is_drawn_once_and_one_is_kept(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    drawn = []
    monkeypatch.setattr(share_card, "draw", lambda *args: drawn.append(args) or draw(*args))
    article = make_article()
    old = share_card_address(article)
    client.get(old)
    client.get(old)
    assert (len(drawn), len(files())) == (1, 1)
    Article.objects.filter(pk=article.pk).update(headline="عنوان آخر")
    article.refresh_from_db()
    client.get(share_card_address(article))
    assert (len(drawn), len(files())) == (2, 1)


@pytest.mark.django_db
def test_an_old_address_leads_to_the_card_of_today(client: Client) -> None:
    article = make_article()
    old = share_card_address(article)
    Article.objects.filter(pk=article.pk).update(headline="عنوان آخر")
    article.refresh_from_db()
    answer = client.get(old)
    assert (answer.status_code, answer["Location"]) == (302, share_card_address(article))
    assert answer["Cache-Control"] == "public, max-age=300"
    assert files() == []


@pytest.mark.django_db
def test_what_is_not_public_has_no_card(client: Client) -> None:
    draft, withdrawn = make_article(published=False), make_withdrawn()
    coming = make_article(at=timezone.now() + timedelta(hours=1))
    for article in (draft, withdrawn, coming):
        assert client.get(share_card_address(article)).status_code == 404
    assert client.get(reverse("articles:share_card", args=[9_999_999, "0" * 20])).status_code == 404
    assert files() == []


@pytest.mark.django_db
@pytest.mark.parametrize("digest", ["0" * 19, "0" * 21, "g" * 20, "A" * 20, "../x"])
def test_an_address_that_never_was_one_is_unknown(client: Client, digest: str) -> None:
    assert client.get(f"/cards/{make_article().pk}-{digest}.jpg").status_code == 404


@pytest.mark.django_db
def test_the_file_is_not_to_be_guessed_from_the_address(client: Client) -> None:
    address = share_card_address(make_article())
    client.get(address)
    (file,) = files()
    assert address[-24:-4] not in str(file)
    assert not file.name.endswith(".part")


@pytest.mark.django_db
def test_a_story_whose_picture_file_is_gone_has_a_plain_card(client: Client) -> None:
    image = take_in(picture_file(), by=None)
    for name in (image.file_name, *(image.rendition_name(width, "jpeg") for width in image.widths("jpeg"))):
        image.storage.delete(name)
    assert client.get(share_card_address(make_article(lead_image=image))).status_code == 200


def test_several_who_ask_at_once_wait_for_one_drawing(monkeypatch: pytest.MonkeyPatch) -> None:
    drawn, ready = [], Barrier(4)
    article = Article(pk=1, headline="عنوان")
    monkeypatch.setattr(share_card, "_words", lambda article: WORDS)
    monkeypatch.setattr(share_card, "draw", lambda *args: drawn.append(args) or draw(*args))

    def ask() -> None:
        ready.wait()
        share_card.card_file(article)

    threads = [Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(drawn) == 1
    assert len(files()) == 1


def test_without_raqm_the_site_does_not_start(monkeypatch: pytest.MonkeyPatch) -> None:
    assert check_drawing(None) == []
    monkeypatch.setattr(features, "check", lambda name: name != "raqm")
    assert [error.id for error in check_drawing(None)] == ["articles.E001"]
