"""Read settings from environment variables, refusing nonsense instead of guessing.

A variable that is empty is as one that is not there: .env.example and docker-compose.yml hand on empty ones.
"""

import math
import os
import re
from email.utils import getaddresses
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

from newsroom.lib.mail_setup import split_address

TRUE = {"1", "true", "yes", "on"}
FALSE = {"0", "false", "no", "off"}
# Enough to tell an address from a slip; a host may be a number on this machine alone (newsroom@127.0.0.1).
MAIL_ADDRESS = re.compile(r"[^\s@<>,;:\"()]+@[^\s@<>,;:\"()]*[^\s@<>,;:\"().]")
TOKEN = re.compile(r"[0-9A-Za-z_-]{32,}")


def env_str(name: str, default: str = "") -> str:
    return os.environ.get(name, "").strip() or default


def env_bool(name: str, *, default: bool) -> bool:
    """Raises ImproperlyConfigured when the value is neither a clear yes nor a clear no."""
    value = env_str(name)
    if not value:
        return default
    if value.lower() in TRUE:
        return True
    if value.lower() in FALSE:
        return False
    raise ImproperlyConfigured(f"{name} must be 1 or 0, not {value!r}.")


def env_list(name: str) -> list[str]:
    return [item.strip() for item in env_str(name).split(",") if item.strip()]


def env_choice(name: str, choices: tuple[str, ...], default: str) -> str:
    """Raises ImproperlyConfigured when the value is none of `choices`."""
    value = env_str(name, default)
    if value not in choices:
        raise ImproperlyConfigured(f"{name} must be one of {', '.join(choices)}, not {value!r}.")
    return value


def env_number(name: str, default: float, *, least: float, most: float) -> float:
    """Raises ImproperlyConfigured for what is no number from `least` to `most`."""
    value = env_str(name) or str(default)
    try:
        number = float(value)
    except ValueError:
        number = math.nan
    if not least <= number <= most:
        raise ImproperlyConfigured(f"{name} must be a number from {least:g} to {most:g}, not {value!r}.")
    return number


def env_rates(name: str) -> dict[str, float]:
    """`gmail.com=20,*=5` as numbers by name. Raises ImproperlyConfigured for anything else."""
    rates: dict[str, float] = {}
    for item in env_list(name):
        key, _equals, value = item.partition("=")
        try:
            rates[key.strip().lower()] = float(value)
        except ValueError:
            rates[key] = math.nan
        if not (key.strip() and 0 < rates[key.strip().lower()] <= 100_000):
            raise ImproperlyConfigured(f"{name} must look like gmail.com=20,*=5, not {item!r}.")
    return rates


def env_origin(name: str, default: str) -> str:
    """`https://host[:port]`, without the last slash: links in mails and feeds are made from it.

    Raises ImproperlyConfigured for anything more, such as a path or a user name.
    """
    return _origin(name, env_str(name, default))


def env_origins(name: str) -> list[str]:
    """Several of them, separated by commas or spaces. Raises ImproperlyConfigured as env_origin does."""
    return [_origin(name, value) for value in env_str(name).replace(",", " ").split()]


def env_token(name: str) -> str:
    """A secret that also stands in other programs' files; '' when there is none.

    Raises ImproperlyConfigured when it is short or has letters that such a file might read otherwise.
    """
    value = env_secret(name)
    if value and not TOKEN.fullmatch(value):
        raise ImproperlyConfigured(f"{name} must be at least 32 letters, digits, '-' and '_', chosen at random.")
    return value


def _origin(name: str, value: str) -> str:
    value = value.rstrip("/")
    parts = split_address(name, value)
    is_bare = parts.netloc and value == f"{parts.scheme}://{parts.netloc}" and "@" not in parts.netloc
    if parts.scheme not in {"http", "https"} or not is_bare or any(char.isspace() for char in value):
        raise ImproperlyConfigured(f"{name} must look like https://news.example, not {value!r}.")
    return value


def env_secret(name: str) -> str:
    """The variable itself or the content of the file that `<name>_FILE` names; '' when neither is set.

    Raises ImproperlyConfigured when the file cannot be read.
    """
    if path := env_str(f"{name}_FILE"):
        try:
            return Path(path).read_text(encoding="utf-8").strip()
        except OSError as error:
            raise ImproperlyConfigured(f"{name}_FILE cannot be read: {error}") from error
    return env_str(name)


def env_secrets(name: str) -> list[str]:
    """Several of them, separated by commas. Raises ImproperlyConfigured as env_secret does."""
    return [item.strip() for item in env_secret(name).split(",") if item.strip()]


def env_address(name: str, default: str = "", *, with_name: bool = False) -> str:
    """An e-mail address, with `with_name` also `Name <address>`; '' when there is none.

    Raises ImproperlyConfigured for anything else: a mail server would refuse every mail.
    """
    value = env_str(name) or default
    found = getaddresses([value])
    bare = found[0][1] if with_name and len(found) == 1 and value.endswith(">") else value
    if value and not (value.isprintable() and MAIL_ADDRESS.fullmatch(bare)):
        shape = "newsroom@example.org or Newsroom <newsroom@example.org>" if with_name else "bounces@example.org"
        raise ImproperlyConfigured(f"{name} must look like {shape}, not {value!r}.")
    return value


def env_addresses(name: str) -> list[str]:
    """E-mail addresses, separated by commas. Raises ImproperlyConfigured for anything else."""
    found = env_list(name)
    for value in found:
        if not (value.isprintable() and MAIL_ADDRESS.fullmatch(value)):
            raise ImproperlyConfigured(f"{name} must look like ops@example.org, duty@example.org, not {value!r}.")
    return found


def env_bind(name: str) -> str:
    """`127.0.0.1:9101`, `[::1]:9101` or a name for the host; '' for nowhere. Raises ImproperlyConfigured for else."""
    value = env_str(name)
    host, _colon, port = value.rpartition(":")
    if value and not (host and port.isascii() and port.isdigit() and 0 < int(port) < 65536):
        raise ImproperlyConfigured(f"{name} must look like 127.0.0.1:9101, not {value!r}.")
    return value
