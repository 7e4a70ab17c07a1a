"""From the first paragraph to the last: nothing here is dropped without a clear mark."""

from articles.recognition.boxes import settle_caption, settle_credit_label, settle_list
from articles.recognition.codes import BlockType, Reason
from articles.recognition.lines import Line
from articles.recognition.meta import settle_meta
from articles.recognition.page import Page
from articles.recognition.paragraphs import settle_text


def story_end(page: Page, prose: list[int], begin: int) -> int:
    """Return the index of the last paragraph of the story.

    Long texts below the comments, a list of other stories or the copyright line are the site's; they stay
    paragraphs, but what is above them is read as the foot of the page.
    """
    if not prose:
        return begin - 1
    last = len(prose) - 1
    while last >= 1 and _is_below_foot(page.lines[prose[last - 1] + 1 : prose[last]]):
        last -= 1
    return prose[last]


def _is_below_foot(between: list[Line]) -> bool:
    strong = {Reason.FOOTER, Reason.COMMENTS}
    labels = sum(line.reason == Reason.CHROME for line in between)
    return labels >= 3 or any(line.reason in strong or line.role == "list_heading" for line in between)


def settle_story(page: Page, begin: int, end: int) -> None:
    """Settle the lines from the first paragraph to the last: nothing here is dropped without a clear mark."""
    dense = _is_dense(page, begin, end)
    at = begin
    while at <= end:
        line = page.lines[at]
        if line.place:
            pass
        elif line.role in {"related_heading", "list_heading"}:
            settle_list(page, at, in_story=True)
        elif line.role == "related":
            line.put(BlockType.RELATED, line.value)
        elif line.role == "caption":
            settle_caption(page, line)
        elif line.role == "credit_label":
            settle_credit_label(page, at)
        elif line.role == "date" and not _is_date_of_page(page, line, begin, at):
            line.put(BlockType.SUBHEADING if _is_chronicle(page, begin, end) else BlockType.PARAGRAPH)
        elif not settle_meta(page, line, in_story=True):
            settle_text(page, at, dense=dense)
        at += 1


def _is_date_of_page(page: Page, line: Line, begin: int, at: int) -> bool:
    """A bare date between paragraphs is a step of a chronicle, unless it is the only one and near the top."""
    if line.when is None or line.when.is_labelled or line.when.time is not None:
        return True
    if page.published is not None or sum(other.when is not None for other in page.lines) > 1:
        return False
    paragraphs = sum(page.lines[position].place == BlockType.PARAGRAPH for position in range(begin, at))
    return paragraphs <= 1


def _is_chronicle(page: Page, begin: int, end: int) -> bool:
    return sum(line.role == "date" for line in page.lines[begin : end + 1]) > 1


def _is_dense(page: Page, begin: int, end: int) -> bool:
    """No blank lines between paragraphs, so that a sub-heading cannot be known by them."""
    lines = page.lines[begin + 1 : end + 1]
    return sum(line.blank_before for line in lines) <= 0.2 * len(lines)
