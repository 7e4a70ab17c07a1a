"""What texts are made of here: words of our pages, letters that look alike, marks, tags, and any character at all."""

from hypothesis import strategies as st

WORDS = (
    "في", "قال", "المصدر", "رويترز", "وكالات", "كتب", "تصوير", "اقرأ أيضا", "الوسوم", "آخر تحديث", "نشر", "غَزَّة",
    "غـــزة", "عمّان", "٢٠٢٦", "2026", "۱۲", "الجمعة", "نوفمبر", "تشرين الثاني", "محرم", "1448هـ", "كتب: سامر العلي",
    "أ ف ب", "-", "•", "«", "»", "،", "؟", "\n", "\n\n", "\r\n", "\t", "http://a.example/", "www.b.example",
    "a@b.example", "#وسم", "@name",
)  # fmt: skip
SIGNS = (
    "\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202e\u2066\u2069\u0640\u064b\u0651\u0670\ufeff\u00ad\ufdfa\u2028"
    "\x00\x1b\x7f"
)
TAGS = (
    "<p>", "</p>", "<b>", "</b>", "<a href='javascript:x()'>", "<a href=\"/x\">", "</a>", "<img src=x onerror=x()>",
    "<table>", "<td>", "<li>", "</ul>", "<svg>", "<math>", "<style>", "</style>", "<script>", "</script>", "<!--",
    "-->", "<![CDATA[", "]]>", "<template>", "<noscript>", "<textarea>", "<title>", "&lt;", "&#x6a;", "&amp", "&", "<",
    ">", "\"", "'", "/", "=", "<?", "<br>", "<blockquote>", "</blockquote>", "<figure>", "<figcaption>", "<h2>", "<h9>",
    "<span lang=en dir=ltr>", "<div style=x>", "<p",
)  # fmt: skip

anything = st.text(st.characters(exclude_categories=()), max_size=40)
words = st.lists(st.sampled_from(WORDS) | st.text(st.sampled_from(SIGNS), max_size=4) | anything, max_size=30)
texts = st.builds(lambda parts, glue: glue.join(parts), words, st.sampled_from(("", " ", "\n")))
markup = st.lists(st.sampled_from(TAGS) | st.sampled_from(WORDS) | anything, max_size=40).map("".join)
# Lines that a page has at its head and foot, where the importer decides most.
lines = st.lists(st.lists(st.sampled_from(WORDS), min_size=1, max_size=20).map(" ".join), max_size=25).map("\n".join)


def storable(text: str) -> str:
    """Without halves of surrogate pairs, which are no text in any encoding."""
    return text.encode(errors="ignore").decode()


def mixed(*parts: str) -> st.SearchStrategy[str]:
    """Texts of these and of anything at all, glued together."""
    return st.lists(st.sampled_from(parts) | anything, max_size=40).map("".join)
