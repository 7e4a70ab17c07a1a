"""What gunicorn says of itself, in the shape of the site's own lines."""

import os
from typing import Any

from gunicorn.glogging import Logger  # type: ignore[import-untyped]

from newsroom.lib.logs import formatter_of


class ServerLogger(Logger):
    def setup(self, cfg: Any) -> None:
        super().setup(cfg)
        for handler in self.error_log.handlers:
            handler.setFormatter(formatter_of(os.environ.get("LOG_FORMAT", "line")))
