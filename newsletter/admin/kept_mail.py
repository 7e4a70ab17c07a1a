"""«Kept mail»: what would have been sent if a mail server were named."""

from django.contrib.admin import AdminSite
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.views.decorators.clickjacking import xframe_options_sameorigin

from articles.admin.staff import member
from images.origins import picture_origins
from newsletter.kept_mail import Mail, keeps_mail, page_of_mails, read_mail
from newsletter.models import Delivery
from newsroom.lib.http import secret_address

# A mail is written by others: nothing in it runs, and it fetches nothing but our pictures.
_POLICY = (
    "default-src 'none'; img-src {pictures}; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'self'; sandbox allow-popups allow-popups-to-escape-sandbox"
)


@secret_address
def list_page(request: HttpRequest, site: AdminSite) -> HttpResponse:
    """The newest ones first, `?before=` a name. Raises Http404 where mail is really sent."""
    _require_files()
    lines, before = page_of_mails(before=request.GET.get("before", "")[:60], for_user=member(request))
    context = site.each_context(request) | {
        "title": _("Kept mail"),
        "opts": Delivery._meta,
        "lines": lines,
        "before": before,
        "is_first": "before" not in request.GET,
    }
    return TemplateResponse(request, "admin/newsletter/sending/kept.html", context)


@secret_address
def mail_page(request: HttpRequest, name: str, site: AdminSite) -> HttpResponse:
    """Raises Http404."""
    mail = _mail(request, name)
    # The frame below shows html_document.
    request.frame_sources = ["'self'"]  # type: ignore[attr-defined]
    context = site.each_context(request) | {"title": _("Kept mail"), "opts": Delivery._meta, "mail": mail}
    return TemplateResponse(request, "admin/newsletter/sending/kept_one.html", context)


@secret_address
@xframe_options_sameorigin
def html_document(request: HttpRequest, name: str) -> HttpResponse:
    """The mail as its reader would see it, as a document of its own. Raises Http404."""
    mail = _mail(request, name)
    if not mail.html:
        raise Http404
    response = HttpResponse(mail.html)
    response.headers["Content-Security-Policy"] = _POLICY.format(pictures=picture_origins())
    return response


def _mail(request: HttpRequest, name: str) -> Mail:
    _require_files()
    mail = read_mail(name, for_user=member(request))
    if mail is None:
        raise Http404
    return mail


def _require_files() -> None:
    if not keeps_mail():
        raise Http404
