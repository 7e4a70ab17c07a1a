"""The words before the names of a story: «كتبت: سلمى», «كتبا: سلمى وسامر», «ترجمة: سامر»."""

from collections.abc import Sequence

from articles.enums import BylineRole, Gender
from articles.models import Author
from newsroom.lib import tables

_LABELS = {role: words for role, *words in tables.rows("credit_labels")}
_NOT_KNOWN = -1


def credit_label(role: BylineRole, authors: Sequence[Author]) -> str:
    """The label of those who had this role in a story, at least one of them, with its colon where it has one.

    Arabic has a form for one, for two and for more, each for men and for women; a group with a man in it takes
    the form of men. Neutral where a gender is not known.
    """
    words = _LABELS[role]
    return words[0] if len(words) == 1 else words[_form(authors)]


def _form(authors: Sequence[Author]) -> int:
    genders = {author.gender for author in authors}
    if not genders <= set(Gender.values):
        return _NOT_KNOWN
    return 2 * (min(len(authors), 3) - 1) + (genders == {Gender.FEMALE})
