"""Which version somebody declared ready, and what readers see now: what a text is compared with before publishing."""

from articles.enums import RevisionAction, Status
from articles.models import Article, Revision

SEEN_BY_READERS = (
    RevisionAction.PUBLISHED,
    RevisionAction.CHANGES_PUBLISHED,
    RevisionAction.CORRECTED,
)


def approved_version(article: Article) -> Revision | None:
    """The version of the row that was approved last, or scheduled without an approval; None when none stands.

    An approval ends when the text is returned to draft; that of earlier changes says nothing about these.
    """
    if article.status != Status.APPROVED:
        return None
    versions = article.story.revisions.filter(is_of_changes=article.is_working_copy).order_by("-version")
    if article.is_working_copy:
        versions = versions.filter(created_at__gte=article.created_at)
    returned = versions.filter(action=RevisionAction.RETURNED).values_list("version", flat=True).first() or 0
    versions = versions.filter(version__gt=returned)
    approval = versions.filter(action=RevisionAction.APPROVED).first()
    return approval or versions.filter(action=RevisionAction.SCHEDULED).last()


def version_of_readers(article: Article) -> Revision | None:
    """Of a working copy: the version that readers see meanwhile. Stories published past our deeds have none."""
    if not article.is_working_copy:
        return None
    versions = article.story.revisions.filter(is_of_changes=False).order_by("-version")
    return versions.filter(action__in=SEEN_BY_READERS).first() or versions.first()
