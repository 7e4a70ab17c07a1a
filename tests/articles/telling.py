"""What an answer tells its reader."""

from typing import Any


def without_number(response: Any) -> dict[str, str]:
    """Its headers, but for the number that is another one each time."""
    return {name: value for name, value in response.headers.items() if name != "X-Request-ID"}
