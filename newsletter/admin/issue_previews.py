"""The mail as phones and computers show it, by day and by night, and as plain text.

The mail itself is a document of its own in a frame: its styles are inline, as mail programs want them, so its policy is
another one than that of the admin, and nothing in it may run, ask for anything or leave its frame.
"""

import re

from django.contrib.admin import AdminSite
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.cache import add_never_cache_headers
from django.utils.html import format_html
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from articles.admin.staff import member
from images.origins import picture_origins
from newsletter import composing
from newsletter.admin.issue_forms import IssueForm
from newsletter.mails.rendering import RenderedMail, render_issue
from newsletter.models import Issue

_POLICY = (
    "sandbox allow-same-origin; default-src 'none'; style-src 'unsafe-inline'; img-src {pictures}; "
    "form-action 'none'; base-uri 'none'; frame-ancestors 'self'"
)
_SCHEMES = ("light", "dark")
_DARK = re.compile(r"@media\s*\(\s*prefers-color-scheme\s*:\s*dark\s*\)")
_DECLARED = re.compile(r'(content="|scheme: )light dark')


def preview_page(request: HttpRequest, issue: Issue, site: AdminSite) -> HttpResponse:
    request.frame_sources = ["'self'"]  # type: ignore[attr-defined]
    variants = issue.variants
    mail = render_issue(issue, variant=_one_of(request.GET.get("variant", ""), variants))
    context = site.each_context(request) | {
        "title": _("Preview of the issue"),
        "opts": Issue._meta,
        "issue": issue,
        "variant": _one_of(request.GET.get("variant", ""), variants),
        "scheme": _one_of(request.GET.get("scheme", ""), _SCHEMES),
        "subject": mail.subject,
        "is_nav_sidebar_enabled": False,  # the room is for the mail
    }
    return TemplateResponse(request, "admin/newsletter/issue/preview.html", context)


def mail_document(request: HttpRequest, issue: Issue) -> HttpResponse:
    """GET: the mail as it is saved. POST: with what stands in the form, of which nothing is kept."""
    variant = _one_of(request.GET.get("variant", ""), issue.variants)
    mail = _typed(request, issue, variant) if request.method == "POST" else render_issue(issue, variant=variant)
    if request.GET.get("as") == "text":
        return sealed(HttpResponse(_text_page(mail)))
    return sealed(HttpResponse(in_scheme(mail.html, _one_of(request.GET.get("scheme", ""), _SCHEMES))))


def in_scheme(html: str, scheme: str) -> str:
    """The mail as by day or by night, whatever the browser of the editor prefers."""
    html = _DARK.sub("@media all" if scheme == "dark" else "@media not all", html)
    return _DECLARED.sub(rf"\g<1>{scheme}", html)


def _typed(request: HttpRequest, issue: Issue, variant: str) -> RenderedMail:
    """Saved, looked at, and taken back; a form with faults is shown as far as it was saved."""
    form = IssueForm(issue, request.POST)
    if not form.is_valid:
        return render_issue(issue, variant=variant)
    try:
        with transaction.atomic():
            saved = composing.save_issue(
                issue, by=member(request), version=issue.version, words=form.changed_words, rows=form.rows()
            )
            mail = render_issue(saved, variant=variant)
            transaction.set_rollback(True)
    except composing.ComposingError:
        return render_issue(issue, variant=variant)
    return mail


def _text_page(mail: RenderedMail) -> str:
    return format_html(
        '<!DOCTYPE html><html dir="rtl" lang="{}"><head><meta charset="utf-8"><title>{}</title>'
        "<style>body{{margin:1rem;background:#fff;color:#222}}"
        "pre{{white-space:pre-wrap;overflow-wrap:anywhere;unicode-bidi:plaintext;font:1rem/1.7 sans-serif}}</style>"
        "</head><body><pre>{}</pre></body></html>",
        get_language(),
        mail.subject,
        mail.text,
    )


def sealed(response: HttpResponse) -> HttpResponse:
    response.headers["Content-Security-Policy"] = _POLICY.format(pictures=picture_origins())
    response.headers["X-Frame-Options"] = "SAMEORIGIN"
    response.headers["Referrer-Policy"] = "no-referrer"
    add_never_cache_headers(response)
    return response


def _one_of(asked: str, known: tuple[str, ...]) -> str:
    return asked if asked in known else known[0]
