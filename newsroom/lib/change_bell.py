"""When to look for what other machines have changed: each second, where nothing rings (newsroom.lib.redis_bell)."""

import time

EVERY = 1.0  # s


class Bell:
    """Waits for the next look."""

    def wait(self) -> None:
        time.sleep(EVERY)


def ring() -> None:
    """Nobody would hear it."""
