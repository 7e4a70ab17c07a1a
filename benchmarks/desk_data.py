"""A newsroom of eight years: what `benchmarks.desk` measures on. The same rows every time."""

import random
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from typing import Any

from django.contrib.auth.models import Group
from django.core.management import call_command
from django.db import connection, transaction
from django.db.models import F
from django.utils import timezone

from accounts.models import User
from accounts.roles import Role
from articles import publishing
from articles.changes import open_changes
from articles.commenting import comment
from articles.enums import Status
from articles.models import (
    Article,
    Attribution,
    Author,
    Byline,
    DroppedLine,
    ImportRecord,
    RelatedLink,
    Section,
    Source,
    Tag,
    TaggedArticle,
    UnsavedText,
)
from articles.revisions import record
from audit.enums import Action
from audit.models import AuditEntry
from pages.models import SiteSettings

YEARS = 8
BODY_BYTES, LONG_BODY_BYTES = 2_500, 20_000
BATCH = 5_000
FILE_NAME = "bridge.txt"  # by which an earlier run's long articles are found
SENTENCES = (
    "أعلنت البلدية في بيان أن العمل على الجسر القديم ينتهي قبل موسم الأمطار",
    "أوضح المهندس المشرف خلال جولة مع الصحفيين كيف رُممت الأقواس ومن أين جاء الحجر",
    "قال سكان الحي إن المدرسة الجديدة تستقبل طلابها مع بداية العام",
    "افتتحت المكتبة العامة قاعة للأطفال تضم ثلاثة آلاف كتاب",
    "يعود المرور إلى الشارع الرئيسي تدريجيًا بعد الانتهاء من أعمال الصرف",
    "شارك في المعرض ثلاثون رسامًا من خمس دول",
    "ذكرت مديرية الصحة أن حملة التلقيح تشمل القرى البعيدة",
    "تأخر المشروع عامين بسبب نقص التمويل وارتفاع أسعار المواد",
)
LETTERS = "ابتثجحخدذرزسشصضطظعغفقكلمنهوي"
PLACES = "المدينة القرية الميناء السوق الجبل".split()
SUBJECTS = "افتتاح حديقة,ترميم جسر,موسم زيتون,معرض كتاب,خط حافلات,بطولة سباحة,سوق خضار,مهرجان مسرح".split(",")


def text(size: int, generator: random.Random | None = None) -> str:
    """HTML paragraphs of about `size` bytes in UTF-8."""
    generator = generator or random.Random(size)  # noqa: S311 - the same texts every time
    paragraphs: list[str] = []
    length = 0
    while length < size:
        paragraph = "<p>" + ". ".join(generator.choices(SENTENCES, k=4)) + ".</p>"
        paragraphs.append(paragraph)
        length += len(paragraph.encode())
    return "".join(paragraphs)


def dense_text(size: int) -> str:
    """The same of words that never come again: no database can make it smaller, as it can with a text of ours."""
    generator = random.Random(size)  # noqa: S311
    paragraphs: list[str] = []
    while len("".join(paragraphs).encode()) < size:
        words = ("".join(generator.choices(LETTERS, k=generator.randint(2, 8))) for _number in range(60))
        paragraphs.append(f"<p>{' '.join(words)}.</p>")
    return "".join(paragraphs)


@dataclass
class World:
    """The rows that are looked at."""

    editor: User
    chief: User
    reporter: User
    draft: Article
    story: Article
    copy: Article

    @classmethod
    def made(cls, *, articles: int, entries: int) -> "World":
        call_command("migrate", verbosity=0)
        with fast_writes(), transaction.atomic():
            people = make_people()
            make_articles(articles, people)
            make_entries(entries, people)
            world = cls._with_long_articles(people)
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("VACUUM ANALYZE")  # the server does it by itself within minutes
        return world

    @classmethod
    def found(cls) -> "World | None":
        """That of an earlier run in the same database."""
        if "articles_article" not in connection.introspection.table_names():
            return None
        people = User.objects.in_bulk(("member0", "member1", "member2"), field_name="username")
        imported = Article.objects.filter(import_record__file_name=FILE_NAME)
        draft, story = imported.filter(status=Status.DRAFT).first(), imported.published().first()
        copy = Article.objects.filter(working_copy_of=story).first()
        if not (draft and story and copy):
            return None
        UnsavedText.objects.all().delete()
        return cls(people["member0"], people["member1"], people["member2"], draft, story, copy)

    @classmethod
    def _with_long_articles(cls, people: list[User]) -> "World":
        editor, chief, reporter = people[:3]
        draft = make_long_article(editor, reporter)
        story = make_long_article(editor, reporter)
        publishing.publish(story, by=editor)
        copy = open_changes(story, by=editor)
        for number in range(30):
            copy.headline = f"صيغة جديدة {number}"
            copy.save()
            record(copy, by=editor)
        return cls(editor, chief, reporter, draft, story, copy)


@contextmanager
def fast_writes() -> Iterator[None]:
    """A crash may lose everything while the rows are made."""
    is_sqlite = connection.vendor == "sqlite"
    if is_sqlite:
        connection.cursor().execute("PRAGMA synchronous=OFF")
    yield
    if is_sqlite:
        connection.cursor().execute("PRAGMA synchronous=FULL")


def make_people() -> list[User]:
    """Thirty; the first three an editor, a chief editor, a reporter."""
    SiteSettings.objects.get_or_create(pk=SiteSettings.SINGLETON, defaults={"name": "مدار اليوم"})
    roles = [Role.EDITOR, Role.CHIEF_EDITOR, Role.REPORTER]
    people = []
    for number in range(30):
        user = User.objects.create_user(f"member{number}", password=None, is_staff=True, first_name=f"عضو {number}")
        user.groups.add(Group.objects.get(name=roles[number] if number < 3 else Role.REPORTER))
        people.append(user)
    return people


def make_articles(count: int, people: list[User]) -> None:
    """Of a hundred: 97 published, 1 withdrawn, 2 not published yet; at least a few of each state."""
    generator = random.Random(1)  # noqa: S311
    sections = [Section.objects.create(name=f"قسم {number}", position=number) for number in range(12)]
    authors = [Author.objects.create(name=f"كاتبة {number}") for number in range(60)]
    sources = [Source.objects.create(name=f"وكالة {number}") for number in range(15)]
    tags = [Tag.objects.create(name=f"وسم {number}") for number in range(500)]
    now = timezone.now()
    bodies = [text(BODY_BYTES, generator) for _number in range(200)]
    rows = (make_article(number, count, generator, now, sections, people, bodies) for number in range(count))
    while batch := list(islice(rows, BATCH)):
        made = Article.objects.bulk_create(batch)
        Byline.objects.bulk_create(Byline(article=one, author=generator.choice(authors)) for one in made)
        Attribution.objects.bulk_create(
            Attribution(article=one, source=generator.choice(sources)) for one in made if generator.random() < 0.5
        )
        TaggedArticle.objects.bulk_create(
            TaggedArticle(content_object=one, tag=tag)
            for one in made
            if generator.random() < 0.2
            for tag in generator.sample(tags, 2)
        )
    Article.objects.filter(publish_at__lte=now).update(saved_at=F("publish_at"), created_at=F("publish_at"))
    make_changes(people, generator)


def make_article(
    number: int,
    count: int,
    generator: random.Random,
    now: datetime,
    sections: list[Section],
    people: list[User],
    bodies: list[str],
) -> Article:
    rare = " كلمة نادرة" if number % 10_000 == 7 else ""
    headline = f"{generator.choice(SUBJECTS)} في {generator.choice(PLACES)} {number}{rare}"
    article = Article(
        headline=headline,
        standfirst=generator.choice(SENTENCES),
        body=generator.choice(bodies),
        section=generator.choice(sections),
        created_by=generator.choice(people),
        origin=generator.choice(["own", "own", "agency", "translated", "opinion"]),
        version=1,
    )
    at = now - timedelta(days=YEARS * 365 * (1 - number / count), minutes=5)
    match number % 100:
        case 0:
            article.status, article.withdrawn_at = Status.WITHDRAWN, at + timedelta(hours=1)
            article.publish_at = article.published_at = at
            article.withdrawal_note = "نُشرت المادة قبل اكتمال التحقق."
        case 1 if number % 300 == 1:
            article.status = Status.IN_REVIEW
        case 1 if number % 300 == 101:
            article.status, article.deadline = Status.DRAFT, at + timedelta(days=20)
            article.assigned_to = generator.choice(people)
        case 1:
            article.status = Status.DRAFT
        case 2 if number % 500 == 2:
            article.status = Status.APPROVED
        case 2 if number % 500 == 102:
            article.status = Status.APPROVED
            article.publish_at = article.published_at = now + timedelta(hours=number % 90)
        case _:
            article.status = Status.APPROVED
            article.publish_at = article.published_at = at
    return article


def make_changes(people: list[User], generator: random.Random) -> None:
    """Forty published stories are being changed, some of the changes wait for the editors or for their time."""
    stories = Article.objects.published().newest_first()[:400:10]
    for number, story in enumerate(stories):
        copy = open_changes(story, by=people[0])
        if number % 4 == 0:
            Article.objects.filter(pk=copy.pk).update(status=Status.IN_REVIEW)
        elif number % 4 == 1:
            at = timezone.now() + timedelta(hours=number)
            Article.objects.filter(pk=copy.pk).update(status=Status.APPROVED, publish_at=at)


def make_entries(count: int, people: list[User]) -> None:
    generator = random.Random(2)  # noqa: S311
    now = timezone.now()
    newest = list(Article.objects.order_by("-id").values_list("pk", "headline")[:20_000])
    rows = (make_entry(number, count, generator, now, people, newest) for number in range(count))
    while batch := list(islice(rows, BATCH)):
        AuditEntry.objects.bulk_create(batch)


def make_entry(
    number: int,
    count: int,
    generator: random.Random,
    now: datetime,
    people: list[User],
    articles: list[tuple[int, str]],
) -> AuditEntry:
    actor = generator.choice(people)
    pk, headline = generator.choice(articles) if articles else (1, "مادة")
    action = generator.choice((Action.CHANGED, Action.CHANGED, Action.CHANGED, Action.PUBLISHED, Action.SUBMITTED))
    return AuditEntry(
        at=now - timedelta(days=YEARS * 365 * (1 - number / count)),
        action=Action.WITHDRAWN if number % 1_000 == 0 else action,
        actor_id=actor.pk,
        actor_name=str(actor),
        subject_type="articles.article",
        subject_id=str(pk),
        subject_title=headline,
        before="draft",
        after="in_review",
        note="المتن، العنوان",
        address="192.0.2.7",
        user_agent="Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0",
    )


def make_long_article(editor: User, reporter: User) -> Article:
    """A draft of 20 KB with everything that its form shows, and thirty revisions."""
    body = text(LONG_BODY_BYTES)
    article = Article.objects.create(
        headline="ترميم الجسر القديم في المدينة",
        standfirst=SENTENCES[0],
        body=body,
        section=Section.objects.first(),
        created_by=reporter,
        without_picture=True,
    )
    roles = ("writing", "photography", "editing")
    for position, author in enumerate(Author.objects.all()[:3]):
        Byline.objects.create(article=article, author=author, role=roles[position], position=position)
    for position, source in enumerate(Source.objects.all()[:3]):
        Attribution.objects.create(article=article, source=source, position=position)
    for position, target in enumerate(Article.objects.published()[:6]):
        RelatedLink.objects.create(article=article, target=target, position=position, after_block=position)
    article.tags.add(*Tag.objects.all()[:6])
    for number in range(12):
        comment(article, by=editor, text=f"{SENTENCES[number % 8]} {number}", to=None)
    make_import_record(article)
    for sentence in islice(_endlessly(), 30):
        article.body = body.replace("</p>", f" {sentence}.</p>", 1)
        article.save()
        record(article, by=reporter)
    article.refresh_from_db()
    return article


def make_import_record(article: Article) -> None:
    imported = ImportRecord.objects.create(
        article=article,
        file_name=FILE_NAME,
        encoding="utf-8",
        sha256=f"{article.pk:064}",
        original_text=text(LONG_BODY_BYTES),
        proposed_headline="ترميم الجسر",
        proposed_date=timezone.now().date(),
    )
    DroppedLine.objects.bulk_create(
        DroppedLine(record=imported, position=n, text=SENTENCES[n % 8], reason="menu", after_block=n) for n in range(40)
    )


def _endlessly() -> Iterator[Any]:
    while True:
        yield from SENTENCES
