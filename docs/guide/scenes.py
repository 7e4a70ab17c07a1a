"""A day at the desk of the sample newsroom, for the pictures of the guide: who works there and what is in hand.

Everything comes about by the deeds of the desk, each at its hour of the day; only whose a sample text is, and dates
that nobody could type any more, are written past them.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import time_machine
from django.contrib.auth.models import Group
from django.core.management import call_command
from django.utils import timezone

from accounts.models import User
from accounts.roles import Role
from articles import publishing
from articles.changes import open_changes, publish_changes
from articles.commenting import comment
from articles.enums import ChangeKind
from articles.models import Article, PartnerFeed, Section, Synonym
from articles.revisions import record
from audit.origin import Origin, current
from docs.guide.desk_scenes import DeskScenes, make_desk
from docs.guide.newsletter_scenes import NewsletterScenes, make_newsletter
from newsroom.sample import load_sample

# RFC 5737: addresses that are nobody's.
OFFICE = Origin(address="192.0.2.14")
# (words, whether they are not the same)
SYNONYMS = (("حافلة، باص", False), ("عبّارة، معدية", False), ("الهاتف الذكي، الجوال", False), ("المجر، هنغاريا", True))


@dataclass(frozen=True)
class Scenes:
    """Keys of what the pictures show, and what everybody signs in with."""

    password: str
    changed: int  # published, with changes beside it
    submitted: int  # waits for review, with comments
    planned: int  # a draft that can be published
    shared: int  # a draft that two people write at once
    unsaved: int  # a draft that somebody left without saving
    covered: int  # published, and covered live
    partner: int  # key of a feed, not of an article
    newsletter: NewsletterScenes
    desk: DeskScenes


def make_scenes(password: str) -> Scenes:
    """Fill the empty database of this process."""
    call_command("migrate", verbosity=0)
    current.set(OFFICE)
    for_member = {"password": password}
    _member("nour", "نور", "عيسى", Role.ADMINISTRATOR, **for_member)
    samer = _member("samer", "سامر", "عطا", Role.EDITOR, **for_member)
    salma = _member("salma", "سلمى", "ديب", Role.CHIEF_EDITOR, **for_member)
    huda = _member("huda", "هدى", "سالم", Role.NEWSLETTER_EDITOR, **for_member)
    rana = _member("rana", "رنا", "خليل", Role.REPORTER, **for_member)
    with _minutes_ago(150):
        load_sample(by=samer)
    changed = _change_what_is_published(by=rana, editor=samer, chief=salma)
    submitted = _submit(by=rana, editor=samer)
    planned = _given("مهرجان الفوانيس", samer)
    _set(planned, assigned_to=samer, deadline=_at_full_hour(5))
    _be_late(rana)
    for words, is_off in SYNONYMS:
        Synonym.objects.create(words=words, is_off=is_off)
    return Scenes(
        password,
        changed=changed.pk,
        submitted=submitted.pk,
        planned=planned.pk,
        shared=_given("ملاعب الأحياء", samer).pk,
        unsaved=_given("دليل عملي لطلب ترميم", samer).pk,
        covered=Article.objects.get(coverage_started_at__isnull=False).pk,
        partner=_partner().pk,
        newsletter=make_newsletter(huda),
        desk=make_desk(editor=samer, chief=salma, reporter=rana, named=planned),
    )


@contextmanager
def _minutes_ago(minutes: int) -> Iterator[None]:
    with time_machine.travel(timezone.now() - timedelta(minutes=minutes)):
        yield


def _member(username: str, first: str, last: str, role: Role, **fields: Any) -> User:
    fields |= {"first_name": first, "last_name": last, "email": f"{username}@madar.example", "is_staff": True}
    user = User.objects.create_user(username, **fields)
    user.groups.add(Group.objects.get(name=role.value))
    return user


def _given(headline: str, owner: User) -> Article:
    """The sample knows one writer; here each has his own."""
    article = Article.objects.stories().get(headline__startswith=headline)
    _set(article, created_by=owner)
    return article


def _set(article: Article, **fields: Any) -> None:
    Article.objects.filter(pk=article.pk).update(**fields)
    article.refresh_from_db()


def _edit(article: Article, *, by: User, **fields: Any) -> None:
    for name, value in fields.items():
        setattr(article, name, value)
    article.save()
    record(article, by=by)


def _change_what_is_published(*, by: User, editor: User, chief: User) -> Article:
    """A story whose changes an editor has published once, and which is being changed again."""
    story = _given("السوق القديم يفتح أبوابه", by)
    with _minutes_ago(96):
        copy = open_changes(story, by=by)
        standfirst, body = (text.replace("١٤٢ متجرًا", "١٤٤ متجرًا") for text in (copy.standfirst, copy.body))
        _edit(copy, by=by, standfirst=f"{standfirst} وتُفتح المرحلة الثانية في الربيع.", body=body)
    with _minutes_ago(88):
        publishing.submit(copy, by=by)
    with _minutes_ago(71):
        story = publish_changes(copy, by=editor, kind=ChangeKind.UPDATE)
    with _minutes_ago(12):
        copy = open_changes(story, by=chief)
        _edit(copy, by=chief, headline="السوق القديم يستقبل زواره من جديد بعد ترميم استمر ثلاثة أعوام")
    return story


def _submit(*, by: User, editor: User) -> Article:
    article = _given("نحّالو وادي الرمان", by)
    with _minutes_ago(64):
        comment(article, by=editor, text="من أين رقم القفران في الفقرة الثالثة؟ اذكر المصدر في النص.", to=by)
    with _minutes_ago(43):
        comment(article, by=by, text="الرقم من جمعية النحّالين، وأضفتها إلى المصادر.", to=editor)
        publishing.submit(article, by=by)
    return article


def _partner() -> PartnerFeed:
    feed = PartnerFeed.objects.create(name="إذاعة الساحل", key="w7Jm2QxV0bZc4TtYh9LkR3sD", hours=48)
    feed.sections.set(Section.objects.filter(name__in=["اقتصاد", "مجتمع"]))
    return feed


def _be_late(reporter: User) -> None:
    _set(_given("دروس سباحة", reporter), assigned_to=reporter, deadline=_at_full_hour(-20))
    waiting = _given("شاطئ الصنوبر", reporter)
    _set(waiting, created_at=_at_full_hour(-72), publish_at=_at_full_hour(-3))


def _at_full_hour(hours: int) -> datetime:
    return timezone.now().replace(minute=0, second=0, microsecond=0) + timedelta(hours=hours)
