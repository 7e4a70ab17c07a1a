"""A day at the desk of the sample newsroom, for the pictures of the guide: who works there and what is in hand.

Everything comes about by the deeds of the desk; only what lies back in time is written past them.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth.models import Group
from django.core.management import call_command
from django.utils import timezone

from accounts.models import User
from accounts.roles import Role
from articles import publishing
from articles.changes import open_changes, publish_changes
from articles.commenting import comment
from articles.enums import ChangeKind
from articles.models import Article
from articles.revisions import record
from newsroom.sample import load_sample

PASSWORD = "a password for one afternoon"  # noqa: S105 - the database is gone when the pictures are taken


@dataclass(frozen=True)
class Scenes:
    """Keys of the articles that the pictures show."""

    changed: int  # published, with changes beside it
    copy: int  # the changes
    submitted: int  # waits for review, with comments
    planned: int  # a draft that can be published
    shared: int  # a draft that two people write at once
    unsaved: int  # a draft that somebody left without saving


def make_scenes() -> Scenes:
    """Fill the empty database of this process."""
    call_command("migrate", verbosity=0)
    _nour = _member("nour", "نور", "عيسى", Role.ADMINISTRATOR)
    samer = _member("samer", "سامر", "عطا", Role.EDITOR)
    salma = _member("salma", "سلمى", "ديب", Role.CHIEF_EDITOR)
    rana = _member("rana", "رنا", "خليل", Role.REPORTER)
    load_sample(by=samer)
    copy = _change_what_is_published(by=rana, editor=samer, chief=salma)
    submitted = _submit(by=rana, editor=samer)
    planned = _plan(samer)
    _be_late(rana)
    return Scenes(
        changed=copy.story.pk,
        copy=copy.pk,
        submitted=submitted.pk,
        planned=planned.pk,
        shared=_given("ملاعب الأحياء", samer).pk,
        unsaved=_given("دليل عملي لطلب ترميم", samer).pk,
    )


def _member(username: str, first: str, last: str, role: Role) -> User:
    user = User.objects.create_user(
        username, email=f"{username}@madar.example", password=PASSWORD, first_name=first, last_name=last, is_staff=True
    )
    user.groups.add(Group.objects.get(name=role.value))
    return user


def _found(headline: str) -> Article:
    return Article.objects.stories().get(headline__startswith=headline)


def _given(headline: str, owner: User) -> Article:
    """The sample knows one writer; here each has his own."""
    article = _found(headline)
    Article.objects.filter(pk=article.pk).update(created_by=owner)
    article.refresh_from_db()
    return article


def _edit(article: Article, *, by: User, **fields: Any) -> None:
    for name, value in fields.items():
        setattr(article, name, value)
    article.save()
    record(article, by=by)


def _change_what_is_published(*, by: User, editor: User, chief: User) -> Article:
    """A story whose changes an editor has published once, and which is being changed again."""
    story = _given("المجلس البلدي يقر موازنة", by)
    copy = open_changes(story, by=by)
    body = copy.body.replace("نحو ستين من السكان", "أكثر من ستين من سكان المدينة")
    _edit(copy, by=by, standfirst=f"{copy.standfirst} وتبدأ الأعمال مطلع الربيع.", body=body)
    publishing.submit(copy, by=by)
    story = publish_changes(copy, by=editor, kind=ChangeKind.UPDATE)
    copy = open_changes(story, by=chief)
    _edit(copy, by=chief, headline="المجلس البلدي يقر موازنة العام المقبل بعد جلسة من ست ساعات")
    return copy


def _submit(*, by: User, editor: User) -> Article:
    article = _given("نحّالو وادي الرمان", by)
    comment(article, by=editor, text="من أين رقم القفران في الفقرة الثالثة؟ اذكر المصدر في النص.", to=by)
    publishing.submit(article, by=by)
    comment(article, by=by, text="الرقم من جمعية النحّالين، وأضفتها إلى المصادر.", to=editor)
    return article


def _plan(editor: User) -> Article:
    article = _given("مهرجان الفوانيس", editor)
    _set(article, assigned_to=editor, deadline=_at_full_hour(hours=5))
    return article


def _be_late(reporter: User) -> None:
    _set(_given("دروس سباحة", reporter), assigned_to=reporter, deadline=_at_full_hour(hours=-20))
    waiting = _given("شاطئ الصنوبر", reporter)
    _set(waiting, created_at=_at_full_hour(hours=-72), publish_at=_at_full_hour(hours=-3))


def _set(article: Article, **fields: Any) -> None:
    Article.objects.filter(pk=article.pk).update(**fields)


def _at_full_hour(*, hours: int) -> datetime:
    return timezone.now().replace(minute=0, second=0, microsecond=0) + timedelta(hours=hours)
