"""What readers were told about mistakes, as the page of all corrections lists it."""

from django.db.models import Exists, OuterRef, Q, QuerySet

from articles.enums import CorrectionKind
from articles.models import Article, Correction


def public_corrections(kind: CorrectionKind | None = None) -> QuerySet[Correction]:
    """Notes on what readers can see, and why other stories were taken from them; the newest first, with the stories.

    Of a story that was withdrawn only the reason is listed, and whoever prints it keeps its headline to himself: that
    may be what was wrong, or what a court forbade. Its other notes tell of a text that nobody can read any more.
    """
    rows = Correction.objects.select_related("article__section").defer("article__body")
    if kind:
        rows = rows.filter(kind=kind)
    # Asked of each row, or SQLite would look for the corrections of all stories one by one.
    is_public = Exists(Article.objects.published().filter(pk=OuterRef("article")))
    is_withdrawn = Exists(Article.objects.withdrawn().filter(pk=OuterRef("article")))
    return rows.filter(Q(is_public) | Q(is_withdrawn, kind=CorrectionKind.RETRACTION))
