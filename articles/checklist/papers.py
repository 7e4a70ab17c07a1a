"""Checks of what stands round a text: tags, pictures and their rights, related links, comments."""

from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from articles.checklist.noticed import Checked, Noticed
from images import alt_advice
from images.rights import ends_soon, is_expired_on
from newsroom.lib.arabic import letters
from newsroom.lib.dates import format_date
from newsroom.lib.site_style import site_style

FEWEST_TAGS, MOST_TAGS = 2, 6
NARROWEST = 1200  # px


def tags(checked: Checked) -> Iterator[Noticed]:
    count = len(checked.article.tags.all())
    if not count:
        yield Noticed("tags", _("There are no tags; readers find neighbouring stories by them."))
    elif count < FEWEST_TAGS:
        yield Noticed("tags", _("There is one tag; two to six are good."))
    elif count > MOST_TAGS:
        sentence = ngettext(
            "There is %(count)d tag; six say enough.", "There are %(count)d tags; six say enough.", count
        )
        yield Noticed("tags", sentence % {"count": count})


def picture_credit(checked: Checked) -> Iterator[Noticed]:
    for field, image in checked.pictures:
        if not image.printed_credit:
            sentence = (
                _("The lead image does not say who made it.")
                if field == "lead_image"
                else _("A picture in the text does not say who made it.")
            )
            yield Noticed(field, sentence, (image.alt_text,))


def picture_size(checked: Checked) -> Iterator[Noticed]:
    image = checked.article.lead_image
    if image is not None and image.width < NARROWEST:
        sentence = _("The lead image is %(width)s pixels wide; search engines want 1200.")
        yield Noticed("lead_image", sentence % {"width": image.width})


def picture_rights(checked: Checked) -> Iterator[Noticed]:
    for field, image in checked.pictures:
        until = image.rights_until
        if until and is_expired_on(image, checked.day):
            sentence = _("The rights of a picture ended on %(day)s.")
            yield Noticed(field, sentence % {"day": format_date(until, site_style())}, (image.alt_text,))


def picture_rights_soon(checked: Checked) -> Iterator[Noticed]:
    for field, image in checked.pictures:
        until = image.rights_until
        if until and ends_soon(image, checked.day):
            sentence = _("The rights of a picture end on %(day)s.")
            yield Noticed(field, sentence % {"day": format_date(until, site_style())}, (image.alt_text,))


def picture_words(checked: Checked) -> Iterator[Noticed]:
    image = checked.article.lead_image
    if image is None or not image.alt_text:
        return
    if alt_advice.begins_needlessly(image.alt_text):
        yield Noticed("lead_image", _("The alternative text begins with the word picture."), (image.alt_text,))
    count = letters(image.alt_text)
    if not alt_advice.SHORTEST <= count <= alt_advice.LONGEST:
        sentence = ngettext(
            "The alternative text of the lead image has %(count)d letter; 10 to 140 are good.",
            "The alternative text of the lead image has %(count)d letters; 10 to 140 are good.",
            count,
        )
        yield Noticed("lead_image", sentence % {"count": count}, (image.alt_text,))


def related_links(checked: Checked) -> Iterator[Noticed]:
    if not checked.article.related_links.all():
        yield Noticed("related_links", _("There are no related links."))


def open_comments(checked: Checked) -> Iterator[Noticed]:
    count = checked.article.story.comments.filter(resolved_at__isnull=True).count() if checked.article.story.pk else 0
    if count:
        sentence = ngettext("%(count)d comment is still open.", "%(count)d comments are still open.", count)
        yield Noticed("comments", sentence % {"count": count})
