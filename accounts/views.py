"""The door of the admin: sign-in, second factor, password. The sessions are in `accounts.session_views`."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from django.contrib import admin, messages
from django.contrib.auth.views import LoginView, PasswordChangeView, redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, resolve_url
from django.template.response import TemplateResponse
from django.urls import reverse, reverse_lazy
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from accounts import second_factor
from accounts.forms import CodeForm, PasswordChangeForm, RecoveryForm, SetUpForm, SignInForm, is_crowded
from accounts.models import User
from accounts.signing_in import change_password, give_factor, sign_in, sign_in_refused, sign_out
from accounts.standing import device_of, reference_of, waiting_user

View = Callable[..., HttpResponse]
TOO_MANY_REQUESTS = 429
# With so few left it is time for new ones.
FEW_CODES = 3

asks = require_http_methods(["GET", "HEAD", "POST"])


class SignIn(LoginView):
    """Django's sign-in, which counts, writes down and asks on for the second factor."""

    authentication_form = SignInForm
    template_name = "admin/login.html"
    next_page = "admin:index"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if waiting_user(request):
            return _with_next("accounts:verify", request)
        return super().get(request, *args, **kwargs)

    def form_valid(self, form: Any) -> HttpResponse:
        if sign_in(self.request, form.get_user()):
            return _with_next("accounts:verify", self.request)
        return HttpResponseRedirect(self.get_success_url())

    def form_invalid(self, form: Any) -> HttpResponse:
        is_locked = is_crowded(form)
        # Set by django-axes where it has just counted, and not where it refused to look.
        has_counted = getattr(self.request, "axes_failures_since_start", None) is not None
        if has_counted:
            sign_in_refused(form.cleaned_data["username"], is_locked_now=is_locked)
        response = super().form_invalid(form)
        response.status_code = TOO_MANY_REQUESTS if is_locked else response.status_code
        return response

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        # Django's "site" is a host name; ours knows the name of the newspaper.
        del context["site"]
        return context


class ChangePassword(PasswordChangeView):
    form_class = PasswordChangeForm
    success_url = reverse_lazy("admin:password_change_done")

    def form_valid(self, form: Any) -> HttpResponse:
        change_password(self.request, form)
        return HttpResponseRedirect(self.get_success_url())


def at_the_door(view: Callable[[HttpRequest, User], HttpResponse]) -> View:
    """For who owes the second factor; everybody else is sent where he belongs."""

    @wraps(view)
    @never_cache
    @asks
    @sensitive_post_parameters()
    def guarded(request: HttpRequest) -> HttpResponse:
        user = waiting_user(request)
        if user:
            return view(request, user) if device_of(user) else _with_next("accounts:set_up", request)
        return redirect(next_page(request)) if request.user.is_authenticated else _with_next("admin:login", request)

    return guarded


@at_the_door
def verify(request: HttpRequest, user: User) -> HttpResponse:
    """Ask for the code of the telephone after the password."""
    form = CodeForm(request.POST or None, user=user)
    if form.is_valid():
        give_factor(request, user, form.device)
        return redirect(next_page(request))
    return _page(request, "verify", _("Two-step verification"), form=form)


@at_the_door
def recover(request: HttpRequest, user: User) -> HttpResponse:
    """Take a recovery code where the telephone is not at hand."""
    form = RecoveryForm(request.POST or None, user=user)
    if form.is_valid():
        give_factor(request, user, form.device)
        left = second_factor.recovery_codes_left(user)
        sentence = ngettext("%(count)s recovery code is left.", "%(count)s recovery codes are left.", left)
        messages.warning(request, sentence % {"count": left})
        return redirect("accounts:security" if left <= FEW_CODES else next_page(request))
    return _page(request, "recover", _("Recovery code"), form=form)


@never_cache
@asks
@sensitive_post_parameters()
def set_up(request: HttpRequest) -> HttpResponse:
    """Show the key as a picture, a link and letters; take the first code; show the recovery codes, once."""
    waiting = waiting_user(request)
    user = waiting or request.user
    if not isinstance(user, User) or not user.is_staff:
        return redirect_to_login(request.get_full_path(), reverse("admin:login"))
    if device_of(user):
        return _with_next("accounts:verify", request) if waiting else redirect("accounts:security")
    form = SetUpForm(request.POST or None, user=user, asks_password=not waiting)
    if form.is_valid():
        try:
            device, codes = second_factor.set_up(user, key=form.plain_key, code=form.cleaned_data["code"])
        except second_factor.WrongCode:
            form.add_error("code", _("The code is not the one that the app shows now. Type the next one."))
        except second_factor.AlreadySetUp:
            return redirect("accounts:security")
        else:
            give_factor(request, user, device)
            return _page(request, "codes", _("Recovery codes"), codes=codes)
    link = second_factor.app_link(user, form.plain_key)
    return _page(
        request,
        "set_up",
        _("Set up two-step verification"),
        form=form,
        link=link,
        picture=second_factor.qr_picture(link),
        key=second_factor.readable_key(form.plain_key),
        is_waiting=waiting is not None,
    )


@require_POST
def leave(request: HttpRequest) -> HttpResponse:
    """Back to the name and the password, for somebody else."""
    sign_out(request)
    return _with_next("admin:login", request)


def signed_in(view: View) -> View:
    """For members of staff who are wholly signed in; strangers come to the sign-in."""

    @wraps(view)
    @never_cache
    @sensitive_post_parameters()
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not admin.site.has_permission(request):
            return redirect_to_login(request.get_full_path(), reverse("admin:login"))
        return view(request, request.user, *args, **kwargs)

    return guarded


@asks
@signed_in
def new_codes(request: HttpRequest, user: User) -> HttpResponse:
    """Make new recovery codes, for a code of the telephone, and show them once."""
    if not device_of(user):
        return redirect("accounts:security")
    form = CodeForm(request.POST or None, user=user)
    if form.is_valid():
        codes = second_factor.make_recovery_codes(user, by=user)
        return _page(request, "codes", _("Recovery codes"), codes=codes, next=reverse("accounts:security"))
    return _page(request, "new_codes", _("New recovery codes"), form=form)


@asks
@signed_in
def remove(request: HttpRequest, user: User) -> HttpResponse:
    """Take the own second factor away, for a code; not where a role demands it."""
    form = CodeForm(request.POST or None, user=user)
    try:
        second_factor.check_removable(user, by=user)
        if not form.is_valid():
            return _page(request, "remove", _("Turn two-step verification off"), form=form)
        second_factor.remove(user, by=user, kept=reference_of(request))
    except second_factor.FactorRequired:
        messages.error(request, _("Your role requires two-step verification."))
    except second_factor.NoDevice:
        messages.error(request, _("No phone is set up."))
    else:
        messages.success(request, _("Two-step verification is off."))
    return redirect("accounts:security")


def next_page(request: HttpRequest) -> str:
    """Where somebody wanted to go, on this site and nowhere else."""
    wanted = request.POST.get("next", request.GET.get("next", ""))
    hosts = {request.get_host()}
    is_ours = url_has_allowed_host_and_scheme(wanted, allowed_hosts=hosts, require_https=request.is_secure())
    return wanted if is_ours else reverse("admin:index")


def _with_next(name: str, request: HttpRequest) -> HttpResponse:
    return redirect_to_login(next_page(request), resolve_url(name))


def _page(request: HttpRequest, name: str, title: str, **context: Any) -> HttpResponse:
    """A page in the look of the admin; 429 where it refuses to look at what was typed."""
    form = context.get("form")
    wanted = next_page(request)
    next_context = {"title": title, "next": wanted, "next_query": urlencode({"next": wanted})}
    everywhere = admin.site.each_context(request) | next_context
    if waiting_user(request):
        everywhere["is_nav_sidebar_enabled"] = False
    status = TOO_MANY_REQUESTS if form is not None and is_crowded(form) else 200
    return TemplateResponse(request, f"admin/accounts/{name}.html", everywhere | context, status=status)
