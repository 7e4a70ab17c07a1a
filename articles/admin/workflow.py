"""The buttons of an article's form. Each saves the text first, then asks articles.publishing for a deed."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from accounts.models import User
from articles import publishing
from articles.admin.places import anchor
from articles.admin.staff import member
from articles.announcing import in_words
from articles.enums import CorrectionKind
from articles.forms import ArticleForm
from articles.models import Article
from articles.permissions import may_edit, may_publish
from articles.publishing import NotReady, WrongState
from articles.returning import return_with_note
from articles.stages import Stage, stage_of
from articles.work import UNFINISHED
from pages.current import current_site

# These two save the text and lead to the page that says what will happen (articles.admin.publishing_page).
TO_PUBLISHING_PAGE = {"_publish", "_publish_changes"}


@dataclass(frozen=True)
class Deed:
    """A button: the name it is sent under, what stands on it, who sees it when, what it does and says."""

    name: str
    label: str | Promise
    stages: frozenset[Stage]
    may: Callable[[User, Article], bool]
    run: Callable[[Article, User, ArticleForm], object]
    done: str | Promise


def _may_publish(user: User, article: Article) -> bool:
    return may_publish(user)


def _may_submit(user: User, article: Article) -> bool:
    """Whoever publishes has no need to ask for it."""
    return may_edit(user, article) and not may_publish(user)


def _may_publish_story(user: User, article: Article) -> bool:
    return may_publish(user) and not article.is_working_copy


def _may_publish_changes(user: User, article: Article) -> bool:
    return may_publish(user) and article.is_working_copy


def _only_save(article: Article, by: User, form: ArticleForm) -> object:
    return article


def _correct(article: Article, by: User, form: ArticleForm) -> object:
    kind = CorrectionKind(form.cleaned_data.get("correction_kind") or CorrectionKind.CORRECTION)
    return publishing.correct(article, by=by, kind=kind, note=form.cleaned_data.get("correction_note", ""))


def _retracts(deed: Deed, form: ArticleForm) -> bool:
    return deed.name == "_correct" and form.cleaned_data.get("correction_kind") == CorrectionKind.RETRACTION


_RETRACTED = gettext_lazy("The article is withdrawn.")
_UNAPPROVED = frozenset({Stage.DRAFT, Stage.IN_REVIEW})
_UNPUBLISHED = frozenset({*_UNAPPROVED, Stage.APPROVED, Stage.SCHEDULED})

DEEDS = (
    Deed(
        "_submit",
        gettext_lazy("Submit for review"),
        frozenset({Stage.DRAFT}),
        _may_submit,
        lambda article, by, form: publishing.submit(article, by=by),
        gettext_lazy("The article was submitted for review."),
    ),
    Deed(
        "_publish",
        gettext_lazy("Publish…"),
        frozenset({*_UNPUBLISHED, Stage.WITHDRAWN}),
        _may_publish_story,
        _only_save,
        gettext_lazy("The text is saved. Nothing is published yet."),
    ),
    Deed(
        "_publish_changes",
        gettext_lazy("Publish the changes…"),
        _UNPUBLISHED,
        _may_publish_changes,
        _only_save,
        gettext_lazy("The text is saved. Nothing is published yet."),
    ),
    Deed(
        "_approve",
        pgettext_lazy("deed", "Approve"),
        _UNAPPROVED,
        _may_publish,
        lambda article, by, form: publishing.approve(article, by=by),
        gettext_lazy("The article is approved."),
    ),
    Deed(
        "_return",
        gettext_lazy("Return to draft"),
        frozenset({Stage.IN_REVIEW, Stage.APPROVED, Stage.SCHEDULED, Stage.WITHDRAWN}),
        _may_publish,
        lambda article, by, form: return_with_note(article, by=by, reason=form.cleaned_data.get("return_reason", "")),
        gettext_lazy("The article is a draft again."),
    ),
    Deed(
        "_correct",
        gettext_lazy("Publish the correction"),
        frozenset({Stage.PUBLISHED}),
        _may_publish,
        _correct,
        gettext_lazy("The correction is published."),
    ),
    Deed(
        "_withdraw",
        pgettext_lazy("deed", "Withdraw"),
        frozenset({Stage.PUBLISHED}),
        _may_publish,
        lambda article, by, form: publishing.withdraw(
            article, by=by, note=form.cleaned_data.get("withdrawal_reason", "")
        ),
        gettext_lazy("The article is withdrawn."),
    ),
)


def offered(article: Article | None, user: User) -> list[Deed]:
    """The deeds whose buttons stand under the form; a new article is a draft of its writer."""
    article = article or Article(created_by=user)
    return [deed for deed in DEEDS if stage_of(article) in deed.stages and deed.may(user, article)]


def asked_for(request: HttpRequest) -> Deed | None:
    return next((deed for deed in DEEDS if deed.name in request.POST), None)


def carry_out(deed: Deed, article: Article, request: HttpRequest, form: ArticleForm) -> bool:
    """Do it and say so; when it is refused, say why, field by field. The saved text stays. Returns whether it was done.

    Raises PermissionDenied, which the admin answers with 403: such a request comes from no form of ours.
    """
    by = member(request)
    if not deed.may(by, article):
        raise PermissionDenied
    done = _RETRACTED if _retracts(deed, form) else deed.done
    return attempt(request, lambda: deed.run(article, by, form), str(done), is_saved=may_edit(by, article))


def remind_of_date(article: Article, request: HttpRequest) -> None:
    """A draft with a date does not publish itself, and what is scheduled does: say so before somebody is surprised."""
    if article.is_scheduled and article.publish_at and article.publish_at > timezone.now():
        moment = in_words(article.publish_at, now=timezone.now(), style=current_site().settings.style)
        words = _("This is scheduled: readers will see it as you saved it now, on %(moment)s.") % {"moment": moment}
        messages.warning(request, words)
        return
    if article.status not in UNFINISHED or article.publish_at is None or article.is_working_copy:
        return
    if not may_publish(member(request)):
        messages.warning(request, _("This draft has a date, but it does not publish itself: an editor schedules it."))
        return
    words = _("This draft has a date, but it does not publish itself.")
    page = reverse("admin:articles_article_publish", args=[article.pk])
    messages.warning(request, format_html('{} <a href="{}">{}</a>', words, page, _("Schedule it")))


def attempt(request: HttpRequest, act: Callable[[], Any], done: str, *, is_saved: bool = True) -> bool:
    """Run `act` and turn what it raises into messages of one sentence each. Returns whether nothing was raised.

    `is_saved`: the text went in with the form. That of a published story did not, and nothing says so.
    """
    try:
        act()
    except NotReady as error:
        if is_saved:
            messages.success(request, _("The text is saved."))
        messages.error(request, _reasons(error))
    except (WrongState, ValidationError) as error:
        sentences = error.messages if isinstance(error, ValidationError) else [str(error)]
        messages.error(request, " ".join(sentences))
    else:
        messages.success(request, done)
        return True
    return False


def _reasons(error: NotReady) -> str:
    links = format_html_join(
        "",
        '<div class="reason"><a href="#{}">{}</a></div>',
        ((anchor(field), sentence) for field, sentence in error.reasons.items()),
    )
    return format_html("{}{}", _("Still missing:"), links)
