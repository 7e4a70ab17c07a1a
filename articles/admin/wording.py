"""The sentences for the stored codes of an import."""

from collections.abc import Iterable

from articles.importing import Refusal
from articles.recognition.codes import Reason, Warn


def warnings_in_words(codes: Iterable[str]) -> list[str]:
    """Sentences for codes of Warn and Refusal; a code from a later version stays as it is."""
    sentences = {str(code): str(label) for code, label in (*Warn.choices, *Refusal.choices)}
    return [sentences.get(code, code) for code in codes]


def reason_in_words(code: str) -> str:
    return str(Reason(code).label) if code in Reason.values else code
