"""The pages by which readers leave. None of them sets a cookie, and none changes anything on GET."""

from django.core.exceptions import BadRequest, SuspiciousOperation
from django.http import HttpRequest, HttpResponse
from django.http.multipartparser import MultiPartParserError
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt

from newsletter import leaving, subscribing, suppressing, tokens, wording
from newsletter.enums import ConsentPlace, EndReason, SubscriptionStatus, SuppressionReason
from newsletter.models import Subscriber, Subscription
from newsletter.views import read_or_post
from newsroom.lib.http import same_origin_post, secret_address


@csrf_exempt
@secret_address
@read_or_post
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    """The link in every mail, for people (a page with a button) and for the button of mail programs.

    Exempt from Django's CSRF check: RFC 8058 §3.1 forbids cookies in the request of a mail program. The
    token in the address is the proof; a person's POST is guarded by same_origin_post on top.
    """
    if request.method == "POST" and _is_one_click(request):
        return _unsubscribe_in_one_click(token)
    return _unsubscribe_page(request, token)


@secret_address
@same_origin_post
@read_or_post
def not_me(request: HttpRequest, token: str) -> HttpResponse:
    """For who got a confirmation mail that somebody else had asked for: a button, then never a mail again."""
    hashed = tokens.read_not_me_token(token)
    if hashed is None:
        return _broken(request)
    if request.method == "POST":
        suppressing.suppress_hash(hashed, reason=SuppressionReason.NOT_ME)
        return render(request, "newsletter/not_me_done.html")
    subscriber = Subscriber.objects.filter(address_hash=hashed).first()
    sentence = wording.refusing(subscriber.masked_email) if subscriber else wording.refusing_unnamed()
    return render(request, "newsletter/not_me.html", {"sentence": sentence})


def _is_one_click(request: HttpRequest) -> bool:
    """Whoever sends to this address what nobody can read (a form without its boundary) wants to leave, too."""
    try:
        return request.POST.get("List-Unsubscribe") == "One-Click"
    except (MultiPartParserError, BadRequest, SuspiciousOperation):
        return True


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
        return _broken(request)
    if subscription is None:
        return render(request, "newsletter/unsubscribed.html")
    if request.method == "POST":
        return _do(request, subscription)
    return _left_page(request, subscription) if _has_left(subscription) else _ask_page(request, subscription)


def _do(request: HttpRequest, subscription: Subscription) -> HttpResponse:
    """What one of the buttons says. Each may be pressed again; the end of a subscription is the one without a name."""
    if "undo" in request.POST:
        if leaving.undo(subscription):
            return render(request, "newsletter/came_back.html", {"mailing_list": subscription.mailing_list})
    elif "fewer" in request.POST and not _has_left(subscription):
        leaving.take_fewer(subscription)
        return render(request, "newsletter/fewer.html", {"mailing_list": subscription.mailing_list})
    elif "reason" in request.POST:
        if request.POST["reason"] in leaving.REASONS:
            leaving.give_reason(subscription, EndReason(request.POST["reason"]))
        return _left_page(request, subscription, is_thanked=True)
    elif "all" in request.POST:
        leaving.leave_all(subscription.subscriber, place=ConsentPlace.UNSUBSCRIBE_PAGE)
    else:
        subscribing.unsubscribe(subscription, place=ConsentPlace.UNSUBSCRIBE_PAGE)
    return _left_page(request, subscription)


def _ask_page(request: HttpRequest, subscription: Subscription) -> HttpResponse:
    others = subscription.subscriber.subscriptions.wanted().exclude(pk=subscription.pk)
    context = {
        "mailing_list": subscription.mailing_list,
        "sentence": wording.unsubscribing(subscription.subscriber.masked_email),
        "may_take_fewer": leaving.may_take_fewer(subscription),
        "has_others": others.exists(),
    }
    return render(request, "newsletter/unsubscribe.html", context)


def _left_page(request: HttpRequest, subscription: Subscription, *, is_thanked: bool = False) -> HttpResponse:
    subscription.refresh_from_db()
    context = {
        "subscription": subscription,
        "can_be_undone": leaving.can_be_undone(subscription),
        "reasons": [(reason.value, reason.label) for reason in leaving.REASONS],
        "is_thanked": is_thanked,
    }
    return render(request, "newsletter/unsubscribed.html", context)


def _has_left(subscription: Subscription) -> bool:
    return subscription.status == SubscriptionStatus.UNSUBSCRIBED


def _broken(request: HttpRequest) -> HttpResponse:
    return render(request, "newsletter/link_broken.html", status=404)
