"""The pages of the mailing list. None of them sets a cookie, and none changes anything on GET."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from newsletter import subscribing, wording
from newsletter.enums import ConsentPlace, SubscriptionStatus
from newsletter.forms import SignUpForm
from newsletter.models import ConfirmationRequest
from newsletter.tokens import CONFIRMATION_HOURS, CONFIRMATION_LIFETIME
from newsroom.lib.http import same_origin_post, secret_address

read_or_post = require_http_methods(["GET", "HEAD", "POST"])


@require_safe
def sign_up(request: HttpRequest) -> HttpResponse:
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
    asked = subscribing.subscribe(form.cleaned_data["email"], mailing_lists=form.chosen_lists())
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
            asked = subscribing.request_to_confirm(token)
        elif "again" in request.POST:
            return redirect("newsletter:check_inbox", reference=subscribing.ask_again(token).reference)
        else:
            subscribing.confirm(token)
            return redirect("newsletter:confirmed")
    except subscribing.LinkBroken:
        return render(request, "newsletter/link_broken.html", status=404)
    except subscribing.LinkUsed:
        return render(request, "newsletter/link_used.html", status=410)
    except subscribing.LinkExpired:
        return render(request, "newsletter/link_expired.html", {"hours": CONFIRMATION_HOURS}, status=410)
    context = {
        "sentence": wording.confirming(asked.subscriber.masked_email),
        "subscriptions": asked.subscriptions.wanted().select_related("mailing_list").order_by("mailing_list"),
    }
    return render(request, "newsletter/confirm.html", context)


@require_safe
def confirmed(request: HttpRequest) -> HttpResponse:
    """Where the button leads; it holds nothing personal, so that reloading it is harmless."""
    return render(request, "newsletter/confirmed.html")


@csrf_exempt
@secret_address
@read_or_post
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    """The link in every mail, for people (a page with a button) and for the button of mail programs.

    Exempt from Django's CSRF check: RFC 8058 §3.1 forbids cookies in the request of a mail program. The
    token in the address is the proof; a person's POST is guarded by same_origin_post on top.
    """
    if request.method == "POST" and request.POST.get("List-Unsubscribe") == "One-Click":
        return _unsubscribe_in_one_click(token)
    return _unsubscribe_page(request, token)


def _unsubscribe_in_one_click(token: str) -> HttpResponse:
    """RFC 8058: 200 without a page or a redirect, also when it was done before."""
    try:
        subscription = subscribing.subscription_to_end(token)
    except subscribing.LinkBroken:
        return HttpResponse("Unknown link", status=404, content_type="text/plain")
    if subscription:
        subscribing.unsubscribe(subscription, place=ConsentPlace.ONE_CLICK)
    return HttpResponse("Unsubscribed", content_type="text/plain")


@same_origin_post
def _unsubscribe_page(request: HttpRequest, token: str) -> HttpResponse:
    try:
        subscription = subscribing.subscription_to_end(token)
    except subscribing.LinkBroken:
        return render(request, "newsletter/link_broken.html", status=404)
    if subscription is None or subscription.status == SubscriptionStatus.UNSUBSCRIBED:
        return render(request, "newsletter/unsubscribed.html")
    if request.method == "POST":
        subscribing.unsubscribe(subscription, place=ConsentPlace.UNSUBSCRIBE_PAGE)
        return render(request, "newsletter/unsubscribed.html")
    sentence = wording.unsubscribing(subscription.subscriber.masked_email)
    context = {"mailing_list": subscription.mailing_list, "sentence": sentence}
    return render(request, "newsletter/unsubscribe.html", context)


def _sign_up_page(request: HttpRequest, form: SignUpForm, status: int = 200) -> HttpResponse:
    return render(
        request,
        "newsletter/sign_up.html",
        {"form": form, "offer": wording.offer(), "promise": wording.promise()},
        status=status,
    )
