"""Entry point for gunicorn."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "newsroom.settings")
application = get_wsgi_application()

from articles import counting  # noqa: E402 - models can be read only after the line above
from newsletter import hit_counting  # noqa: E402

counting.buffer.timed.start()
hit_counting.buffer.timed.start()
