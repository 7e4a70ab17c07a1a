from typing import Any, cast

from django.contrib.admin import AdminSite
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, URLResolver
from django.utils.decorators import method_decorator
from django.utils.module_loading import import_string
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.i18n import JavaScriptCatalog

from accounts.models import User
from accounts.signing_in import sign_out
from accounts.views import ChangePassword, SignIn
from articles.commenting import count_for
from articles.dashboard import dashboard_for
from newsletter.kept_mail import keeps_mail
from newsroom.lib.django_words import IN_SCRIPTS
from newsroom.lib.site_style import month_names
from newsroom.operating.permission import may_see_operation

# By these names calendar.js asks for the months.
MONTHS_IN_SCRIPTS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip


class SiteCatalogue(JavaScriptCatalog):
    def get_catalog(self) -> dict[str, str | list[str]]:
        ours = {text: gettext(text) for text in IN_SCRIPTS}
        return super().get_catalog() | ours | dict(zip(MONTHS_IN_SCRIPTS, month_names(), strict=True))


class NewsroomAdminSite(AdminSite):
    """Django's admin without its `r/` redirect, which tells any member of staff the address of any draft.

    Who may enter at all is said by `request.user`: whoever owes a second factor is nobody there (accounts.middleware).
    """

    site_title = _("Newsroom")
    site_header = _("Newsroom")
    index_title = _("Desk")

    def get_urls(self) -> list[Any]:
        urls: list[URLPattern | URLResolver] = super().get_urls()
        return [url for url in urls if getattr(url, "name", None) != "view_on_site"]

    def admin_view(self, view: Any, cacheable: bool = False) -> Any:
        """Whoever was signed out keeps what was typed in a form of ours."""
        # By its name: its package registers pages at the site, which is not there yet when this module is read.
        keeps_words = import_string("articles.admin.kept.keeps_words")
        return keeps_words(super().admin_view(view, cacheable))

    def each_context(self, request: HttpRequest) -> dict[str, Any]:
        """What the head of every page says besides: how many comments wait for the member of staff."""
        context = super().each_context(request)
        return context | {"open_comments": count_for(cast(User, request.user)) if context["has_permission"] else 0}

    def i18n_javascript(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """The words of the admin's scripts; the calendar beside a date gets the months of the site."""
        return cast(HttpResponse, SiteCatalogue.as_view(packages=["django.contrib.admin"])(request))

    def index(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> TemplateResponse:
        user = cast(User, request.user)
        # Whoever waits for a mail must not search for it in vain.
        keeps = keeps_mail() and user.has_perm("newsletter.view_delivery")
        context = {"desk": dashboard_for(user), "keeps_mail": keeps, "sees_operation": may_see_operation(user)}
        return super().index(request, context | (extra_context or {}))

    @method_decorator(never_cache)
    @login_not_required
    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        if request.method == "GET" and self.has_permission(request):
            return redirect("admin:index")
        context = self.each_context(request) | {
            "title": _("Log in"),
            "subtitle": None,
            "app_path": request.get_full_path(),
            "username": request.user.get_username(),
        }
        return SignIn.as_view(extra_context=context | (extra_context or {}))(request)

    def logout(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        if request.method == "POST":
            sign_out(request)
        return super().logout(request, extra_context)

    def password_change(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        context = self.each_context(request) | (extra_context or {})
        return ChangePassword.as_view(extra_context=context)(request)
