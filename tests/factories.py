"""Rows for tests: a test names only what matters to it, the rest is plausible and unique."""

from datetime import datetime, timedelta
from io import BytesIO
from itertools import count
from typing import Any

from django.contrib.auth.models import Group
from django.core.files.base import ContentFile
from django.utils import timezone
from PIL import Image as Pixels

from accounts.models import User
from articles.enums import BylineRole, Status
from articles.listing import enter
from articles.models import Article, Attribution, Author, Byline, Section, Source, Tag
from articles.search.indexing import index
from images.models import Image
from newsletter.enums import ItemKind, SubscriptionStatus
from newsletter.models import Issue, IssueItem, MailingList, Subscriber, Subscription
from pages.current import forget_site
from pages.models import Page, SiteSettings

_numbers = count(1)

# Thirty words: no fewer are published (articles.readiness).
BODY = (
    "<p>افتتحت البلدية حديقة عامة صباح اليوم.</p><p>وتضم الحديقة ممرات للمشي ومكتبة صغيرة وملعبا للأطفال.</p>"
    "<p>وقال مدير الحدائق إن العمل استغرق ستة أشهر، وإن الدخول مجاني للجميع حتى آخر السنة الجارية.</p>"
)


def make_site(**fields: Any) -> SiteSettings:
    """The one row of settings; called again it changes that row."""
    defaults = {"name": "مدار اليوم", "tagline": "أخبار المدينة"} | fields
    forget_site()
    return SiteSettings.objects.update_or_create(id=SiteSettings.SINGLETON, defaults=defaults)[0]


def make_user(*roles: str, **fields: Any) -> User:
    """A member of staff with the given roles (names of groups); none for a plain account."""
    username = fields.pop("username", f"user{next(_numbers)}")
    fields = {"password": "correct horse battery", "is_staff": bool(roles)} | fields
    user = User.objects.create_user(username, **fields)
    user.groups.set(Group.objects.get_or_create(name=role)[0] for role in roles)
    return user


def make_section(name: str = "", **fields: Any) -> Section:
    return Section.objects.create(name=name or f"قسم {next(_numbers)}", **fields)


def make_author(name: str = "", **fields: Any) -> Author:
    return Author.objects.create(name=name or f"كاتبة {next(_numbers)}", **fields)


def make_source(name: str = "", **fields: Any) -> Source:
    return Source.objects.create(name=name or f"وكالة {next(_numbers)}", **fields)


def make_tag(name: str = "", **fields: Any) -> Tag:
    return Tag.objects.create(name=name or f"وسم {next(_numbers)}", **fields)


def make_image(**fields: Any) -> Image:
    """A picture of 64 by 36 pixels without renditions; its file is really there."""
    number = next(_numbers)
    file = BytesIO()
    Pixels.new("RGB", (64, 36), "teal").save(file, "JPEG")
    defaults = {
        "alt_text": "ممر في سوق قديم",
        "credit": "مدار اليوم",
        "file": ContentFile(file.getvalue(), f"picture-{number}.jpg"),
        "width": 64,
        "height": 36,
        "sha256": f"{number:064}",
    }
    return Image.objects.create(**defaults | fields)


def make_article(
    headline: str = "",
    *,
    published: bool = True,
    at: datetime | None = None,
    authors: tuple[Author, ...] = (),
    sources: tuple[Source, ...] = (),
    tags: tuple[Tag | str, ...] = (),
    **fields: Any,
) -> Article:
    """A story that readers can see since `at` (default: an hour ago), or a draft with `published=False`.

    Without a `lead_image` it is meant to have none, so that whoever may can publish it.
    It is written past articles.publishing on purpose: any state can be made, also one that no deed leads to.
    """
    moment = at or timezone.now() - timedelta(hours=1)
    if published:
        fields = {"status": Status.APPROVED, "publish_at": moment, "published_at": moment} | fields
    fields.setdefault("section", Section.objects.first() or make_section())
    fields.setdefault("body", BODY)
    fields.setdefault("without_picture", fields.get("lead_image") is None)
    article = Article.objects.create(headline=headline or f"افتتاح حديقة عامة جديدة {next(_numbers)}", **fields)
    for position, author in enumerate(authors):
        Byline.objects.create(article=article, author=author, position=position, role=BylineRole.WRITING)
    for position, source in enumerate(sources):
        Attribution.objects.create(article=article, source=source, position=position)
    if tags:
        article.tags.add(*tags)
    enter(article)
    return article


def make_indexed(headline: str = "", **fields: Any) -> Article:
    """The same in the search, as every deed puts it there."""
    article = make_article(headline, **fields)
    index([article.pk])
    return article


def make_withdrawn(note: str = "نُشرت المادة قبل اكتمال التحقق.", **fields: Any) -> Article:
    """A story that readers have seen and no longer may."""
    fields = {"withdrawn_at": timezone.now()} | fields
    return make_article(status=Status.WITHDRAWN, withdrawal_note=note, **fields)


def make_page(title: str = "من نحن", **fields: Any) -> Page:
    return Page.objects.create(
        **{"title": title, "slug": f"page-{next(_numbers)}", "body": "<p>صحيفة محلية.</p>"} | fields
    )


def make_mailing_list(name: str = "", **fields: Any) -> MailingList:
    return MailingList.objects.create(name=name or f"نشرة {next(_numbers)}", **fields)


def make_subscriber(email: str = "", **fields: Any) -> Subscriber:
    return Subscriber.objects.create(email=email or f"reader{next(_numbers)}@example.com", **fields)


def make_subscription(
    mailing_list: MailingList, subscriber: Subscriber | None = None, *, email: str = "", **fields: Any
) -> Subscription:
    """A confirmed one, unless `status` says otherwise."""
    now = timezone.now()
    defaults: dict[str, Any] = {"status": SubscriptionStatus.CONFIRMED, "confirmed_at": now}
    if fields.get("status") == SubscriptionStatus.UNSUBSCRIBED:
        defaults["ended_at"] = now
    subscriber = subscriber or make_subscriber(email)
    return Subscription.objects.create(subscriber=subscriber, mailing_list=mailing_list, **defaults | fields)


def make_issue(
    mailing_list: MailingList | None = None, *, articles: tuple[Article, ...] = (), text: str = "", **fields: Any
) -> Issue:
    """A draft with these articles and, first, a text of its own."""
    defaults = {"subject": f"عدد {next(_numbers)}", "mailing_list": mailing_list or make_mailing_list()}
    issue = Issue.objects.create(**defaults | fields)
    if text:
        IssueItem.objects.create(issue=issue, kind=ItemKind.TEXT, summary=text)
    for position, article in enumerate(articles, 1):
        IssueItem.objects.create(issue=issue, article=article, position=position)
    return issue
