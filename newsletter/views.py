"""The pages of the sign-up. None of them sets a cookie, and none changes anything on GET."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from newsletter import limits, subscribing, wording
from newsletter.forms import SignUpForm, too_many_requests
from newsletter.models import ConfirmationRequest
from newsletter.tokens import CONFIRMATION_HOURS, CONFIRMATION_LIFETIME
from newsroom.lib.http import same_origin_post, secret_address

read_or_post = require_http_methods(["GET", "HEAD", "POST"])


@never_cache
@require_safe
def sign_up(request: HttpRequest) -> HttpResponse:
    """Kept by no cache, for it says when it was shown."""
    return _sign_up_page(request, SignUpForm())


@same_origin_post
@read_or_post
def subscribe(request: HttpRequest) -> HttpResponse:
    """Where the box on every page posts to. Exempt from Django's CSRF check: see same_origin_post.

    The answer is the same for every address that can receive mail. It is a redirect, so that reloading the
    page sends nothing again.
    """
    if request.method != "POST":
        return redirect("newsletter:sign_up")
    form = SignUpForm(request.POST)
    if not form.is_valid():
        return _sign_up_page(request, form, status=400)
    lists, by_machine = form.chosen_lists(), form.is_by_machine
    try:
        limits.check_requests()
    except limits.TooManyRequests as refusal:
        form.refuse(refusal)
        return _refused(_sign_up_page(request, form, status=429), refusal)
    asked = subscribing.subscribe(form.cleaned_data["email"], mailing_lists=lists, by_machine=by_machine)
    return redirect("newsletter:check_inbox", reference=asked.reference)


@secret_address
@require_safe
def check_inbox(request: HttpRequest, reference: str) -> HttpResponse:
    """Says where the mail went to whoever has just typed that address; its own address is random.

    It ends with the time since it was asked for, not with the link: a link that was sent late lasts longer,
    and a request past the daily limit has none.
    """
    still_shown = ConfirmationRequest.objects.asked_after(timezone.now() - CONFIRMATION_LIFETIME)
    asked = get_object_or_404(still_shown.select_related("subscriber"), reference=reference)
    context = {"email": asked.subscriber.readable_email, "hours": CONFIRMATION_HOURS}
    return render(request, "newsletter/check_inbox.html", context)


@secret_address
@same_origin_post
@read_or_post
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    """A button, since mail scanners open every link; pressing it confirms.

    Exempt from Django's CSRF check: see same_origin_post. The token in the address is the proof.
    """
    try:
        if request.method != "POST":
            return _confirm_page(request, subscribing.request_to_confirm(token))
        if "again" in request.POST:
            limits.check_requests()
            return redirect("newsletter:check_inbox", reference=subscribing.ask_again(token).reference)
        subscribing.confirm(token)
    except limits.TooManyRequests as refusal:
        return too_many_page(request, refusal)
    except subscribing.LinkBroken:
        return render(request, "newsletter/link_broken.html", status=404)
    except subscribing.LinkUsed:
        return render(request, "newsletter/link_used.html", status=410)
    except subscribing.LinkExpired:
        return render(request, "newsletter/link_expired.html", {"hours": CONFIRMATION_HOURS}, status=410)
    return redirect("newsletter:confirmed")


@require_safe
def confirmed(request: HttpRequest) -> HttpResponse:
    """Where the button leads; it holds nothing personal, so that reloading it is harmless."""
    return render(request, "newsletter/confirmed.html")


def too_many_page(request: HttpRequest, refusal: limits.TooManyRequests) -> HttpResponse:
    context = {"sentence": too_many_requests(refusal)}
    return _refused(render(request, "newsletter/too_many.html", context, status=429), refusal)


def _confirm_page(request: HttpRequest, asked: ConfirmationRequest) -> HttpResponse:
    context = {
        "sentence": wording.confirming(asked.subscriber.masked_email),
        "subscriptions": asked.subscriptions.wanted().select_related("mailing_list").order_by("mailing_list"),
    }
    return render(request, "newsletter/confirm.html", context)


def _sign_up_page(request: HttpRequest, form: SignUpForm, status: int = 200) -> HttpResponse:
    return render(
        request,
        "newsletter/sign_up.html",
        {"form": form, "offer": wording.offer(), "promise": wording.promise()},
        status=status,
    )


def _refused(response: HttpResponse, refusal: limits.TooManyRequests) -> HttpResponse:
    """RFC 6585, section 4."""
    response.headers["Retry-After"] = str(refusal.seconds)
    return response
