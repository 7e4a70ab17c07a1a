"""The page that sends the mail to a few addresses of one's own."""

from django import forms
from django.contrib import messages
from django.contrib.admin import AdminSite
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from articles.admin.staff import member
from newsletter.models import Issue
from newsletter.testing_mail import MOST_ADDRESSES, TooManyTests, order_tests, read_addresses
from newsroom.lib.dates import format_digits
from newsroom.lib.site_style import site_style

_ROOM = 4000


class TestForm(forms.Form):
    addresses = forms.CharField(
        label=gettext_lazy("Addresses"),
        max_length=_ROOM,
        help_text=gettext_lazy("With spaces, commas or ends of lines between them."),
        widget=forms.Textarea(attrs={"rows": 4, "dir": "ltr", "class": "vLargeTextField", "spellcheck": "false"}),
        error_messages={"required": gettext_lazy("Write at least one address.")},
    )

    def clean_addresses(self) -> str:
        """Bad ones do not hinder the good ones; none that is good, or too many, do."""
        typed: str = self.cleaned_data["addresses"]
        good, _bad = read_addresses(typed)
        if len(good) > MOST_ADDRESSES:
            sentence = _("A test goes to %(most)s addresses at most.")
            raise forms.ValidationError(sentence % {"most": format_digits(MOST_ADDRESSES, site_style())})
        if not good:
            raise forms.ValidationError(
                _("No mail can be sent to what stands here. Write addresses like name@example.com.")
            )
        return typed


def test_page(request: HttpRequest, issue: Issue, site: AdminSite) -> HttpResponse:
    form = (
        TestForm(request.POST) if request.method == "POST" else TestForm(initial={"addresses": member(request).email})
    )
    if request.method == "POST" and form.is_valid() and _ordered(request, issue, form):
        return redirect("admin:newsletter_issue_change", issue.pk)
    context = site.each_context(request) | {
        "title": _("Send a test mail"),
        "opts": Issue._meta,
        "issue": issue,
        "form": form,
        "most": MOST_ADDRESSES,
    }
    status = 409 if form.errors else 200
    return TemplateResponse(request, "admin/newsletter/issue/test.html", context, status=status)


def _ordered(request: HttpRequest, issue: Issue, form: TestForm) -> bool:
    good, bad = read_addresses(form.cleaned_data["addresses"])
    try:
        order_tests(issue, by=member(request), addresses=good)
    except TooManyTests:
        form.add_error("addresses", _("You have sent many test mails within the hour. Try again later."))
        return False
    sentence = ngettext(
        "The test mail goes to %(count)s address.", "The test mail goes to %(count)s addresses.", len(good)
    )
    messages.success(request, sentence % {"count": format_digits(len(good), site_style())})
    if bad:
        shown = "، ".join(f"\u2068{word}\u2069" for word in bad[:MOST_ADDRESSES])
        messages.warning(request, _("These are no addresses, nothing was sent to them: %(words)s") % {"words": shown})
    return True
