"""What a body may hold: the one source for the sanitiser, the renderer and the set-up of the editor."""

# Blocks that hold a line of text and never another block.
LINE_BLOCKS = frozenset({"p", "h2", "h3", "h4", "pre", "figcaption", "caption", "dt"})
# Blocks that hold other blocks, or a bare run of text where ITEMS says so.
CONTAINERS = frozenset({"blockquote", "ul", "ol", "dl", "figure", "table", "thead", "tbody", "tfoot", "tr"})
ITEMS = frozenset({"li", "dd", "td", "th"})
BLOCKS = LINE_BLOCKS | CONTAINERS | ITEMS | {"hr"}
INLINE = frozenset({"a", "abbr", "bdi", "code", "em", "q", "s", "span", "strong", "sub", "sup", "u", "br", "img"})
TAGS = BLOCKS | INLINE
# Of these a page has <source>, a body never.
VOID = frozenset({"br", "hr", "img", "source"})

# Tags that say the same as one of ours. A body starts at h2: the headline of the page is its h1.
RENAMED = {"del": "s", "h1": "h2", "h5": "h4", "h6": "h4"}
# What HTML calls formatting elements, and what each becomes. Left open they come back in every later block,
# so the sanitiser strips their attributes before it parses: HTML repeats at most three that are alike.
FORMATTING = {
    "b": "strong",
    "big": "span",
    "code": "code",
    "em": "em",
    "font": "span",
    "i": "em",
    "nobr": "span",
    "s": "s",
    "small": "span",
    "strike": "s",
    "strong": "strong",
    "tt": "span",
    "u": "u",
}
# Boxes without meaning: their content stays, cut into paragraphs where a box began and ended.
BOXES = frozenset({"address", "article", "aside", "center", "div", "footer", "header", "main", "nav", "section"})
ACCEPTED_TAGS = TAGS | RENAMED.keys() | BOXES

# Elements whose content is no text of the author, so that it goes with them.
_PROGRAMS = frozenset({"applet", "embed", "frameset", "iframe", "math", "object", "script", "style", "svg"})
_MEDIA = frozenset({"audio", "canvas", "video"})
_RAW_TEXT = frozenset({"noembed", "noframes", "noscript", "plaintext", "template", "textarea", "title", "xmp"})
_CHOICES = frozenset({"datalist", "select"})
DROPPED_WITH_CONTENT = _PROGRAMS | _MEDIA | _RAW_TEXT | _CHOICES

FORMATTING_TAGS = frozenset(FORMATTING.values()) - {"span"}
EVERYWHERE = frozenset({"dir", "lang"})
ATTRIBUTES: dict[str, frozenset[str]] = {
    "a": frozenset({"href", "title"}),
    "abbr": frozenset({"title"}),
    "img": frozenset({"src", "alt", "width", "height"}),
    "ol": frozenset({"start"}),
    "td": frozenset({"colspan", "rowspan"}),
    "th": frozenset({"colspan", "rowspan", "scope"}),
}
CLASSES: dict[str, frozenset[str]] = {
    "figure": frozenset({"image"}),
    # A picture caption that stands without its picture, as imported texts have it.
    "p": frozenset({"caption"}),
}
# Written by the sanitiser itself on links that leave the site.
EXTERNAL_REL = "noopener"

LINK_SCHEMES = frozenset({"http", "https", "mailto", "tel"})
# Pictures come from this site alone: one from elsewhere tracks readers and can change after publication.
SOURCE_PREFIXES = ("/media/", "/static/")

MAX_NESTING = 64


def attributes_of(tag: str) -> frozenset[str]:
    """Return the names of the attributes that an element may have, `class` where CLASSES names some."""
    if tag in FORMATTING_TAGS | {"br", "hr"}:
        return frozenset()
    classes = frozenset({"class"}) if tag in CLASSES else frozenset()
    return ATTRIBUTES.get(tag, frozenset()) | EVERYWHERE | classes
