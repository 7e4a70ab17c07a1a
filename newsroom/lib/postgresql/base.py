"""Django looks for this module and this class."""

import select
import time

from django.db.backends.postgresql import base

TRUSTED = 5  # s


class DatabaseWrapper(base.DatabaseWrapper):
    """A connection that was used a moment ago, and on which the server has said nothing since, is alive.

    CONN_HEALTH_CHECKS asks `SELECT 1` before the first query of each request. A server that stops or ends a connection
    says so on its socket, which costs nothing to look at; what lies between, as a firewall, forgets only those that
    were idle for longer.
    """

    health_check_done: bool
    _checked_at = float("-inf")  # time.monotonic

    def close_if_health_check_failed(self) -> None:
        if self.pool or self.connection is None or self.health_check_done:
            return  # a pool looks before it hands one out
        now = time.monotonic()
        if now - self._checked_at < TRUSTED and self._is_quiet():
            self.health_check_done = True
        else:
            super().close_if_health_check_failed()
        self._checked_at = now

    def _is_quiet(self) -> bool:
        if self.connection.closed:
            return False
        poll = select.poll()
        poll.register(self.connection.fileno(), select.POLLIN)
        return not poll.poll(0)
