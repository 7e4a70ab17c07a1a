"""Every component of the reader's site in every state, on one page for staff: what the checks look at.

The stories are made up and never stored, so the page asks the database for no more than any other page.
"""

from datetime import UTC, date, datetime, timedelta
from itertools import count
from types import SimpleNamespace
from typing import Any

from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.paginator import Page, Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from articles import archive, reading
from articles.coverage_page import Coverage
from articles.enums import BylineRole, CorrectionKind, Gender, Origin, SourceKind
from articles.front_page import Row
from articles.models import (
    Article,
    Attribution,
    Author,
    Byline,
    Correction,
    LiveUpdate,
    RelatedLink,
    Section,
    Source,
    Tag,
)
from articles.pagination import ListPage
from articles.printed_credits import Credit
from articles.search_form import Asked
from articles.search_results import Result, result_line
from images.enums import ImageKind
from images.models import Image
from richtext.embeds import PLATFORMS, Embed
from richtext.render import render_body
from richtext.sanitise import sanitise

WHEN = datetime(2026, 1, 15, 7, 40, tzinfo=UTC)
HEADLINE = "الحديقة العامة تستقبل زوارها من الفجر"
LONG_HEADLINE = (
    "لجنة التخطيط في المجلس البلدي تقترح توسيع الحديقة العامة على مراحل تمتد خمسة أعوام، وتدعو سكان الأحياء المجاورة "
    "إلى إبداء آرائهم في المخطط قبل نهاية الشهر المقبل"
)
STANDFIRST = "ممرات جديدة للمشي، ومكتبة صغيرة، وساعات عمل أطول في الصيف."
BODY = """
<p>افتتحت البلدية صباح اليوم بوابة ثالثة للحديقة العامة، بعد أن أنهت رصف <a href="/archive/">الممر الشرقي</a> وغرس
١٢٠ شجرة. وقال المهندس <bdi lang="en">Karim Odeh</bdi> إن العمل <strong>سبق موعده بأسبوع</strong>.</p>
<h2>ماذا تغيّر؟</h2>
<ul><li>مقاعد مظللة عند كل مئة متر.</li><li>نافورتان لمياه الشرب.</li></ul>
<ol><li>يُغلق الباب الغربي عند الثامنة.</li><li>يبقى الباب الشرقي مفتوحًا حتى العاشرة.</li></ol>
<h3>المرحلة الثانية</h3>
<p>تبدأ في الربيع، وفيها ملعب للأطفال ومكتبة.</p>
<blockquote><p>أردنا حديقة تُستعمل كل يوم، لا حديقة تُزار يوم العيد.</p></blockquote>
<table><caption>عدد الزوار في الأسبوع</caption>
<thead><tr><th scope="col">الشهر</th><th scope="col">العام الماضي</th><th scope="col">هذا العام</th></tr></thead>
<tbody><tr><th scope="row">آذار/مارس</th><td>٢٬٣٠٠</td><td>٣٬١٠٠</td></tr>
<tr><th scope="row">نيسان/أبريل</th><td>٢٬٧٠٠</td><td>٤٬٠٥٠</td></tr></tbody></table>
<p class="caption">شرح صورة لم تصل مع النص.</p>
"""


@never_cache
@require_safe
def styleguide(request: HttpRequest) -> HttpResponse:
    """Raises Http404 for everybody but staff: for readers there is no such page."""
    user: Any = request.user
    if not (user.is_authenticated and user.is_active and user.is_staff):
        raise Http404("for staff only")
    return render(request, "styleguide/page.html", _Samples().context())


class _Samples:
    """Rows that look like those of the database; each has a number of its own, which their ids are made of."""

    def __init__(self) -> None:
        self.numbers = count(9001)
        self.section = Section(pk=1, name="مجتمع", slug="society", color="rust")
        self.writer = Author(pk=1, name="ليلى منصور", slug="layla", gender=Gender.FEMALE, job_title="مراسلة")
        self.second = Author(pk=2, name="سامر حدّاد", slug="samer", gender=Gender.MALE)
        self.third = Author(pk=3, name="Ana de la Cruz", slug="ana")
        self.portrayed = Author(pk=4, name="هدى نجار", slug="huda", portrait=self.image())
        self.agency = Source(pk=1, name="وكالة الساحل للأنباء", slug="sahel")

    def image(self, **fields: Any) -> Image:
        defaults = {"alt_text": "بيت أبيض بين حقول صفراء، وخلفه جبال.", "width": 960, "height": 540}
        image = Image(pk=next(self.numbers), file="img/sample.svg", **defaults | fields)
        image.file.storage = staticfiles_storage
        return image

    def article(self, headline: str = HEADLINE, *writers: Author, picture: bool = True, **fields: Any) -> Article:
        defaults = {"standfirst": STANDFIRST, "section": self.section, "published_at": WHEN}
        if picture:
            defaults["lead_image"] = self.image()
        article = Article(pk=next(self.numbers), headline=headline, **defaults | fields)
        article.card_bylines = self.bylines(*writers)  # type: ignore[attr-defined]
        return article

    def bylines(self, *authors: Author, role: BylineRole = BylineRole.WRITING) -> list[Byline]:
        return [Byline(author=author, role=role) for author in authors]

    def context(self) -> dict[str, Any]:
        shown = self.cards() | self.story() | self.lists()
        return shown | {"coverage": self.coverage(shown["live"]), "corrections": self.corrections()}

    def cards(self) -> dict[str, Any]:
        breaking = self.article(kicker="طقس", breaking_until=timezone.now() + timedelta(hours=1))
        live = self.article("نقل مباشر: يوم مفتوح في الحديقة", coverage_started_at=WHEN, picture=False)
        opinion = self.article("ما الذي تقوله الأشجار؟", self.second, origin=Origin.OPINION, kicker="رأي")
        portrayed = self.article("حديقة لكل يوم", self.portrayed, origin=Origin.OPINION)
        noted = self.article(HEADLINE, self.second)
        noted.other_bylines = [self.bylines(self.writer, role=BylineRole.PHOTOGRAPHY)]  # type: ignore[attr-defined]
        recent = [timedelta(minutes=20), timedelta(hours=9), timedelta(days=2), timedelta(days=40)]
        return {
            "lead": self.article(HEADLINE, self.writer),
            "long_lead": self.article(LONG_HEADLINE, self.writer, self.second, picture=False),
            "row": [breaking, live, opinion, self.article(LONG_HEADLINE)],
            "pair": [self.article(HEADLINE, self.writer), self.article(LONG_HEADLINE, picture=False)],
            "listed": [noted, self.article(LONG_HEADLINE, picture=False), self.article("Open data: خرائط للجميع")],
            "opinions": [opinion, portrayed],
            "timeline": [self.article(HEADLINE, published_at=timezone.now() - age) for age in recent],
            "ranked": [self.article(HEADLINE), self.article(LONG_HEADLINE), opinion],
            "breaking": [breaking, self.article(LONG_HEADLINE)],
            "section_row": Row(self.section, [self.article(kicker="حدائق"), self.article(), breaking]),
        }

    def story(self) -> dict[str, Any]:
        photographers = self.bylines(self.portrayed, role=BylineRole.PHOTOGRAPHY)
        translators = self.bylines(self.second, role=BylineRole.TRANSLATION)
        article = self.article(updated_at=WHEN + timedelta(hours=3), dateline="مرسى الزيتون")
        return {
            "article": article,
            "share_links": reading.share_links(article),
            "body": render_body(sanitise(BODY)),
            "points": ["البوابة الثالثة مفتوحة منذ اليوم.", "١٢٠ شجرة جديدة.", LONG_HEADLINE],
            "one_writer": self.bylines(self.writer),
            "three_writers": self.bylines(self.portrayed, self.second, self.third),
            "others": [
                Credit(BylineRole.PHOTOGRAPHY, photographers),
                Credit(BylineRole.TRANSLATION, translators),
            ],
            "figures": self.figures(),
            "embeds": [
                Embed(PLATFORMS[0], "https://video.example/1", "جولة في الحديقة", "https://video.example/player/1"),
                Embed(PLATFORMS[-1], "https://posts.example/2", ""),
            ],
            "live": self.article("نقل مباشر: يوم مفتوح في الحديقة", coverage_started_at=WHEN, updated_at=WHEN),
            "links": self.links(),
            "attributions": [
                Attribution(source=self.agency, url="https://agency.example/42"),
                Attribution(source=Source(name="هيئة الأرصاد", slug="weather"), printed_as="نشرة الأرصاد"),
                Attribution(source=Source(name="مدار اليوم", slug="own", kind=SourceKind.OWN)),
            ],
            "tags": [Tag(name=name, slug="tag") for name in ("حدائق", "مرسى الزيتون", "open data", "إعادة التدوير")],
            "author": self.writer,
            "portrayed": self.portrayed,
        }

    def figures(self) -> list[Article]:
        """Caption and credit, each alone, neither; a kind that is printed; the credit of a source and of an author."""
        caption = "الحديقة العامة صباح الافتتاح."
        images = [
            self.image(caption=caption, credit="تصوير: هدى نجار"),
            self.image(caption=caption),
            self.image(credit="مدار اليوم", kind=ImageKind.ARCHIVE),
            self.image(caption=caption, kind=ImageKind.ILLUSTRATION, source=self.agency),
            self.image(caption=caption, author=self.writer),
            self.image(),
        ]
        return [self.article(lead_image=image) for image in images]

    def coverage(self, story: Article) -> Coverage:
        """Its second page, so that the script does not ask for news of a story that there is not."""
        bodies = ["<p>فُتحت البوابة، ودخل أول الزوار.</p>", "", "<p>بدأت الجولة الأولى.</p><ul><li>مجانية.</li></ul>"]
        updates = [
            LiveUpdate(
                pk=next(self.numbers),
                article=story,
                headline=headline,
                body=body,
                is_key=bool(headline),
                posted_at=WHEN,
            )
            for headline, body in zip([HEADLINE, LONG_HEADLINE, ""], bodies, strict=True)
        ]
        updates[2].changed_at = WHEN + timedelta(minutes=9)
        for update in updates:
            update.shown_body = render_body(update.body)
        return Coverage(Paginator(range(60), 20).page(2), updates, updates[:2])

    def links(self) -> list[RelatedLink]:
        return [
            RelatedLink(target=self.article()),
            RelatedLink(url="https://park.example/map", title="خريطة الحديقة"),
            RelatedLink(title=LONG_HEADLINE),
        ]

    def corrections(self) -> list[Correction]:
        note = "ذكرت نسخة سابقة أن عدد الأشجار ٢١٠، والصحيح ١٢٠."
        return [
            Correction(
                pk=next(self.numbers),
                article=self.article(withdrawn_at=WHEN if kind == CorrectionKind.RETRACTION else None),
                kind=kind,
                note=note,
                at=WHEN,
            )
            for kind in CorrectionKind
        ]

    def lists(self) -> dict[str, Any]:
        shown = "افتتحت البلدية صباح اليوم بوابة ثالثة للحديقة العامة، وغرست ١٢٠ شجرة."
        results = [
            result_line(Result(self.article(), HEADLINE, shown, [self.writer.name])),
            result_line(Result(self.article(LONG_HEADLINE, picture=False), LONG_HEADLINE, "", [])),
        ]
        counts = [archive.Period(date(2026, 1, day), day % 4 * 5) for day in range(1, 29)]
        return {
            "pages": [("١", _page(1)), ("٢", _page(5)), ("٣", _page(9))],
            "spans": [("٤", _span(older="x")), ("٥", _span(older="x", newer="x")), ("٦", _span(newer=""))],
            "month": date(2026, 1, 1),
            "weekdays": archive.weekdays(),
            "weeks": [counts[start : start + 7] for start in range(0, 28, 7)] + [[None] * 7],
            "years": [archive.Year(2026, [archive.Period(date(2026, 1, 1), 3), archive.Period(date(2026, 2, 1), 140)])],
            "asked": Asked("حديقة", section=self.section, period="month"),
            "sections": [self.section],
            "results": results,
            "refused": SimpleNamespace(value="name@example", errors=["أدخل بريدًا إلكترونيًا صحيحًا."]),
        }


def _page(number: int) -> Page:
    return Paginator(range(180), 20).page(number)


def _span(*, newer: str | None = None, older: str | None = None) -> ListPage:
    return ListPage([None], newer=newer, older=older, newest=WHEN, oldest=WHEN - timedelta(days=9))
