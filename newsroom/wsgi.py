"""Entry point for gunicorn."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "newsroom.settings")
django_application = get_wsgi_application()

from articles import counting  # noqa: E402 - models can be read only after the line above
from newsletter import hit_counting  # noqa: E402
from newsroom.operating.requests import count_kept, logged  # noqa: E402
from newsroom.page_cache import kept_in_front_of  # noqa: E402

kept = kept_in_front_of(django_application)
application = logged(kept)
count_kept(kept)

counting.buffer.timed.start()
hit_counting.buffer.timed.start()
