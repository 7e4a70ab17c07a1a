"""The pages of a reader's own settings and data. None of them sets a cookie, and none changes anything on GET."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render

from newsletter import leaving, limits, preferences, tokens, wording
from newsletter.disclosing import disclose
from newsletter.enums import ConsentPlace
from newsletter.erasing import erase as erase_subscriber
from newsletter.forms import PreferencesForm
from newsletter.models import Subscriber
from newsletter.views import read_or_post, too_many_page
from newsroom.lib.http import same_origin_post, secret_address


@secret_address
@same_origin_post
@read_or_post
def settings(request: HttpRequest, token: str) -> HttpResponse:
    """The link in every mail: lists, how often, a pause, the name, and the way to one's own data."""
    subscriber_id = tokens.read_preferences_token(token)
    if subscriber_id is None:
        return render(request, "newsletter/link_broken.html", status=404)
    subscriber = _subscriber(subscriber_id)
    if subscriber is None:
        return render(request, "newsletter/nothing_kept.html", status=410)
    if request.method != "POST":
        return _settings_page(request, subscriber, PreferencesForm(subscriber=subscriber))
    if "download" in request.POST or "erase" in request.POST:
        return _mail_link(request, subscriber, erases="erase" in request.POST)
    if "leave" in request.POST:
        leaving.leave_all(subscriber, place=ConsentPlace.PREFERENCES_PAGE)
        return redirect(f"{request.path}?saved")
    form = PreferencesForm(request.POST, subscriber=subscriber)
    if not form.is_valid():
        return _settings_page(request, subscriber, form, status=400)
    try:
        asked = preferences.change(subscriber, wishes=form.chosen(), name=form.chosen_name(), pause=form.chosen_pause())
    except limits.TooManyRequests as refusal:
        return too_many_page(request, refusal)
    return redirect(f"{request.path}?{'asked' if asked else 'saved'}")


@secret_address
@same_origin_post
@read_or_post
def download(request: HttpRequest, token: str) -> HttpResponse:
    """A button, for whoever opens the link is perhaps a mail scanner; pressing it gives the file."""
    subscriber = _subscriber(tokens.read_download_token(token))
    if subscriber is None:
        return render(request, "newsletter/data_link_ended.html", status=410)
    if request.method != "POST":
        return render(request, "newsletter/download.html", {"masked_email": subscriber.masked_email})
    options = {"ensure_ascii": False, "indent": 2}
    response = JsonResponse(disclose(subscriber), json_dumps_params=options)
    response.headers["Content-Disposition"] = 'attachment; filename="newsletter-data.json"'
    return response


@secret_address
@same_origin_post
@read_or_post
def erase(request: HttpRequest, token: str) -> HttpResponse:
    """A button; pressing it erases everything, at once and for good."""
    subscriber = _subscriber(tokens.read_erasure_token(token))
    if subscriber is None:
        return render(request, "newsletter/data_link_ended.html", status=410)
    if request.method != "POST":
        return render(request, "newsletter/erase.html", {"masked_email": subscriber.masked_email})
    erase_subscriber(subscriber)
    return render(request, "newsletter/erased.html")


def _subscriber(subscriber_id: int | None) -> Subscriber | None:
    """None for a link that is none, or no more, and for who was erased."""
    return None if subscriber_id is None else Subscriber.objects.filter(pk=subscriber_id).first()


def _settings_page(
    request: HttpRequest, subscriber: Subscriber, form: PreferencesForm, status: int = 200
) -> HttpResponse:
    context = {
        "form": form,
        "sentence": wording.choosing(subscriber.masked_email),
        "is_saved": bool({"saved", "asked"} & request.GET.keys()) and not form.is_bound,
        "is_asked": "asked" in request.GET and not form.is_bound,
        "has_lists": any(wish.frequency for wish in form.wishes),
        "is_blocked": not form.wishes,
    }
    return render(request, "newsletter/preferences.html", context, status=status)


def _mail_link(request: HttpRequest, subscriber: Subscriber, *, erases: bool) -> HttpResponse:
    try:
        limits.check_requests()
        preferences.ask_for_data(subscriber, erases=erases)
    except limits.TooManyRequests as refusal:
        return too_many_page(request, refusal)
    context = {"masked_email": subscriber.masked_email, "erases": erases}
    return render(request, "newsletter/data_link_sent.html", context)
