from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Status(models.TextChoices):
    """Where a story stands. "Scheduled" and "published" are derived from the clock (Article.is_published)."""

    DRAFT = "draft", _("draft")
    IN_REVIEW = "in_review", _("in review")
    APPROVED = "approved", _("approved")
    WITHDRAWN = "withdrawn", _("withdrawn")


class Origin(models.TextChoices):
    OWN = "own", _("own reporting")
    AGENCY = "agency", _("from agencies or other outlets")
    TRANSLATED = "translated", _("translated")
    OPINION = "opinion", _("opinion")


class SourceKind(models.TextChoices):
    AGENCY = "agency", _("news agency")
    OUTLET = "outlet", _("news outlet")
    INSTITUTION = "institution", _("institution")
    OWN = "own", _("this newsroom")


class BylineRole(models.TextChoices):
    WRITING = "writing", pgettext_lazy("byline role", "writing")
    PHOTOGRAPHY = "photography", pgettext_lazy("byline role", "photography")
    TRANSLATION = "translation", pgettext_lazy("byline role", "translation")
    PREPARATION = "preparation", pgettext_lazy("byline role", "preparation")
    EDITING = "editing", pgettext_lazy("byline role", "editing")


class ChangeKind(models.TextChoices):
    """What the change of a published text is to the reader."""

    WORDING = "wording", _("wording: the visible time stays")
    UPDATE = "update", _("update: readers see the time of the change")
    CLARIFICATION = "clarification", _("clarification: readers see a note of what was unclear")
    CORRECTION = "correction", _("correction: readers see a note of what was wrong")
    RETRACTION = "retraction", _("retraction: readers see the reason in place of the article")


class CorrectionKind(models.TextChoices):
    CORRECTION = "correction", _("correction")
    CLARIFICATION = "clarification", _("clarification")
    UPDATE = "update", _("update")
    RETRACTION = "retraction", _("retraction")


class SlotPlace(models.TextChoices):
    """The places of the home page that are filled by hand."""

    LEAD = "lead", pgettext_lazy("place on the home page", "lead")
    SECOND = "second", pgettext_lazy("place on the home page", "beside the lead")
    PICK = "pick", pgettext_lazy("place on the home page", "editors' picks")


class Gender(models.TextChoices):
    """Grammatical gender, for labels such as مراسل and مراسلة."""

    MALE = "male", _("masculine")
    FEMALE = "female", _("feminine")


class SectionColor(models.TextChoices):
    """Colour tokens of static/css/tokens.css; a section never carries a colour value."""

    TEAL = "teal", _("teal")
    AMBER = "amber", _("amber")
    PLUM = "plum", _("plum")
    BLUE = "blue", _("blue")
    OLIVE = "olive", _("olive")
    RUST = "rust", _("rust")


class RevisionAction(models.TextChoices):
    """Why a revision was written."""

    SAVED = "saved", _("saved")
    IMPORTED = "imported", _("imported")
    SUBMITTED = "submitted", _("submitted for review")
    RETURNED = "returned", _("returned to draft")
    APPROVED = "approved", _("approved")
    PUBLISHED = "published", _("published")
    SCHEDULED = "scheduled", _("scheduled")
    WITHDRAWN = "withdrawn", _("withdrawn")
    CORRECTED = "corrected", _("corrected")
    RESTORED = "restored", _("restored an older version")
    CHANGES_PUBLISHED = "changes", _("published changes")


class Strictness(models.TextChoices):
    """What a finding of the checklist does here."""

    SILENT = "silent", pgettext_lazy("checklist", "does not ask")
    WARNS = "warns", pgettext_lazy("checklist", "warns")
    BLOCKS = "blocks", pgettext_lazy("checklist", "keeps from publishing")
