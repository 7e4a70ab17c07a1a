"""Pages as they look, compared with the pictures in tests/browser/looks: `make screenshots` takes those anew.

A page is shrunk to a quarter before it is compared, and what counts is how much of it differs clearly: letters that
another Chromium draws a shade differently do not, a column, a colour, a direction or a font does.
"""

import os
from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pytest
from django.test import Client
from PIL import Image, ImageChops, ImageFilter
from playwright.sync_api import Page
from time_machine import Traveller

from articles.models import Byline, Correction, FrontSlot, RelatedLink
from pages.models import NavigationItem
from tests.browser.conftest import DESKTOP, PHONE, OpenPage
from tests.conftest import NOW
from tests.factories import (
    make_article,
    make_author,
    make_image,
    make_page,
    make_section,
    make_site,
    make_source,
    make_tag,
    make_user,
)

LOOKS = Path(__file__).with_name("looks")
RENEW = os.environ.get("LOOKS") == "new"
TABLET = 768
WIDTHS = (PHONE, TABLET, DESKTOP)
MEDIA = ("light", "dark", "print", "forced")
SHRINK = 4
# The share of pixels that may differ by so much of 255 in a channel: many a little, as letters of another Chromium do.
# Measured: other flags of Chromium make 0.1 % differ by 24, another body font 0.3 %, another brand colour 1 %.
ALLOWED = {12: 0.1, 24: 0.002}
# The same within a band of so many rows, so that a small thing gone is seen on a long page. Measured: letters moved by
# a third of a pixel or drawn more precisely make 0.16 % of a band differ, tags gone 0.3-0.7 %, the logo gone 1.5-3 %.
BAND, ALLOWED_IN_BAND = 64, 0.005
MOST_HEIGHT = 0.01
QUALITY = 90
SECTIONS = (("سياسة", "politics", "blue"), ("ثقافة", "culture", "amber"), ("رياضة", "sport", "olive"))
BODY = """<p>قال <strong>مدير السوق</strong>: <q>حفظنا الأحجار</q>، ونشر ذلك في موقع <a href="https://example.org/">Old
Market</a> وفي حساب @market.</p><h2>ماذا تغيّر في Souq 2026؟</h2><p>رُمم ١٤٢ متجرًا بكلفة 1,250,000 ليرة، أي 45% من
الموازنة (COVID-19 أخّرها عامين).</p><blockquote><p>لا سوق بلا ناس.</p></blockquote><ul><li>باب الحدادين</li><li>Bab
Al-Nahhasin</li></ul><table><caption>المتاجر</caption><tbody><tr><th scope="row">الأولى</th><td>١٤٢</td></tr></tbody>
</table><p lang="en" dir="ltr">The old market opens again.</p><p>وكتب Michel Müller أن العمل «انتهى».</p>
"""
MORE = "<p>عاد الباعة إلى أماكنهم صباح السبت، وقالوا إن الناس سبقوهم إليها، ثم جلسوا يحصون ما بقي من الأحجار.</p>"


@pytest.fixture
def newsroom(transactional_db: None, clock: Traveller) -> dict[str, str]:
    """Name of a page to its address; every row and every moment is the same each time."""
    make_site(tagline="أخبار المدينة وما حولها", social_links="https://social.example/madar")
    sections = [make_section(name, slug=slug, color=color) for name, slug, color in SECTIONS]
    for position, section in enumerate(sections):
        NavigationItem.objects.create(
            place="header", position=position, label=section.name, path=section.get_absolute_url()
        )
    NavigationItem.objects.create(place="footer", label="من نحن", page=make_page(slug="about"))
    author = make_author("ليلى منصور", slug="layla", job_title="مراسلة", gender="female")
    picture = make_image(caption="ممر في السوق")
    stories = [
        make_article(
            f"خبر من أخبار المدينة رقم {number}" + (" عن Orient Express" if number % 5 == 0 else ""),
            section=sections[number % 3],
            origin="opinion" if number % 6 == 0 else "own",
            standfirst="مقدمة قصيرة للخبر تشرح ما جرى في المدينة.",
            lead_image=picture if number % 2 else None,
            authors=(author,),
            at=NOW - timedelta(hours=5 * number + 2),
        )
        for number in range(16)
    ]
    article = make_article(
        "السوق القديم Old Market يفتح أبوابه من جديد بعد ٣ أعوام",
        section=sections[1],
        kicker="تراث",
        standfirst="أُعيد تأهيل ١٤٢ متجرًا وسط المدينة، وعاد الباعة إلى أماكنهم.",
        key_points="رُمم ١٤٢ متجرًا.\nبقيت الواجهات كما كانت.",
        dateline="مرسى الزيتون",
        body=BODY + 4 * MORE,
        lead_image=picture,
        lead_caption="ممر من ممرات السوق.",
        authors=(author,),
        sources=(make_source("مدار اليوم"), make_source("وكالة الساحل")),
        tags=(make_tag("تراث"), "أسواق"),
        at=NOW - timedelta(hours=1),
        updated_at=NOW - timedelta(minutes=20),
    )
    Byline.objects.create(article=article, author=make_author("John Smith"), role="photography", position=1)
    Correction.objects.create(article=article, note="العدد الصحيح ١٤٢.", at=NOW - timedelta(minutes=20))
    RelatedLink.objects.create(article=article, target=stories[0], after_block=1)
    RelatedLink.objects.create(article=article, url="https://example.org/", title="دليل السوق", position=1)
    FrontSlot.objects.create(place="lead", position=0, article=stories[3])
    return {"home": "/", "article": article.get_absolute_url(), "styleguide": "/styleguide/"}


@pytest.mark.parametrize("medium", MEDIA)
@pytest.mark.parametrize("name", ["home", "article", "styleguide"])
def test_page_looks_as_before(
    open_page: OpenPage, newsroom: dict[str, str], client: Client, name: str, medium: str, tmp_path: Path
) -> None:
    page = open_page(scheme="dark" if medium == "dark" else "light")
    page.clock.set_fixed_time(NOW)
    if name == "styleguide":
        sign_in(page, client)
    page.emulate_media(
        media="print" if medium == "print" else "screen",
        forced_colors="active" if medium == "forced" else "none",
        reduced_motion="reduce",
    )
    page.goto(newsroom[name])
    found = [compare(shot(page, width), f"{name}-{width}-{medium}", tmp_path) for width in WIDTHS]
    assert [problem for problem in found if problem] == []


def sign_in(page: Page, client: Client) -> None:
    client.force_login(make_user(is_superuser=True, is_staff=True))
    page.goto("/")
    page.context.add_cookies([{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": page.url}])


def shot(page: Page, width: int) -> Image.Image:
    """The whole page, shrunk."""
    page.set_viewport_size({"width": width, "height": 800})
    # Pictures below the fold load when they come near.
    page.evaluate(
        """async () => {
            for (const image of document.images) image.loading = "eager";
            await Promise.all([...document.images].map((image) => image.decode().catch(() => {})));
            await document.fonts.ready;
        }"""
    )
    picture = Image.open(BytesIO(page.screenshot(full_page=True, animations="disabled", scale="css"))).convert("RGB")
    return picture.reduce(SHRINK)


def compare(picture: Image.Image, name: str, folder: Path) -> str:
    """What is wrong with a look, '' for nothing; the picture and the difference are left in `folder`."""
    file = LOOKS / f"{name}.webp"
    if RENEW:
        LOOKS.mkdir(exist_ok=True)
        # Forced colours are few and sharp: without loss they are smaller, and no ring stands round a letter.
        picture.save(file, quality=QUALITY, method=6, lossless=name.endswith("-forced"))
    if not file.exists():
        return f"{name}: there is no such picture yet: make screenshots"
    wanted = Image.open(file).convert("RGB")
    problem = difference(picture, wanted)
    if problem:
        picture.save(folder / f"{name}.png")
    return f"{name}: {problem}; see {folder}" if problem else ""


def difference(picture: Image.Image, wanted: Image.Image) -> str:
    """In words, '' for two pictures that look alike."""
    if picture.width != wanted.width or abs(picture.height - wanted.height) > MOST_HEIGHT * wanted.height:
        return f"{picture.size} and not {wanted.size} large"
    box = (0, 0, wanted.width, min(picture.height, wanted.height))
    pair = [image.crop(box).filter(ImageFilter.BoxBlur(1)) for image in (picture, wanted)]
    channels = ImageChops.difference(*pair).split()
    strongest = ImageChops.lighter(ImageChops.lighter(channels[0], channels[1]), channels[2])
    histogram = strongest.histogram()
    shares = {step: sum(histogram[step:]) / (box[2] * box[3]) for step in ALLOWED}
    problems = [f"{share:.2%} differ by {step}" for step, share in shares.items() if share > ALLOWED[step]]
    for top in range(0, box[3], BAND):
        share = sum(strongest.crop((0, top, box[2], min(top + BAND, box[3]))).histogram()[24:]) / (box[2] * BAND)
        if share > ALLOWED_IN_BAND:
            problems.append(f"{share:.2%} differ clearly at {top * SHRINK}px")
    return "; ".join(problems)
