"""Where pictures come from, for pages with a policy of their own: previews of a text and of mails."""

from django.conf import settings


def picture_origins() -> str:
    """What follows `img-src` in a Content-Security-Policy.

    The site goes by its name too: mails name it, and of a sandboxed document 'self' is nothing.
    """
    return " ".join(["'self'", settings.SITE_URL, "data:", *settings.PICTURE_ORIGINS])
