"""Every address of the site with rules about who may ask for it, and the requests that try those rules."""

import re
from binascii import unhexlify
from collections.abc import Callable, Iterator
from typing import Any

from django.contrib.auth.models import Group
from django.core import signing
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import URLResolver, get_resolver
from django_otp.oath import totp

from accounts.roles import Role
from articles.models import Comment, FrontChange
from tests.articles.desk import form_data
from tests.house.matrix_world import NEW, OLD, PASSWORD, SECRET, World
from tests.images.pictures import picture_file

ARTICLE = "admin/articles/article/<object_id>/"
# Made for readers: what they show is tested in tests/articles/test_views.py and beside it.
PUBLIC = (
    "", "livez", "readyz",
    "media/", "n/", "news/", "newsletter/", "p/", "sections/", "tags/", "authors/", "sources/", "archive/",
    "most-read/", "reads/", "preview/", "calendar/",
    "search/", "corrections/",
    "cards/", "saved/", "offline/", "sw.js", "manifest.webmanifest",
    "feeds/", "partners/", "lite/", "robots.txt", "humans.txt", "llms.txt", "sitemap", ".well-known/", "opensearch.xml",
)  # fmt: skip


def staff_addresses() -> set[str]:
    """Routes of the resolver in short: `admin/articles/article/<object_id>/change/`."""
    return {route for route in _routes(get_resolver()) if not _is_public(route)}


def _is_public(route: str) -> bool:
    return route == "" or any(part and route.startswith(part) for part in PUBLIC)


def _routes(resolver: Any, before: str = "") -> Iterator[str]:
    for pattern in resolver.url_patterns:
        route = before + _short(str(pattern.pattern))
        if isinstance(pattern, URLResolver):
            yield from _routes(pattern, route)
        else:
            yield route


def _short(route: str) -> str:
    route = re.sub(r"\(\?P<(\w+)>[^)]*\)", r"<\1>", route).strip("^$")
    return re.sub(r"<\w+:(\w+)>", r"<\1>", route)


class Requests:
    """Turns a row of the table into a path and what is posted to it.

    What a row is about: an article by its name in the world, perhaps `+ _button`; a query after `?`; an account.
    """

    def __init__(self, world: World) -> None:
        self.world = world
        self.superuser = Client()
        self.superuser.force_login(world.account("superuser's", ""))
        # Before a test takes the pages out of the answers: the forms are read from them.
        self.superuser.handler.load_middleware()
        self._forms: dict[str, dict[str, Any]] = {}

    def path(self, address: str, about: str, person: str) -> str:
        """Raises KeyError for a part of an address that nothing here fills."""
        subject = about.partition(" + ")[0]
        query = about if about.startswith("?") else _QUERIES.get(address, "")
        filled = re.sub(r"<(\w+)>", lambda part: str(self._fill(part[1], address, subject, person)), address)
        return f"/{filled}{query}"

    def _fill(self, name: str, address: str, about: str, person: str) -> object:
        world = self.world
        match name:
            case "app_label":
                return about
            case "url":
                return "no-such-page/"
            case "version":
                return OLD
            case "number" if "coverage" in address:
                return world.update(about).pk
            case "number" if "links" in address:
                return world.articles[about].story.preview_links.get().pk
            case "number" if "frontslot" in address:
                return FrontChange.objects.latest("id").pk
            case "number":
                return Comment.objects.filter(article=world.articles[about].story).earliest("id").pk
            case "text_id":
                return world.unsaved_text(about, person).pk
            case "object_id" if about == "scheduled issue":
                return world.scheduled_issue.pk
            case "object_id" if about == "paused issue":
                return world.paused_issue.pk
            case "article_id":
                return world.articles[about].pk
            case "name" if "delivery/mail/" in address:
                return "20261120/0640/064000-000000-00000000.eml"
            case "object_id" if "requiredfactor" in address:
                return world.required_factor().pk
            case "object_id" if "accounts/user/" not in address:
                return (world.articles.get(about) or world.rows[_kind(address)]).pk
            case "pk" if "security/sessions/" in address:
                return world.session(about, person).pk
            case "object_id" | "pk" | "id":
                return world.account(about, person).pk
        raise KeyError(name)

    def payload(self, address: str, about: str, client: Client) -> dict[str, Any]:
        """A POST that does the deed of the address, if whoever sends it may do it. It holds no word of the article:

        what comes back to the sender must not be his own.
        """
        data = self._payload(address, about, client)
        return {name: SECRET.sub("x", value) if isinstance(value, str) else value for name, value in data.items()}

    def _payload(self, address: str, about: str, client: Client) -> dict[str, Any]:
        if special := _SPECIAL.get(address):
            return special(self, about, client)
        if address.endswith("/delete/"):
            return {"post": "yes"}
        if address.endswith("/add/"):
            return self.form("/" + address) | _NEW.get(_kind(address), {"name": "اسم جديد"})
        if address.endswith("/<object_id>/change/"):
            return self.form(self.path(address, about, "superuser")) | _CHANGED.get(_kind(address), {"name": "اسم آخر"})
        return {}

    def form(self, path: str) -> dict[str, Any]:
        """What the form there holds for a superuser, whom every field is shown; fetched once. {} for no form."""
        if path not in self._forms:
            try:
                self._forms[path] = form_data(self.superuser, path)
            except AssertionError:
                self._forms[path] = {}
        return dict(self._forms[path])

    def article(self, about: str, client: Client) -> dict[str, Any]:
        """A changed headline; with `+ _button` the form as it is, with that button and the words it asks for.

        The page of a published story has no fields, so that what is sent to it is taken from a draft.
        """
        subject, _sep, button = about.partition(" + ")
        if button:
            return self.form(self.path(ARTICLE + "change/", subject, "superuser")) | _WORDS | {button: "1"}
        source = "other's draft" if subject.endswith("story") else subject
        return self.form(self.path(ARTICLE + "change/", source, "superuser")) | {"headline": "عنوان آخر"}

    def autosave(self, about: str, client: Client) -> dict[str, Any]:
        return self.article(about, client) | {"window": "0123456789abcdef", "_typed": "1", "_here": "1"}

    def publication(self, about: str, client: Client) -> dict[str, Any]:
        version = self.world.articles[about].story
        version.refresh_from_db(fields=["version"])
        return {"moment": "now", "mode": "now", "kind": "wording", "version": version.version}

    def second_factor(self, about: str, client: Client) -> dict[str, Any]:
        """A key as the page would have made it, and the code that follows from it."""
        key, user = "00" * 20, client.session.get("_auth_user_id")
        signed = signing.dumps({"key": key, "user": int(user or 0)}, salt="accounts.forms.set_up")
        return {"key": signed, "password": PASSWORD, "code": f"{totp(unhexlify(key)):06}"}


def _kind(address: str) -> str:
    return ".".join(address.split("/")[1:3])


def _picture() -> SimpleUploadedFile:
    return SimpleUploadedFile("new.png", picture_file("new.png").read(), "image/png")


_QUERIES = {
    ARTICLE + "compare/": f"?old={OLD}&new={NEW}",
    "admin/articles/frontslot/page/": "?at=2026-11-20T06:40:00Z",
}
_WORDS = {
    "publish_at_0": "2027-01-01",
    "publish_at_1": "10:00",
    "return_reason": "ينقصها مصدر",
    "correction_kind": "correction",
    "correction_note": "الصواب غير ذلك",
    "withdrawal_reason": "نُشرت قبل أوانها",
}
_NEW: dict[str, dict[str, Any]] = {
    "articles.article": {"headline": "مادة جديدة"},
    "accounts.user": {"username": "new-member", "password1": "long enough 12", "password2": "long enough 12"},
    "articles.synonym": {"words": "حاسوب، كمبيوتر"},
    "articles.protectedword": {"word": "سلطان"},
    "articles.avoidedword": {"word": "مستجد"},
    "pages.page": {"title": "صفحة جديدة", "body": "<p>نص</p>"},
    "pages.navigationitem": {"label": "رياضة", "place": "header", "path": "/sections/sport/"},
    "pages.redirect": {"old_path": "/older", "new_path": "/newer"},
}
_CHANGED: dict[str, dict[str, Any]] = {
    "accounts.user": {"first_name": "اسم آخر"},
    "articles.synonym": {"words": "هاتف، تلفون، جوال"},
    "articles.protectedword": {"word": "عثمان"},
    "articles.avoidedword": {"word": "مرتقب"},
    "pages.page": {"title": "عنوان آخر"},
    "pages.navigationitem": {"label": "رياضة"},
    "pages.redirect": {"new_path": "/newer"},
    "images.image": {"alt_text": "وصف آخر"},
    "newsletter.issue": {"issue-subject": "عنوان آخر", "_save": "1"},
}
_ISSUE = "admin/newsletter/issue/"
_PASSWORDS = {"password1": "another long one", "password2": "another long one", "usable_password": "true"}
_SPECIAL: dict[str, Callable[[Requests, str, Client], dict[str, Any]]] = {
    ARTICLE + "change/": Requests.article,
    ARTICLE + "autosave/": Requests.autosave,
    ARTICLE + "publish/": Requests.publication,
    ARTICLE + "mend/": lambda r, about, client: {"_mend": "all"},
    "admin/articles/checklevel/": lambda r, about, client: r.form("/admin/articles/checklevel/") | {"tags": "blocks"},
    ARTICLE + "coverage/": lambda r, about, client: {"headline": "وصول الوفد"},
    ARTICLE + "coverage/<number>/": lambda r, about, client: {"headline": "وصول الوفد"},
    ARTICLE + "links/": lambda r, about, client: {"reader": "المحامية", "hours": "24"},
    ARTICLE + "related/": lambda r, about, client: {
        "_pin": r.world.articles["own story" if about == "other's story" else "other's story"].pk,
    },
    "admin/articles/tag/<object_id>/merge/": lambda r, about, client: {"into": r.world.other_tag.pk},
    ARTICLE + "comments/": lambda r, about, client: {"comment-text": "تعليق جديد"},
    "admin/articles/article/add/autosave/": lambda r, about, client: {
        "headline": "مادة جديدة", "window": "0123456789abcdef", "_typed": "1",
    },
    "admin/articles/calendar/address/": lambda r, about, client: {"_make": "1"},
    "admin/articles/calendar/<object_id>/plan/": lambda r, about, client: {"day": "2026-12-01"},
    "admin/articles/frontslot/": lambda r, about, client: (
        r.form("/admin/articles/frontslot/") | {"pins": f"lead.0.{r.world.articles['own story'].pk}.", "op": "save"}
    ),
    "admin/articles/article/import/": lambda r, about, client: {
        "text": "عنوان الخبر\n\nافتتحت البلدية حديقة عامة صباح اليوم في وسط المدينة.\n", "_create": "1",
    },
    _ISSUE + "<object_id>/sending/resolve/": lambda r, about, client: {"delivery": "all", "_count_as_sent": "1"},
    "admin/newsletter/delivery/article/<article_id>/": lambda r, about, client: {
        "mailing_list": r.world.rows["newsletter.mailinglist"].pk, "_breaking": "1",
    },
    _ISSUE + "add/": lambda r, about, client: {"mailing_list": r.world.scheduled_issue.mailing_list_id},
    _ISSUE + "<object_id>/test/": lambda r, about, client: {"addresses": "desk@news.example"},
    _ISSUE + "<object_id>/send/": lambda r, about, client: (
        r.form(r.path(_ISSUE + "<object_id>/send/", about, "superuser")) | {"count": "1"}
    ),
    _ISSUE + "<object_id>/preview/mail/": lambda r, about, client: (
        r.form(r.path(_ISSUE + "<object_id>/change/", "-", "superuser")) | {"issue-subject": "عنوان آخر"}
    ),
    "admin/newsletter/suppression/add/": lambda r, about, client: {"address": "nobody@example.org"},
    "admin/newsletter/subscriberimport/add/": lambda r, about, client: {
        "mailing_list": r.world.rows["newsletter.mailinglist"].pk, "proof": "استمارة التسجيل في المعرض، أيار 2024",
        "upload": SimpleUploadedFile("old.csv", b"new@example.org\n", "text/csv"),
    },
    "admin/accounts/requiredfactor/add/": lambda r, about, client: {"group": Group.objects.get(name=Role.REPORTER).pk},
    "admin/accounts/user/<id>/password/": lambda r, about, client: dict(_PASSWORDS),
    "admin/images/upload/": lambda r, about, client: {"upload": _picture()},
    "admin/images/image/upload/": lambda r, about, client: {"files": _picture()},
    "admin/images/image/add/": lambda r, about, client: (
        r.form("/admin/images/image/add/") | {"file": _picture(), "alt_text": "صورة"}
    ),
    "admin/login/": lambda r, about, client: {"username": "superuser", "password": PASSWORD},
    "admin/password_change/": lambda r, about, client: {
        "old_password": PASSWORD, "new_password1": "another long one", "new_password2": "another long one",
    },
    "admin/security/set-up/": Requests.second_factor,
}  # fmt: skip
