"""The words before the names of a story: «كتبت سلمى», «كتب سامر وسلمى», «ترجمة: سامر»."""

from collections.abc import Sequence

from articles.enums import BylineRole, Gender
from articles.models import Author
from newsroom.lib import tables

_LABELS = {role: words for role, *words in tables.rows("credit_labels")}
_FORMS: dict[str, int] = {Gender.MALE: 0, Gender.FEMALE: 1}
_NOT_KNOWN = -1


def credit_label(role: BylineRole, authors: Sequence[Author]) -> str:
    """The label of those who had this role in a story, at least one of them, with its colon where it has one.

    An Arabic verb before its subjects agrees with the first of them alone. Neutral where its gender is not known.
    """
    words = _LABELS[role]
    return words[0] if len(words) == 1 else words[_FORMS.get(authors[0].gender, _NOT_KNOWN)]
