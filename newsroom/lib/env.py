"""Read settings from environment variables, refusing nonsense instead of guessing."""

import os
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import SplitResult, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

TRUE = {"1", "true", "yes", "on"}
FALSE = {"0", "false", "no", "off", ""}


def env_str(name: str, default: str = "") -> str:
    return os.environ.get(name, default).strip()


def env_bool(name: str, *, default: bool) -> bool:
    """Raises ImproperlyConfigured when the value is neither a clear yes nor a clear no."""
    value = os.environ.get(name)
    if value is None:
        return default
    if value.strip().lower() in TRUE:
        return True
    if value.strip().lower() in FALSE:
        return False
    raise ImproperlyConfigured(f"{name} must be 1 or 0, not {value!r}.")


def env_list(name: str, default: str = "") -> list[str]:
    return [item.strip() for item in env_str(name, default).split(",") if item.strip()]


def env_choice(name: str, choices: tuple[str, ...], default: str) -> str:
    """Raises ImproperlyConfigured when the value is none of `choices`."""
    value = env_str(name, default)
    if value not in choices:
        raise ImproperlyConfigured(f"{name} must be one of {', '.join(choices)}, not {value!r}.")
    return value


def env_origin(name: str, default: str) -> str:
    """`https://host[:port]`, without the last slash: links in mails and feeds are made from it.

    Raises ImproperlyConfigured for anything more, such as a path or a user name.
    """
    value = env_str(name, default).rstrip("/")
    parts = _split(name, value)
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


@dataclass(frozen=True)
class MailServer:
    """Where mail goes: `is_tls` from the first byte (port 465), `starts_tls` by STARTTLS (port 587)."""

    host: str
    port: int
    user: str
    password: str
    starts_tls: bool
    is_tls: bool


def mail_server(url: str) -> MailServer:
    """Read `smtp[+tls]|smtps://user:password@host[:port]`; user and password are percent-encoded.

    Raises ImproperlyConfigured, without repeating the password.
    """
    ports = {"smtp": 25, "smtp+tls": 587, "smtps": 465}
    parts = _split("EMAIL_URL", url)
    if parts.scheme not in ports or not parts.hostname:
        raise ImproperlyConfigured("EMAIL_URL must look like smtp+tls://user:password@host:587.")
    return MailServer(
        host=parts.hostname,
        port=parts.port or ports[parts.scheme],
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        starts_tls=parts.scheme == "smtp+tls",
        is_tls=parts.scheme == "smtps",
    )


def _split(name: str, url: str) -> SplitResult:
    """urlsplit that refuses a bad host or port at once and not at the first use."""
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError as error:
        raise ImproperlyConfigured(f"{name} is no address: {error}.") from error
    return parts
