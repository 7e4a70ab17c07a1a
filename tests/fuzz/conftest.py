"""The same examples in every run of the suite; others, and many more, by `make fuzz`."""

import os

from hypothesis import HealthCheck, settings

_QUIET = {"deadline": None, "suppress_health_check": list(HealthCheck)}
# What failed once is written down as a test, not kept in a folder.
settings.register_profile("suite", derandomize=True, max_examples=60, database=None, **_QUIET)
settings.register_profile("long", max_examples=5_000, database=None, print_blob=True, **_QUIET)
settings.load_profile(os.environ.get("FUZZ") or "suite")
