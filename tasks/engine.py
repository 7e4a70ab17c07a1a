"""The engine that the settings name: `tasks.embedded` or `tasks.distributed`, which needs more packages."""

from importlib import import_module

from django.conf import settings

engine = import_module({"embedded": "tasks.embedded", "postgres": "tasks.distributed"}[settings.TASKS_ENGINE])
