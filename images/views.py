from pathlib import PurePosixPath

from django.contrib.auth.decorators import permission_required
from django.core.exceptions import SuspiciousFileOperation
from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpRequest, JsonResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from images.refusals import NO_ROOM
from images.renditions import WIDTHS
from images.storing import UploadRefused, take_in

# What take_in and make_renditions write, and nothing else: a stray file of another type is never shown.
CONTENT_TYPES = {".avif": "image/avif", ".jpg": "image/jpeg"}
YEAR = 365 * 24 * 60 * 60  # seconds


@require_POST
@permission_required("images.add_image", raise_exception=True)
def upload(request: HttpRequest) -> JsonResponse:
    """Take in the picture that the editor sends in the field `upload`; answer as CKEditor reads it."""
    file = request.FILES.get("upload")
    if file is None or not request.user.is_authenticated:
        return _refusal(_("No file was sent."))
    try:
        image = take_in(file, by=request.user)
    except UploadRefused as refused:
        return _refusal(str(refused.message), status=507 if refused.code == NO_ROOM else 400)
    shown = min(image.width, WIDTHS[-1])
    return JsonResponse(
        {
            "uploaded": 1,
            "fileName": PurePosixPath(image.file_name).name,
            "url": image.address_in_texts(shown),
            "width": shown,
            "height": round(shown * image.height / image.width),
            "use": reverse("admin:images_image_use", args=[image.pk]),
        }
    )


@require_safe
def media(request: HttpRequest, path: str) -> FileResponse:
    """Serve a stored picture where no web server in front does it.

    The policy keeps a file that is not what it seems from doing anything when it is opened as a page.
    """
    content_type = CONTENT_TYPES.get(PurePosixPath(path).suffix)
    if content_type is None:
        raise Http404
    try:
        file = default_storage.open(path)
    except (ConnectionError, TimeoutError):
        raise  # the object store does not answer: the file may well be there
    except (OSError, ValueError, SuspiciousFileOperation) as error:
        raise Http404 from error
    response = FileResponse(file, content_type=content_type)
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response["Cache-Control"] = f"public, max-age={YEAR}, immutable"
    return response


def _refusal(message: str, *, status: int = 400) -> JsonResponse:
    return JsonResponse({"uploaded": 0, "error": {"message": message}}, status=status)
