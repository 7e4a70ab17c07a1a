"""The site's own, and an application that has nothing but a migration."""

from newsroom.settings import *  # noqa: F403
from newsroom.settings import INSTALLED_APPS as OURS

INSTALLED_APPS = [*OURS, "tests.faults.waiting_migration"]
