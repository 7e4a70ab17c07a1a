"""The sentences for the stored codes of an import."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from articles.importing import Refusal
from articles.near_tags import read_near_tag_code
from articles.recognition.codes import Reason, Warn


def warnings_in_words(codes: Iterable[str]) -> list[str]:
    """Sentences for codes of Warn and Refusal; a code from a later version stays as it is."""
    sentences = {str(code): str(label) for code, label in (*Warn.choices, *Refusal.choices)}
    return [_near_tag(code) or sentences.get(code, code) for code in codes]


def _near_tag(code: str) -> str:
    names = read_near_tag_code(code)
    if names is None:
        return ""
    sentence = _("The tag “%(name)s” was not made: it resembles “%(other)s”. Add the one that is meant.")
    return sentence % {"name": names[0], "other": names[1]}


def reason_in_words(code: str) -> str:
    return str(Reason(code).label) if code in Reason.values else code
