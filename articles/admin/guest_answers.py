"""What guests said to a text, beside what has become of it since."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from articles.models import Article, Comment
from articles.typed import NAMES, PAPERS, Text, same, text_in
from pages.templatetags.printing import print_digits

# When it appears is no word of the text.
_NOT_READ = {*PAPERS, "publish_at"}


def note_versions(story: Article, comments: Sequence[Comment]) -> None:
    """Give each comment `saw`: which version a guest had before him; "" for a colleague. At most two queries more."""
    guests = [comment for comment in comments if comment.seen_version is not None]
    versions = {comment.seen_version or 0 for comment in guests}
    texts: dict[int, Text] = {}
    now: Text = {}
    if guests:
        texts = dict(story.revisions.filter(version__in=versions).values_list("version", "data"))
        now = text_in(Article.objects.filter(working_copy_of=story).first() or story)
    changed = {version: _has_changed(texts.get(version), now) for version in versions}
    for comment in comments:
        comment.saw = _sentence(comment, changed.get(comment.seen_version or 0, False))  # type: ignore[attr-defined]


def _has_changed(seen: Text | None, now: Text) -> bool:
    """Also where the version is kept no longer: nobody can say that it is the same."""
    return seen is None or any(
        name in seen and name not in _NOT_READ and not same(name, seen[name], now.get(name)) for name in NAMES
    )


def _sentence(comment: Comment, has_changed: bool) -> str:
    if comment.seen_version is None:
        return ""
    if comment.is_approval:
        text = (
            _("Agreed with version %(version)s; the text has changed since.")
            if has_changed
            else _("Agreed with version %(version)s, which is still the text.")
        )
    else:
        text = (
            _("About version %(version)s; the text has changed since.")
            if has_changed
            else _("About version %(version)s, which is still the text.")
        )
    return text % {"version": print_digits(comment.seen_version)}
