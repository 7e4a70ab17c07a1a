"""What the frame round every page needs: the two-coloured name and the mark of the current link."""

from urllib.parse import unquote

from django import template
from django.conf import settings

from pages import chrome
from pages.current import current_site

register = template.Library()
register.simple_tag(chrome.utility_bar)
register.simple_tag(chrome.masthead)
register.simple_tag(chrome.section_nav)
register.simple_tag(chrome.site_footer)
register.simple_tag(chrome.head_links)
register.simple_tag(chrome.newsletter_box)


@register.simple_tag
def ago_words() -> str:
    """What static/js/relative_time.js says; in one attribute of <body>."""
    return chrome.ago_words(current_site().settings.style)


@register.filter
def all_but_last_word(text: str) -> str:
    """'' for a single word."""
    return " ".join(text.split()[:-1])


@register.filter
def last_word(text: str) -> str:
    return "".join(text.split()[-1:])


@register.filter
def absolute(path: str) -> str:
    """The address of a path of ours as other sites and programs need it."""
    return settings.SITE_URL + path


@register.filter
def bare_address(address: str) -> str:
    """A web address as it is shown to people: without scheme, `www.` and closing slash."""
    return address.partition("//")[2].removeprefix("www.").rstrip("/")


@register.simple_tag
def aria_current(path: str, here: str, within: str = "") -> str:
    """Return the value of aria-current for a link: page, true (the section that holds this page) or ''.

    Addresses are compared as people read them: one may be percent-encoded and the other typed by an editor.
    """
    if unquote(path) == unquote(here):
        return "page"
    return "true" if within and unquote(path) == unquote(within) else ""
