"""Every check by its name, the rule that it stands for, and how strict it comes."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from articles.enums import Strictness


@dataclass(frozen=True)
class Check:
    """`rule` is a sentence for the page of the house style. `is_mendable`: some of its faults have a fix."""

    name: str
    rule: Any
    strictness: Strictness = Strictness.WARNS
    is_mendable: bool = False


CHECKS = (
    Check("headline_length", _("The headline has between 35 and 75 letters; vowel marks do not count.")),
    Check("headline_lines", _("The headline takes at most four lines on a phone.")),
    Check("headline_snippet", _("Search results show the whole headline."), Strictness.SILENT),
    Check("headline_repeated", _("No other article of the last 30 days has this headline.")),
    Check("tatweel", _("No word of the headline is stretched by a tatweel."), is_mendable=True),
    Check("standfirst_missing", _("There is a standfirst.")),
    Check("standfirst_length", _("The standfirst has between 80 and 160 letters.")),
    Check("latin_signs", _("Comma, semicolon and question mark are the Arabic ones."), is_mendable=True),
    Check("quotation_marks", _("Quotations stand between guillemets."), is_mendable=True),
    Check("unpaired_marks", _("Every quotation mark has a partner.")),
    Check("spaces", _("One space between words, none before a comma and one after it."), is_mendable=True),
    Check("mixed_digits", _("The numbers of a text are all in the same digits."), is_mendable=True),
    Check("persian_letters", _("Arabic words have Arabic letters, not Persian ones."), is_mendable=True),
    Check("direction_marks", _("No hidden marks of direction part a word."), is_mendable=True),
    Check("separators", _("No underlines in the place of dashes or between parts."), is_mendable=True),
    Check("avoided_words", _("No word of the list of avoided words outside quotations."), is_mendable=True),
    Check("long_paragraph", _("A paragraph has at most 90 words.")),
    Check("long_sentence", _("A sentence has at most 40 words.")),
    Check("tags", _("There are two to six tags.")),
    Check("picture_credit", _("Every picture says who made it."), Strictness.BLOCKS),
    Check("picture_size", _("The lead image is at least 1200 pixels wide.")),
    Check("picture_rights", _("The rights of every picture are valid."), Strictness.BLOCKS),
    Check("picture_rights_soon", _("The rights of every picture are valid for another 30 days.")),
    Check("picture_words", _("The alternative text has 10 to 140 letters and does not begin with the word picture.")),
    Check("related_links", _("There are related links.")),
    Check("dead_links", _("Every link leads somewhere.")),
    Check("open_comments", _("No comment is open.")),
)  # fmt: skip
BY_NAME = {check.name: check for check in CHECKS}
