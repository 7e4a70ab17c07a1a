"""Which line is the headline."""

from articles.recognition import agencies, furniture, links, meta, people
from articles.recognition.codes import BlockType, Reason, Warn
from articles.recognition.lines import MAX_HEADLINE, Line
from articles.recognition.page import Page
from newsroom.lib.arabic import skeleton

_NO_ENDING = ".،,:؛;…"


def settle_headline(page: Page) -> int | None:
    """Find the headline, set its repetitions and what stands before it aside; return its index."""
    _clear_lists_of_the_head(page)
    at = _by_evidence(page)
    first = _by_position(page)
    if at is None or (first is not None and first < at and _is_inside_story(page, at)):
        # A sub-heading that a table of contents announces is said twice as well.
        at, certain = first, False
    else:
        certain = True
    if at is None:
        return None
    line = page.lines[at]
    page.headline, page.headline_at = _without_site(line), line.position
    line.put("headline", page.headline)
    _drop_repetitions(page, at)
    _drop_what_stands_before(page, at, certain=certain)
    return at


def _without_site(line: Line) -> str:
    """«العنوان | شبكة كذا» without the name of the site."""
    title = links.page_title(line)
    site = Line(line.position, line.text[len(title) :].strip(" |-–—:•»"))
    return title if title.count(" ") >= 2 and furniture.is_site_name(site) else line.text


def _is_inside_story(page: Page, at: int) -> bool:
    prose = page.prose_positions()
    return bool(prose) and prose[0] < at


def is_trail(page: Page, line: Line) -> bool:
    """A path to the page. With bars and slashes only when its last step is short or a line of its own."""
    steps = links.trail(line)
    if not steps or _is_row_of_table(page, line):
        return False
    return links.has_arrows(line) or len(steps[-1].split()) <= 4 or skeleton(steps[-1]) in page.short_keys


def _is_row_of_table(page: Page, line: Line) -> bool:
    """The line above or below has as many bars."""
    bars = line.text.count("|")
    at = page.lines.index(line) if bars else 0
    around = [*page.lines[max(0, at - 1) : at], *page.lines[at + 1 : at + 2]]
    return bars > 0 and any(other.text.count("|") == bars for other in around)


def _by_evidence(page: Page) -> int | None:
    """A line that the page says twice: as breadcrumb, as its title, or plainly."""
    prose = page.prose_positions() or [len(page.lines)]
    echoes = _echoes(page)
    scores: dict[int, int] = {}
    # What is first said below the third paragraph is a list of other stories.
    for at, line in enumerate(page.lines[: (*prose, len(page.lines), len(page.lines))[2]]):
        if at < prose[-1] and _may_be_headline(page, line, repeated=True):
            twins = page.short_keys[line.key] - 1 if not line.bullet else 0
            evidence = 2 * (line.key in echoes) + min(twins, 1)
            if evidence:
                scores[at] = evidence + (line.words >= 6) + (line.words >= 8)
    if not scores:
        return None
    # A menu and a caption may be said twice too: the longer one is meant, or the one next to the story.
    best = max(scores, key=lambda at: (scores[at], at))
    key = page.lines[best].key
    first = min(at for at in scores if page.lines[at].key == key)
    story = min((position for position in prose if position > first), default=len(page.lines))
    same = [at for at in scores if page.lines[at].key == key and at < story and not page.lines[at].bullet]
    return max(same, default=first)


def _echoes(page: Page) -> set[str]:
    """Keys of the last steps of paths and of page titles without the name of the site."""
    found: set[str] = set()
    for line in page.lines:
        if line.place or line.words > 34:
            continue
        if steps := links.trail(line):
            found.add(skeleton(steps[-1]))
        if title := links.page_title(line):
            found.add(skeleton(title))
    return found


def _by_position(page: Page) -> int | None:
    """The first line before the story that could be one; a menu of short lines before it is passed over."""
    prose = page.prose_positions()
    if not prose:
        return None
    head = [at for at in range(prose[0]) if _may_be_headline(page, page.lines[at], repeated=False)]
    run = 0
    while run < len(head) and page.lines[head[run]].words <= 4:
        run += 1
    if 3 <= run < len(head):
        head = head[run:]
    # Labels of the menu may stand between its short lines and the headline, never right below a headline.
    while len(head) > 1 and page.lines[head[0]].words <= 4 and _has_menu_between(page, head[0], head[1]):
        head = head[1:]
    if head:
        return head[0]
    return prose[0] if _is_long_headline(page, prose) else None


def _has_menu_between(page: Page, first: int, second: int) -> bool:
    return any(
        line.reason == Reason.CHROME and len(line.key) > 3 and not line.key.startswith(("اعلان", "camera", "tag"))
        for line in page.lines[first + 1 : second]
    )


def _is_long_headline(page: Page, prose: list[int]) -> bool:
    """More than 14 words without stop, above paragraphs that have theirs; a comma only above a date or names."""
    line, below = page.lines[prose[0]], page.lines[prose[0] + 1 : prose[0] + 2]
    before = [other for other in page.lines[: prose[0]] if not other.place and other.role != "date"]
    is_above_meta = any(other.role == "date" or _is_about_people_or_sources(other) for other in below)
    return (
        len(prose) >= (2 if is_above_meta else 3)
        and not before
        and page.prose_has_stops
        and len(line.text) <= MAX_HEADLINE
        and line.text[-1] not in _NO_ENDING
        and (is_above_meta or "،" not in line.text)
    )


def _may_be_headline(page: Page, line: Line, *, repeated: bool) -> bool:
    if not line.is_open or line.words < 3 or len(line.text) > (200 if repeated else MAX_HEADLINE):
        return False
    if furniture.is_section(line) or is_trail(page, line) or _is_about_people_or_sources(line):
        return False
    if repeated:
        return line.words <= 30 and line.text[-1] not in _NO_ENDING
    return not (page.is_prose(line) or line.text[-1] in _NO_ENDING or furniture.is_site_name(line))


def _is_about_people_or_sources(line: Line) -> bool:
    place = agencies.place_and_name(line)
    return bool(
        people.byline(line, in_story=False)
        or agencies.labelled_sources(line, in_story=False)
        or agencies.bare_sources(line)
        or agencies.dateline(line)
        or meta.tells_time(line)
        or (place and people.is_name(place.name, known=True))
    )


def _clear_lists_of_the_head(page: Page) -> None:
    """«آخر الأخبار» above the story and the headlines of others right under it."""
    prose = page.prose_positions()
    inside = False
    for line in page.lines[: prose[0] if prose else 0]:
        if line.role == "list_heading":
            inside = True
            line.drop(Reason.NAVIGATION)
        elif inside and (line.blank_before or not line.is_open or not line.is_short):
            inside = False
        elif inside:
            line.drop(Reason.NAVIGATION)


def _drop_repetitions(page: Page, at: int) -> None:
    headline = page.lines[at]
    for position, line in enumerate(page.lines):
        if line is headline or line.place or line.words > 40:
            continue
        if line.key == headline.key:
            line.drop(Reason.BREADCRUMB if line.bullet and position < at else Reason.DUPLICATE)
        elif line.key.startswith(headline.key):
            title = links.page_title(line)
            if title and skeleton(title) == headline.key:
                line.drop(Reason.DUPLICATE)


def _drop_what_stands_before(page: Page, at: int, *, certain: bool) -> None:
    for line in page.lines[:at]:
        if line.place or line.role in {"date", "caption", "credit", "tags"}:
            continue
        if is_trail(page, line):
            line.drop(Reason.BREADCRUMB)
        elif line.role in {"related_heading", "list_heading", "tag_label", "credit_label"}:
            line.drop(Reason.NAVIGATION)
        elif line.role == "related":
            line.drop(Reason.NAVIGATION) if line.is_short else line.put(BlockType.RELATED, line.value)
        elif line.is_open and line.is_short and (certain or line.words <= 6):
            if not _settles_itself(line):
                line.drop(Reason.NAVIGATION)
        elif line.is_open:
            page.warn(Warn.BEFORE_HEADLINE)


def _settles_itself(line: Line) -> bool:
    """Names and sources above the headline are worth as much as those under it."""
    return bool(
        people.byline(line, in_story=False)
        or agencies.labelled_sources(line, in_story=False)
        or agencies.dateline(line, lenient=True)
        or meta.tells_time(line)
    )
