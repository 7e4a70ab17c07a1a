"""The stable words of a recognition: block types, reasons for setting a line aside, warnings."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class BlockType(models.TextChoices):
    PARAGRAPH = "paragraph", _("paragraph")
    SUBHEADING = "subheading", _("sub-heading")
    CAPTION = "caption", _("caption")
    RELATED = "related", _("read also")
    QUOTE = "quote", _("quote")
    LIST = "list", _("list")


class Reason(models.TextChoices):
    """Why a line did not become part of the story. Kept in DroppedLine.reason: never rename a value."""

    CHROME = "chrome", _("label of the web page")
    NAVIGATION = "navigation", _("menu of the web page")
    BREADCRUMB = "breadcrumb", _("path to the page")
    SHARE = "share", _("sharing or tools")
    DATE = "date", _("date line, kept as the proposed date")
    DATELINE = "dateline", _("line of place and agency")
    CREDIT = "credit", _("credit of a picture")
    BYLINE = "byline", _("line of names")
    TAGS = "tags", _("line of tags")
    SOURCES = "sources", _("line of sources")
    RELATED = "related", _("heading of a list of links")
    LIST = "list", _("list of other stories")
    NEWSLETTER = "newsletter", _("newsletter box")
    COMMENTS = "comments", _("comments box")
    NOTICE = "notice", _("notice of the web page")
    FOOTER = "footer", _("foot of the web page")
    SEPARATOR = "separator", _("line without words")
    LINK = "link", _("bare address")
    DUPLICATE = "duplicate", _("said already")
    TOO_LONG = "too_long", _("beyond the length that a body may have")


class Warn(models.TextChoices):
    """What an editor should look at. Kept in ImportRecord.warnings: never rename a value."""

    NO_HEADLINE = "no_headline", _("No headline was found. The first sentence is proposed.")
    WEEKDAY_DIFFERS = "weekday_differs", _("The weekday in the date line does not fit the date.")
    DATE_OF_UPDATE = "date_of_update", _("The date is that of an update, not of the publication.")
    IMPOSSIBLE_DATE = "impossible_date", _("A date line names a day that does not exist.")
    MARKUP = "markup", _("The text holds HTML tags. They were kept as they are.")
    BYLINE_GUESSED = "byline_guessed", _("A line that looks like a name was taken as the author.")
    CAPTION_GUESSED = "caption_guessed", _("A short line under the headline was taken as a caption.")
    BEFORE_HEADLINE = "before_headline", _("Text stands before the headline.")
    UNSURE = "unsure", _("A short line was kept as a paragraph because its kind is not certain.")
    JOINED = "joined", _("Lines that were broken at a fixed width were joined.")
    LINE_CUT = "line_cut", _("A line was too long for one paragraph and was cut.")
    FIELD_CUT = "field_cut", _("A line was too long for its field and was cut. The whole line is set aside.")
    BODY_CUT = "body_cut", _("The text is longer than a body may be; the rest was set aside.")
    REVERSED = "reversed", _("The words stand from their end to their beginning, as a PDF draws them.")
    BROKEN_BYTES = "broken_bytes", _("Some bytes could not be read and show as replacement characters.")
