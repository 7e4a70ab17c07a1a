"""The rows that the role matrix is tried on, and the words by which a page betrays one of them."""

import re
from datetime import timedelta
from typing import Any

from django.contrib.auth.models import Group
from django.db.models import Model
from django.utils import timezone

from accounts.models import RequiredFactor, StaffSession, User
from accounts.roles import Role
from articles.enums import RevisionAction, Status
from articles.models import (
    Article,
    AvoidedWord,
    Comment,
    FrontChange,
    LiveUpdate,
    PartnerFeed,
    PreviewLink,
    ProtectedWord,
    Revision,
    Synonym,
    UnsavedText,
)
from articles.revisions import snapshot
from audit.enums import Action
from audit.models import AuditEntry
from audit.recording import log
from newsletter.composing import new_issue
from newsletter.enums import (
    ConsentAction,
    ConsentPlace,
    DeliveryState,
    ImportState,
    IssueState,
    SubscriptionStatus,
    SuppressionReason,
)
from newsletter.models import ConsentRecord, Issue, MailingList, Subscriber, SubscriberImport, Subscription, Suppression
from pages.models import NavigationItem, Redirect
from tests.factories import (
    BODY,
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
from tests.newsletter.on_its_way import make_delivery, make_sending

# Who asks: the columns of the table.
PEOPLE = (
    "anonymous", "plain", "no-role", "reporter", "editor", "chief", "newsletter", "administrator", "superuser",
)  # fmt: skip
_ROLES = {
    "reporter": Role.REPORTER,
    "editor": Role.EDITOR,
    "chief": Role.CHIEF_EDITOR,
    "newsletter": Role.NEWSLETTER_EDITOR,
    "administrator": Role.ADMINISTRATOR,
}
# What is asked about, where that is an article.
ARTICLES = (
    "own draft", "other's draft", "assigned draft",
    "own text in review", "other's text in review",
    "own story", "other's story", "own changes", "other's changes", "other's changes to own",
)  # fmt: skip
PASSWORD = "correct horse battery"
SECRET = re.compile("zq[0-9]+(text|papers)")
OLD, NEW = 1, 2  # versions that every article has


class World:
    """One row of every kind; every article with a comment, a revision and words that stand nowhere else."""

    def __init__(self) -> None:
        make_site(postal_address="دمشق، شارع الصحافة")  # without one no issue can be sent
        self.people = {name: self._make_person(name) for name in PEOPLE}
        self.articles = self._make_articles()
        self.rows: dict[str, Model] = self._make_rows()
        self.other_tag = make_tag("وسم آخر للدمج")
        self.rows["newsletter.issue"], self.scheduled_issue = self._make_issues()
        self.paused_issue = self._make_paused_issue()
        self.sessions = {name: self._make_session(user) for name, user in self.people.items() if user}

    def _make_person(self, name: str) -> User | None:
        if name == "anonymous":
            return None
        roles = [_ROLES[name]] if name in _ROLES else []
        user = make_user(*roles, username=name, is_staff=name != "plain", is_superuser=name == "superuser")
        user.email = f"{name}@news.example"
        user.save()
        return user

    def _make_articles(self) -> dict[str, Article]:
        """Those of `ARTICLES`; `own` gives some of them to the person under test."""
        other = make_user(Role.REPORTER, username="other")
        editor = make_user(Role.EDITOR, username="other-editor")
        found = {}
        for number, name in enumerate(ARTICLES):
            found[name] = self._make_article(name, number, editor if name.endswith("changes to own") else other)
        for number, name in enumerate(ARTICLES):
            self._make_papers(found[name], _papers(number), editor)
        return found

    def _make_article(self, name: str, number: int, writer: User) -> Article:
        word = _text(number)
        fields: dict[str, Any] = {
            "headline": f"عنوان {word}",
            "standfirst": f"مقدمة {word}",
            "body": f"<p>متن {word}</p>{BODY}",
            "created_by": writer,
        }
        if name.endswith("story"):
            story = make_article(published=True, sources=(make_source(),), coverage_started_at=timezone.now(), **fields)
            LiveUpdate.objects.create(article=story, headline=f"تحديث {word}")
            return story
        if "changes" in name:
            live = make_article("قصة كما نُشرت", created_by=writer)
            return make_article(published=False, working_copy_of=live, section=live.section, **fields)
        status = Status.IN_REVIEW if "review" in name else Status.DRAFT
        return make_article(published=False, status=status, **fields)

    def _make_papers(self, article: Article, word: str, editor: User) -> None:
        story = article.story
        story.refresh_from_db(fields=["version"])
        Comment.objects.create(article=story, text=f"تعليق {word}", by=editor, mailed_at=timezone.now())
        in_a_day = timezone.now() + timedelta(days=1)
        PreviewLink.objects.create(article=story, reader=f"قارئ {word}", expires_at=in_a_day, created_by=editor)
        first = story.version + 1
        for version in (first, first + 1):
            Revision.objects.create(
                article=story,
                version=version,
                is_of_changes=article.is_working_copy,
                data=snapshot(article) | {"headline": f"صيغة قديمة {word}"},
                action=RevisionAction.RETURNED,
                reason=f"أعيدت {word}",
                by=editor,
            )
        Article.objects.filter(pk__in={article.pk, story.pk}).update(version=first + 1)
        log(Action.RETURNED, by=editor, subject=article, note=f"أعيدت {word}")

    def _make_rows(self) -> dict[str, Model]:
        subscriber = Subscriber.objects.create(email="reader@example.org")
        mailing_list = MailingList.objects.create(name="نشرة الصباح")
        rows = [
            Synonym.objects.create(words="هاتف، تلفون"), ProtectedWord.objects.create(word="نعمان"),
            AvoidedWord.objects.create(word="مزعوم"),
            PartnerFeed.objects.create(name="إذاعة المدينة"), FrontChange.objects.create(),
            make_section(), make_author(), make_source(), make_tag(), make_image(), make_page(), subscriber,
            MailingList.objects.create(name="نشرة المساء"),
            Subscription.objects.create(subscriber=subscriber, mailing_list=mailing_list),
            ConsentRecord.objects.create(
                subscriber=subscriber, action=ConsentAction.REQUESTED, place=ConsentPlace.SIGN_UP_FORM,
                mailing_list_name="نشرة الصباح", wording="نص",
            ),
            Suppression.objects.create(address_hash="0" * 32, reason=SuppressionReason.MANUAL),
            SubscriberImport.objects.create(
                mailing_list=mailing_list, proof="استمارة التسجيل في المعرض", file_name="old.csv",
                content="older@example.org\n", added_count=1, state=ImportState.FINISHED,
            ),
            NavigationItem.objects.create(place="header", label="محليات", path="/sections/local/"),
            Redirect.objects.create(old_path="/old", new_path="/new"),
            make_site(),
            Group.objects.create(name="قراء"),
            AuditEntry.objects.earliest("id"),
        ]  # fmt: skip
        return {row._meta.label_lower: row for row in rows}

    def _make_issues(self) -> tuple[Issue, Issue]:
        """A draft that could be sent to one reader, and one that waits for its time."""
        mailing_list = MailingList.objects.get(name="نشرة الصباح")
        Subscription.objects.create(
            subscriber=Subscriber.objects.create(email="confirmed@example.org"),
            mailing_list=mailing_list,
            status=SubscriptionStatus.CONFIRMED,
            confirmed_at=timezone.now() - timedelta(days=1),
        )
        draft, scheduled = (new_issue(mailing_list, by=None, articles=[make_article()]) for _number in range(2))
        scheduled.state, scheduled.send_at = IssueState.SCHEDULED, timezone.now() + timedelta(days=1)
        scheduled.save()
        return draft, scheduled

    def _make_paused_issue(self) -> Issue:
        """Half-way, with one reader of whom nobody knows whether he got it."""
        issue = make_sending(IssueState.PAUSED, candidate_count=1, uncertain_count=1)
        make_delivery(issue, DeliveryState.UNCERTAIN)
        return issue

    def _make_session(self, user: User) -> StaffSession:
        return StaffSession.objects.create(user=user, expires_at=timezone.now() + timedelta(hours=12))

    def own(self, person: str) -> None:
        """Make `person` the writer of what is "own", and him to whom a draft is given."""
        user = self.people[person]
        mine = [self.articles[name].pk for name in ARTICLES if name.startswith("own")]
        mine += [self.articles[name].story.pk for name in ARTICLES if name in {"own changes", "other's changes to own"}]
        Article.objects.filter(pk__in=mine).update(created_by=user)
        Article.objects.filter(pk=self.articles["assigned draft"].pk).update(assigned_to=user)

    def by_key(self, pk: Any) -> User | None:
        return next((user for user in self.people.values() if user and user.pk == int(pk)), None)

    def account(self, about: str, person: str) -> User:
        """Whose account: "own", "reporter's", "superuser's"."""
        name = person if about == "own" else about.removesuffix("'s")
        return self.people[name] or self.people["reporter"]  # type: ignore[return-value]

    def update(self, about: str) -> LiveUpdate:
        """Of the story that it is about; of another one where there is none."""
        updates = LiveUpdate.objects.order_by("pk")
        return updates.filter(article=self.articles[about]).first() or updates[0]

    def session(self, about: str, person: str) -> StaffSession:
        owner = person if about == "own" else about.removesuffix("'s")
        return self.sessions.get(owner) or self.sessions["reporter"]

    def unsaved_text(self, about: str, person: str) -> UnsavedText:
        """Of `person` about an article, "new" for none; with `+ somebody's text` that of somebody else about it."""
        user = self.people[person] or self.account("reporter's", "")
        article = self.articles.get(about)
        values = {"article": article.story if article else None, "data": {"headline": ["عنوان"]}}
        return UnsavedText.objects.get_or_create(user=user, window="w-" + about[:30], defaults=values)[0]

    def required_factor(self) -> RequiredFactor:
        """Not in the world from the start: no editor could enter any more."""
        return RequiredFactor.objects.get_or_create(group=Group.objects.get(name=Role.EDITOR))[0]

    def words(self) -> dict[str, tuple[str, str]]:
        """By article: what only its readers at the desk may see, and what only those who may see its papers."""
        return {name: (_text(number), _papers(number)) for number, name in enumerate(ARTICLES)}


def _text(number: int) -> str:
    # Letters that no escaping touches, also in an address.
    return f"zq{number}text"


def _papers(number: int) -> str:
    return f"zq{number}papers"
