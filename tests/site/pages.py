"""The addresses under test, by name; tests/site/world.py finds what each leads to.

A test is asked for by the name of its page: `make test-site ARGS="-k article-live"`.
"""

ARTICLES = (
    "article", "article-long", "article-without-picture", "article-opinion", "article-agency", "article-live",
    "article-corrected", "article-everything", "article-old",
)  # fmt: skip
LISTS = (
    "home", "section", "section-2", "tag", "author", "source", "archive", "month", "day", "most-read", "corrections",
)  # fmt: skip
STATIC = ("page-about", "page-contact", "page-privacy", "page-accessibility")
# What search engines are told not to keep.
SEARCH = ("search", "search-results", "search-none")
TOOLS = ("saved", "offline")
NEWSLETTER = (
    "newsletter", "newsletter-inbox", "newsletter-confirm", "newsletter-confirmed", "newsletter-leave",
    "newsletter-settings",
)  # fmt: skip
ISSUES = ("issue", "issues", "issues-of-list")
LITE = ("lite-home", "lite-section", "lite-article")
STAFF = ("styleguide",)
# The status that is wanted where it is not 200.
REFUSALS = {"missing": 404, "withdrawn": 410, "newsletter-broken": 404, "not-staff": 404}

INDEXED = (*LISTS, *ARTICLES, *STATIC, *ISSUES)
READERS = (*INDEXED, *SEARCH, *TOOLS, *NEWSLETTER, *LITE)
PAGES = (*READERS, *STAFF, *REFUSALS)

FEEDS = (
    "rss", "atom", "json", "section-rss", "section-atom", "section-json", "tag-rss", "tag-atom", "tag-json",
    "author-rss", "author-atom", "author-json", "partner-feed", "partner-json",
)  # fmt: skip
SITEMAPS = ("sitemap", "sitemap-news")
FILES = ("robots", "llms", "humans", "security", "opensearch", "manifest", "service-worker")
