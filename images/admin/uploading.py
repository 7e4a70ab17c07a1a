"""The page that brings several pictures in at once.

With the script each file is a request of its own; without it all of them are one.
"""

from collections.abc import Iterable
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.admin import ModelAdmin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from images.admin.grid import THUMBNAIL
from images.admin.staff import member
from images.bringing_in import Brought, bring_in
from images.likeness import near
from images.models import Image
from images.storing import EXTENSIONS

# Without the script they are read and stored one after the other while the browser waits: a second each.
MOST_IN_ONE_REQUEST = 20
# Bytes of all of them: they lie in memory for a while (/tmp of docker-compose.yml), and the proxy takes so much
# (deploy/nginx/nginx.conf.template).
MOST_TOGETHER = 40 * 1024 * 1024
# As many as the table behind has room for (DATA_UPLOAD_MAX_NUMBER_FIELDS).
MOST_AT_ONCE = 50


def upload_page(request: HttpRequest, pages: ModelAdmin) -> HttpResponse:
    if not pages.has_add_permission(request):
        raise PermissionDenied
    if request.method != "POST":
        return _page(request, pages)
    files = request.FILES.getlist("files")
    if is_script(request):
        return _answer([bring_in(file, by=member(request)) for file in files[:1]])
    if refusal := _refusal([file.size or 0 for file in files]):
        messages.error(request, refusal)
        return _page(request, pages)
    return _after_all(request, [bring_in(file, by=member(request)) for file in files])


def is_script(request: HttpRequest) -> bool:
    return request.headers.get("Accept", "") == "application/json"


def complete_url(images: Iterable[Image], there: Iterable[Image] = ()) -> str:
    keys = {"pictures": ",".join(str(image.pk) for image in images), "there": ",".join(str(i.pk) for i in there)}
    return f"{reverse('admin:images_image_complete')}?{urlencode({k: v for k, v in keys.items() if v}, safe=',')}"


def _page(request: HttpRequest, pages: ModelAdmin) -> HttpResponse:
    context = pages.admin_site.each_context(request) | {
        "title": _("Upload pictures"),
        "opts": Image._meta,
        "accept": ",".join(sorted(EXTENSIONS)),
        "most": MOST_IN_ONE_REQUEST,
        "most_together": MOST_TOGETHER // 1024**2,
        "most_at_once": MOST_AT_ONCE,
    }
    return TemplateResponse(request, "admin/images/image/upload.html", context)


def _answer(brought: list[Brought]) -> JsonResponse:
    if not brought or brought[0].image is None:
        message = brought[0].refusal if brought else _("No file was sent.")
        return JsonResponse({"error": {"message": message}}, status=400)
    image = brought[0].image
    return JsonResponse(
        {
            "id": image.pk,
            "title": str(image),
            "wasThere": brought[0].was_there,
            "thumbnail": image.url(THUMBNAIL),
            "use": reverse("admin:images_image_use", args=[image.pk]),
            "isNear": not brought[0].was_there and bool(near(image)),
        }
    )


def _after_all(request: HttpRequest, brought: list[Brought]) -> HttpResponse:
    """To the table of what came in; what was refused is said by the name of its file."""
    for one in brought:
        if one.refusal:
            words = {"file": f"\u2068{one.name}\u2069", "reason": one.refusal}
            messages.error(request, _("%(file)s was not taken in. %(reason)s") % words)
    new = [one.image for one in brought if one.image and not one.was_there]
    there = [one.image for one in brought if one.image and one.was_there]
    if not new and not there:
        return HttpResponseRedirect(request.path)
    return HttpResponseRedirect(complete_url(dict.fromkeys(new), dict.fromkeys(there)))


def _refusal(sizes: list[int]) -> str:
    """Why files of so many bytes are not taken in one request; "" when they are."""
    if not sizes:
        return _("Choose at least one file.")
    if len(sizes) > MOST_IN_ONE_REQUEST:
        return _too_many(len(sizes))
    if sum(sizes) > MOST_TOGETHER:
        sentence = _(
            "The files are too large together. Without the script a page takes %(most)d MB: send them in parts."
        )
        return sentence % {"most": MOST_TOGETHER // 1024**2}
    return ""


def _too_many(count: int) -> str:
    sentence = ngettext(
        "That is %(count)d file. Without the script a page takes %(most)d at a time: send the rest after them.",
        "Those are %(count)d files. Without the script a page takes %(most)d at a time: send the rest after them.",
        count,
    )
    return sentence % {"count": count, "most": MOST_IN_ONE_REQUEST}
