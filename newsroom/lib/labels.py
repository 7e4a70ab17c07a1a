"""Words of the site, looked up once in a process: it has one language, and gettext asks each time which one it is."""

from functools import cache

from django.utils.translation import gettext, pgettext

label = cache(gettext)
label_in = cache(pgettext)
