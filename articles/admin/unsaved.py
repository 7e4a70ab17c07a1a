"""Nothing that was typed into the form of an article is lost, and nobody is alarmed without need.

A form is compared with what is stored before it is saved (articles.conflicts). What cannot be saved is kept for whoever
typed it (articles.unsaved) and given back. static/admin_newsroom/autosave.js sends what stands in a form now and then.
"""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _

from articles import unsaved
from articles.admin import autosaving, conflict, deed_words, kept, sent_twice
from articles.admin.staff import member
from articles.conflicts import Comparison, Undecided, compare, decided, is_stale, settled, version_of
from articles.models import Article, UnsavedText
from articles.permissions import may_edit, may_open_changes
from articles.typed import Sent, last, papers_in, papers_of
from audit.admin import LoggedAdmin
from newsroom.lib.keys import read_key


@dataclass
class Sending:
    """A form on its way. `is_shown` only: it comes back in the form and is not saved."""

    data: dict[str, list[str]]
    is_shown: bool = False
    says: str = ""
    brought_back: list[str] = field(default_factory=list)
    base_version: int | None = None  # None: the one that the form names

    @property
    def window(self) -> str:
        return unsaved.window_of(self.data)


class Conflict(Exception):
    def __init__(self, comparison: Comparison, undecided: tuple[str, ...] = ()) -> None:
        self.comparison, self.undecided = comparison, undecided


class NothingTyped(Exception):
    """Somebody saved a newer version, and the form says nothing that it does not say."""


class OtherState(Exception):
    """The form shows no text, as that of a published story does, and meanwhile the article is one that is edited."""

    def __init__(self, article: Article) -> None:
        self.article = article


class Gone(Exception):
    """There is no such article, or none any more."""


class KeepsWords(LoggedAdmin):
    """The part of ArticleAdmin that takes care of unsaved words."""

    class Media:
        css = {"all": ("admin_newsroom/autosave.css", "admin_newsroom/preview.css")}
        js = ("admin_newsroom/typed_form.js", "admin_newsroom/autosave.js", "admin_newsroom/preview.js")

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        autosave = autosaving.keeps_quiet(view(self.autosave_view))
        ours = [
            path("add/autosave/", autosave, name="articles_article_autosave_new"),
            path("<int:object_id>/autosave/", autosave, name="articles_article_autosave"),
            path("add/unsaved/<int:text_id>/", view(self.unsaved_view), name="articles_article_unsaved_new"),
            path("<int:object_id>/unsaved/<int:text_id>/", view(self.unsaved_view), name="articles_article_unsaved"),
        ]
        return [*ours, *super().get_urls()]

    def autosave_view(self, request: HttpRequest, object_id: int | None = None) -> HttpResponse:
        return autosaving.answer(self, request, object_id)

    def unsaved_view(self, request: HttpRequest, text_id: int, object_id: int | None = None) -> HttpResponse:
        return conflict.unsaved_page(self, request, text_id, object_id)

    # A form is sent

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        if request.method != "POST":
            return super().changeform_view(request, object_id, form_url, extra_context)
        sending = request.sending = _sending(request)  # type: ignore[attr-defined]
        made = None if object_id else sent_twice.made_before(request, sending.data)
        if made is None:
            try:
                return self._sent(request, sending, object_id, form_url, extra_context)
            except IntegrityError:
                made = None if object_id else sent_twice.made_before(request, sending.data)
                if made is None:
                    raise
        sent_twice.go_on_with(request, made)
        sending.base_version = version_of(sending.data) or sent_twice.FIRST_VERSION
        return self._sent(request, sending, str(made.pk), form_url, extra_context)

    def _sent(self, request: HttpRequest, sending: Sending, object_id: str | None, *args: Any) -> HttpResponse:
        try:
            return super().changeform_view(request, object_id, *args)
        except Conflict as stale:
            kept_at = self._keep(request, sending, stale.comparison.article.story)
            return conflict.page(self, request, sending.data, stale.comparison, stale.undecided, kept_at)
        except NothingTyped:
            messages.info(request, _("Somebody saved a newer version meanwhile. You had changed nothing; here it is."))
            return HttpResponseRedirect(request.path)
        except OtherState as other:
            deed_words.keep(request, other.article)
            messages.warning(request, _("The state of the article changed meanwhile. Nothing was done; here it is."))
            return HttpResponseRedirect(request.path)
        except Gone:
            redirect: Any = self._get_obj_does_not_exist_redirect  # type: ignore[attr-defined]
            return self._given_back(request, sending, None) or redirect(request, self.opts, str(object_id))
        except PermissionDenied:
            if page := self._given_back(request, sending, object_id) or self._accepted(request, object_id):
                return page
            raise

    def check_version(self, request: HttpRequest, article: Article | None) -> None:
        """Let a form through that was made for what is stored, or bring it up to date where nobody need be asked.

        Called on the locked row. Raises Gone, Conflict, NothingTyped, PermissionDenied.
        """
        sending: Sending | None = getattr(request, "sending", None)
        if sending is None:
            return
        if article is None:
            raise Gone
        data = _decided(sending, article)
        if is_stale(data, article):
            comparison, user = compare(data, article, base_version=sending.base_version), member(request)
            if not may_edit(user, article):
                if any(one.side != "newest" for one in comparison.differences):
                    raise PermissionDenied
                return
            if "headline" not in data:
                raise OtherState(article)
            is_own = comparison.is_between_own_windows(user)
            if comparison.is_conflict and not is_own:
                raise Conflict(comparison)
            if comparison.adds_nothing and not is_own and not sending.is_shown:
                if not deed_words.joined(data):
                    raise NothingTyped
                sending.is_shown, sending.says = True, _("Somebody saved a newer version meanwhile: look at it first.")
            data = settled(data, comparison)
        if "_merge" in data and (words := deed_words.joined(data)):
            messages.warning(request, _("Not sent, because the text was merged first: %(words)s") % {"words": words})
        sending.data = data
        request.POST = as_sent(data)  # type: ignore[assignment]

    def get_form(self, request: HttpRequest, obj: Article | None = None, change: bool = False, **kwargs: Any) -> Any:
        form: Any = super().get_form(request, obj, change, **kwargs)
        if getattr(getattr(request, "sending", None), "is_shown", False):
            form.is_valid = _is_never_saved
        return form

    def forget_words(self, request: HttpRequest, article: Article) -> None:
        """They are in a version now. Called in the transaction that saves."""
        sending: Sending | None = getattr(request, "sending", None)
        if sending is not None:
            unsaved.forget(member(request), sending.window, through=unsaved.stamp_of(sending.data))
            unsaved.forget_brought_back(member(request), sending.data.get("brought_back", []))
            unsaved.forget_saved(member(request), article=article)

    def _keep(self, request: HttpRequest, sending: Sending, story: Article | None) -> str:
        """Outside the transaction of the save, which is rolled back. Returns what autosave.js calls its own copy.

        Returns "" when it cannot be kept, being too large or one too many: then the page alone holds it.
        """
        user, window = member(request), sending.window or new_window()
        try:
            unsaved.keep(user, sending.data, story=story, window=window)
        except unsaved.TooMuch:
            return ""
        return f"{user.pk}:{window}"

    def _given_back(self, request: HttpRequest, sending: Sending, object_id: str | None) -> HttpResponse | None:
        """The page with what was typed for an article that is gone or closed; None when no word is in danger."""
        user = member(request)
        if not (sending.window and user.has_perm("articles.change_article")):
            return None
        del request.sending  # type: ignore[attr-defined]
        article = self.get_object(request, object_id) if object_id else None
        story = article.story if article else self._story_named(request, sending.data)
        known = article or story
        base = version_of(sending.data)
        is_text = unsaved.says_something(user, sending.data, article=known, base_version=base)
        if not is_text and not deed_words.words_of(sending.data):
            return None
        return kept.kept_page(
            request,
            sending.data,
            title=_("Not saved: your text is here"),
            sentence=_reason(article, story),
            status=403 if article else 409,
            story=story,
            offers_edit=story is not None and may_open_changes(user, story),
            kept_at=self._keep(request, sending, story) if is_text else "",
        )

    def _accepted(self, request: HttpRequest, object_id: str | None) -> HttpResponse | None:
        """Back to an article whose form was sent twice, where the first sending took away the right to the second."""
        article = self.get_object(request, object_id) if object_id else None
        if article is None or not sent_twice.was_accepted(request, article):
            return None
        messages.info(request, _("This form was sent twice. It was accepted once; here is what is stored."))
        return HttpResponseRedirect(request.path)

    def _story_named(self, request: HttpRequest, data: Sent) -> Article | None:
        """The story that a form was about whose own row is gone, if it may be seen."""
        pk = read_key(last(data, "story") or "")
        return self.get_queryset(request).filter(pk=pk, working_copy_of__isnull=True).first()

    # The form is shown

    def words_context(self, request: HttpRequest, article: Article | None, *, is_editable: bool) -> dict[str, Any]:
        """For unsaved_panel.html: what the form carries along, what may be brought back, who else is here."""
        user, sending = member(request), getattr(request, "sending", None)
        window = (sending.window if sending else "") or new_window()
        if sending and sending.says:
            messages.warning(request, sending.says)
        story = article.story if article else None
        texts = unsaved.offered(user, story=story, article=article, but=window)
        # Not out of a row into which a form has written already what is not saved.
        papers = (papers_of(sending.data) if sending else {}) or papers_in(article or Article())
        return {
            "window": window,
            "story": story.pk if story else "",
            "version": article.version if article else "",
            "papers": [(name, value or "") for name, value in papers.items()],
            "brought_back": sending.data.get("brought_back", []) if sending else [],
            "texts": [(text, autosaving.moment(text.saved_at)) for text in texts],
            "others": autosaving.others_sentence(user, article) if article and is_editable else "",
            "is_editable": is_editable,
            "is_fresh": sending is None,
            "user": user.pk,
            "url": reverse("admin:articles_article_autosave", args=[article.pk])
            if article
            else reverse("admin:articles_article_autosave_new"),
            "cookie": settings.CSRF_COOKIE_NAME,
            "article": article,
        }


def new_window() -> str:
    return uuid.uuid4().hex


def as_sent(data: Mapping[str, list[str]]) -> QueryDict:
    query = QueryDict(mutable=True)
    for name, values in data.items():
        query.setlist(name, values)
    return query


def _sending(request: HttpRequest) -> Sending:
    """The form as it was sent; with «bring back» what was kept of another window in its place."""
    sending = Sending(dict(request.POST.lists()))
    if pk := request.POST.get("_discard_text"):
        UnsavedText.objects.filter(user=member(request), pk=read_key(pk) or 0).delete()
        sending.is_shown, sending.says = True, _("The unsaved text is thrown away. What stands here is not saved yet.")
    elif pk := request.POST.get("_bring_back"):
        _bring_back(request, sending, read_key(pk) or 0)
    elif "_review" in request.POST:
        sending.is_shown, sending.says = (
            True,
            _("This is the merged text. It is not saved yet: look it over, then save."),
        )
    return sending


def _bring_back(request: HttpRequest, sending: Sending, pk: int) -> None:
    sending.is_shown = True
    text = UnsavedText.objects.filter(user=member(request), pk=pk).first()
    if text is None:
        sending.says = _("This unsaved text is not there any more.")
        return
    names = ("csrfmiddlewaretoken", "story")
    machinery: dict[str, list[str]] = {name: sending.data[name] for name in names if name in sending.data}
    try:
        _keep_this_window_too(request, sending, text.article)
    except unsaved.TooMany:
        sending.says = _("You have too many unsaved texts to keep what stands here apart: save it first.")
        return
    except unsaved.TooMuch:
        sending.says = _("What stands here is too long to be kept apart: save it first.")
        return
    sending.data = {
        **text.data,
        **machinery,
        "version": [str(text.base_version)],
        "window": [new_window()],
        "brought_back": [*sending.data.get("brought_back", []), unsaved.name_brought_back(text)],
    }
    sending.says = _("Your text is back in the form. It is not saved yet: look it over, then save.")
    request.POST = as_sent(sending.data)  # type: ignore[assignment]


def _keep_this_window_too(request: HttpRequest, sending: Sending, story: Article | None) -> None:
    """Somebody may have typed before asking for what he typed before. Raises TooMuch."""
    user, base = member(request), version_of(sending.data)
    if sending.window and unsaved.says_something(user, sending.data, article=story, base_version=base):
        unsaved.keep(user, sending.data, story=story, window=sending.window)


def _decided(sending: Sending, article: Article) -> dict[str, list[str]]:
    """The form after the choices on the page of a conflict, or as it was sent."""
    if not {"_merge", "_review"} & sending.data.keys():
        return sending.data
    try:
        return decided(sending.data, article) | {"_continue": ["1"]}  # back to the form
    except Undecided as error:
        comparison = compare(sending.data, article, base_version=version_of(sending.data, "base_version"))
        raise Conflict(comparison, tuple(error.names)) from error


def _is_never_saved(form: Any) -> bool:
    """In place of is_valid: Django shows a form that is not valid with all that was typed, and saves nothing."""
    form.errors  # noqa: B018 - the faults are shown beside their fields all the same
    return False


def _reason(article: Article | None, story: Article | None) -> str:
    if article and article.is_published:
        return _("This text was published meanwhile, so it is not changed in place any more.")
    if article:
        return _("You may not edit this article any more; its state or your rights have changed.")
    if story:
        return _("These changes were published or discarded meanwhile.")
    return _("This article does not exist any more.")
