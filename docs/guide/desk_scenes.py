"""What the second half of the desk has in hand for the pictures of chapters 14 to 19: a faulty text, answers, plans.

Everything comes about by the deeds of the desk, as in docs.guide.scenes.
"""

from dataclasses import dataclass
from datetime import timedelta
from io import BytesIO
from pathlib import Path

from django.conf import settings
from django.utils import timezone
from PIL import Image as Pixels

from accounts.models import User
from articles import related_choices
from articles.calendar_feeds import make_feed
from articles.enums import BylineRole, Origin, Strictness
from articles.models import Article, Attribution, Author, AvoidedWord, Byline, CheckLevel, Section, Source
from articles.preview_links import answer, path_of, share
from articles.revisions import record
from articles.tagging import get_or_make_tags
from images.models import Image
from pages.days import day_of

# (word, what is printed instead, why)
AVOIDED = (
    ("تواجد", "حضر", "التواجد في المعاجم إظهار الوجد، أي الحزن."),
    ("تم افتتاح", "افتُتح", "الفعل المبني للمجهول أقصر وأوضح."),
)
FAULTY = """<p>فتحت مكتبة الحي أبوابها صباح السبت , بعد توسعة استمرت 14 شهرًا  وكلّفت ٢٤٠ ألف دينار. وتواجد في
الافتتاح عشرات القراء وطلاب المدرسة المجاورة.</p>
<p>وقالت مديرة المكتبة هدى سالم: "عاد إلينا القراء قبل أن تعود الكتب إلى الرفوف", وأضافت أن قاعة الأطفال تتسع
لنحو ٦٠ طفلًا.</p>"""
PICTURES = settings.BASE_DIR / "fixtures" / "newsroom" / "pictures"


@dataclass(frozen=True)
class DeskScenes:
    """Keys of what the pictures show, and files to bring in."""

    faulty: int  # a draft against the house style
    named: int  # a draft with several names and sources
    shared_path: str  # of a preview for somebody without an account
    picture: int
    changes: int  # of a published story
    uploads: list[Path]  # one is in the library, one is like one that is there


def make_desk(*, editor: User, chief: User, reporter: User, named: Article) -> DeskScenes:
    CheckLevel.objects.create(check_name="avoided_words", strictness=Strictness.BLOCKS)
    for word, instead, note in AVOIDED:
        AvoidedWord.objects.create(word=word, instead=instead, note=note)
    faulty = _write_faulty(by=reporter)
    _name(named)
    _choose_related(named, by=editor)
    _plan(reporter)
    make_feed(by=editor)
    picture = Image.objects.get(alt_text__startswith="سفينة شحن")
    changes = Article.objects.get(working_copy_of__isnull=False, created_by=chief)
    return DeskScenes(
        faulty=faulty.pk,
        named=named.pk,
        shared_path=_share(named, by=editor),
        picture=picture.pk,
        changes=changes.pk,
        uploads=_files(settings.DATA_DIR / "files"),
    )


def _write_faulty(*, by: User) -> Article:
    article = Article.objects.create(
        headline="مكتبة الحي تفتح أبوابها",
        standfirst="توسعة استمرت عامًا كاملًا، وقاعة للأطفال، وساعات عمل تمتد حتى المساء طوال أيام الأسبوع.",
        body=FAULTY,
        section=Section.objects.get(slug="culture"),
        origin=Origin.OWN,
        without_picture=True,
        created_by=by,
    )
    article.tags.set(get_or_make_tags(["مكتبات", "مرسى الزيتون"]))
    record(article, by=by)
    return article


def _name(article: Article) -> None:
    """Two who wrote and one who took the pictures, an agency beside the newsroom itself."""
    people = [("hala-darwish", BylineRole.WRITING), ("layla-mansour", BylineRole.PHOTOGRAPHY)]
    for slug, role in people:
        position = article.bylines.count()
        Byline.objects.create(article=article, author=Author.objects.get(slug=slug), role=role, position=position)
    agency = Source.objects.get(slug="sahel-news-agency")
    Attribution.objects.create(article=article, source=agency, position=article.attributions.count())


def _choose_related(article: Article, *, by: User) -> None:
    first = Article.objects.get(headline__startswith="مسرح البلدية يستعيد")
    never = Article.objects.get(headline__startswith="طالبات من وادي الرمان")
    related_choices.pin(article, first.pk, by=by)
    related_choices.ban(article, never.pk, by=by)


def _share(article: Article, *, by: User) -> str:
    link = share(article, by=by, reader="المحامية", hours=72)
    answer(link, text="احذفوا اسم القاصر من الفقرة الثالثة.", is_approval=False, seen_version=article.version)
    return path_of(link)


def _plan(reporter: User) -> None:
    """Ideas for the next days, and a deadline."""
    today = day_of(timezone.now())
    plans = (("شاطئ الصنوبر", 1), ("ملاعب الأحياء", 2), ("دليل عملي لطلب ترميم", 4), ("مكتبة الحي تفتح", 6))
    for headline, days in plans:
        Article.objects.stories().filter(headline__startswith=headline).update(planned_for=today + timedelta(days=days))
    late = Article.objects.stories().filter(headline__startswith="ملاعب الأحياء")
    late.update(assigned_to=reporter, deadline=timezone.now().replace(minute=0) + timedelta(hours=30))


def _files(folder: Path) -> list[Path]:
    """The same bytes as a picture of the sample, a smaller one of another, and a new one."""
    folder.mkdir(exist_ok=True)
    same = folder / "الميناء.jpg"
    same.write_bytes((PICTURES / "harbour.jpg").read_bytes())
    return [
        same,
        _drawn_on("market.jpg", folder / "السوق.jpg"),
        _drawn_on("city.jpg", folder / "البرج.jpg", turned=True),
    ]


def _drawn_on(name: str, target: Path, *, turned: bool = False) -> Path:
    with Pixels.open(PICTURES / name) as picture:
        small = picture.convert("RGB").resize((picture.width * 3 // 4, picture.height * 3 // 4))
    if turned:
        small = small.transpose(Pixels.Transpose.FLIP_LEFT_RIGHT)
    raw = BytesIO()
    small.save(raw, "JPEG", quality=80)
    target.write_bytes(raw.getvalue())
    return target
