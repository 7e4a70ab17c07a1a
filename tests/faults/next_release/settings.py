"""The site's own, with the models and the migrations of the next release."""

from newsroom.settings import *  # noqa: F403
from newsroom.settings import INSTALLED_APPS as OURS

INSTALLED_APPS = [*OURS, "tests.faults.next_release"]
MIGRATION_MODULES = {"articles": "tests.faults.next_release.articles_migrations"}
