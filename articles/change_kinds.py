"""What a change of a published text is to its readers: which kinds there are to choose from, and what they need."""

from collections.abc import Collection

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from articles.comparing import changed_fields
from articles.enums import ChangeKind, CorrectionKind
from articles.models import Article, Correction
from articles.querysets import ArticleQuerySet
from articles.revisions import PLACE_FIELDS, snapshot
from richtext.comparing import compare_bodies

# Fields whose change may tell readers something else than they were told. An editor says what it is, nobody else. The
# date of a published story is in none of its changes (articles.revisions): readers keep the one that they have seen.
TELLING = frozenset({
    "headline", "standfirst", "key_points", "body", "dateline", "lead_image_id", "lead_caption",
})  # fmt: skip
# Without words for the readers these would be silent.
NOTED = (ChangeKind.CLARIFICATION, ChangeKind.CORRECTION, ChangeKind.RETRACTION)
LONGEST = {ChangeKind.RETRACTION: 300}  # letters; Article.withdrawal_note
LONGEST_NOTE: int = Correction._meta.get_field("note").max_length or 1000


def changed_names(copy: Article) -> list[str]:
    """The fields of a working copy that readers see otherwise, in the order of the form.

    A body of which only the markup changed is none of them: an editor writes it otherwise than an importer.
    """
    old, new = snapshot(copy.story), snapshot(copy)
    names = [name for name in changed_fields(old, new) if name not in PLACE_FIELDS]
    if "body" in names and all(row.kind == "same" for row in compare_bodies(old["body"], new["body"])):
        names.remove("body")
    return names


def kind_to_begin_with(copy: Article, changed: Collection[str]) -> ChangeKind | None:
    """What is chosen before an editor chooses: what was chosen before; None where nobody can choose for him."""
    if copy.change_kind != ChangeKind.WORDING or copy.is_scheduled:
        return ChangeKind(copy.change_kind)
    return None if TELLING & set(changed) else ChangeKind.WORDING


def template_for(kind: ChangeKind) -> str:
    """How such a note usually begins, with gaps for the words that nobody knows but the editor; "" for no note."""
    match kind:
        case ChangeKind.CORRECTION:
            return _("An earlier version of this article said that …; the right is that …")
        case ChangeKind.CLARIFICATION:
            return _("An earlier version of this article could be read as if …; what is meant is that …")
        case ChangeKind.UPDATE:
            return _("We added to this article what became known later: …")
        case ChangeKind.RETRACTION:
            return _("We withdrew this article because …")
    return ""


def note_faults(kind: ChangeKind, note: str) -> dict[str, str]:
    """What is wrong with the words for the readers, keyed "change_note"; empty when nothing is."""
    sentence = ""
    if kind == ChangeKind.WORDING and note:
        sentence = _("A better wording has no public note. Choose what the change is, or empty the note.")
    elif kind in NOTED and not note:
        sentence = _NEEDED[kind]()
    elif note and note in {template_for(each) for each in ChangeKind}:
        sentence = _("Put your words in the place of the dots in the note.")
    elif len(note) > (longest := LONGEST.get(kind, LONGEST_NOTE)):
        words = ngettext(
            "The note has more than %(count)d letter.", "The note has more than %(count)d letters.", longest
        )
        sentence = words % {"count": longest}
    return {"change_note": sentence} if sentence else {}


_NEEDED = {
    ChangeKind.CLARIFICATION: lambda: _("Write in the public note what was unclear and what is meant."),
    ChangeKind.CORRECTION: lambda: _("Write in the public note what was wrong and what is right."),
    ChangeKind.RETRACTION: lambda: _("Tell the readers why the article is withdrawn."),
}


def correction_kind(kind: ChangeKind) -> CorrectionKind:
    """The note that such a change leaves. Raises ValueError for a wording, which leaves none."""
    return CorrectionKind(kind.value)


def reason_of(kind: ChangeKind, note: str) -> str:
    """For the history of the desk: «تصحيح: ذكرت نسخة سابقة …»; "" for a wording."""
    if kind == ChangeKind.WORDING:
        return ""
    label = str(correction_kind(kind).label)
    return pgettext("kind of a change: note", "%(kind)s: %(note)s") % {"kind": label, "note": note} if note else label


def waiting_corrections(rows: ArticleQuerySet) -> ArticleQuerySet:
    """The changes that an editor called a clarification, a correction or a retraction: readers wait.

    By keys: with `working_copy_of IS NOT NULL` SQLite would leave the index of what the rows are found by.
    """
    return rows.filter(pk__in=rows.working_copies().values("pk"), change_kind__in=NOTED)
