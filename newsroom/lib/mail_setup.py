"""Reading EMAIL_URL: an SMTP server, or one of the providers that django-anymail speaks to.

What is wrong is said in one sentence that never repeats a key or a password.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import SplitResult, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

SMTP_PORTS = {"smtp": 25, "smtp+tls": 587, "smtps": 465}
REQUEST_SECONDS = 15


@dataclass(frozen=True)
class Provider:
    """How one provider is named in EMAIL_URL and in the settings of django-anymail.

    `after` is the setting that the part after the "@" goes into, or "" where it is always "default";
    `signing` the one with which its reports are verified, `hosts` the addresses of its other regions.
    """

    module: str
    looks_like: str
    key: str = "API_KEY"
    password: str = ""
    after: str = ""
    needs_after: bool = False
    signing: str = ""
    hosts: Mapping[str, str] = field(default_factory=dict)


PROVIDERS = {
    "brevo": Provider("brevo", "brevo://KEY@default"),
    "mailersend": Provider("mailersend", "mailersend://TOKEN@default", key="API_TOKEN", signing="SIGNING_SECRET"),
    "mailgun": Provider(
        "mailgun",
        "mailgun://KEY@mail.example.org",
        after="SENDER_DOMAIN",
        needs_after=True,
        signing="WEBHOOK_SIGNING_KEY",
        hosts={"eu": "https://api.eu.mailgun.net/v3"},
    ),
    "mailjet": Provider("mailjet", "mailjet://KEY:SECRET@default", password="SECRET_KEY"),  # noqa: S106 - a name
    "mailtrap": Provider("mailtrap", "mailtrap://TOKEN@default", key="API_TOKEN"),
    "mandrill": Provider("mandrill", "mandrill://KEY@default", signing="WEBHOOK_KEY"),
    "postmark": Provider("postmark", "postmark://TOKEN@broadcast", key="SERVER_TOKEN", after="MESSAGE_STREAM"),
    "resend": Provider("resend", "resend://KEY@default", signing="SIGNING_SECRET"),
    "scaleway": Provider(
        "scaleway", "scaleway://SECRET@project-id", key="SECRET_KEY", after="PROJECT_ID", needs_after=True
    ),
    "sendgrid": Provider("sendgrid", "sendgrid://KEY@default", signing="TRACKING_WEBHOOK_VERIFICATION_KEY"),
    "sparkpost": Provider("sparkpost", "sparkpost://KEY@default", hosts={"eu": "https://api.eu.sparkpost.com/api/v1"}),
}


@dataclass(frozen=True)
class MailSetup:
    """What EMAIL_URL says. For SMTP `is_tls` from the first byte (port 465), `starts_tls` by STARTTLS (port 587);

    for a provider its name and the settings of django-anymail, and no server.
    """

    backend: str
    provider: str = ""
    anymail: dict[str, object] = field(default_factory=dict)
    host: str = ""
    port: int = 0
    user: str = ""
    password: str = ""
    starts_tls: bool = False
    is_tls: bool = False


def read_email_url(url: str) -> MailSetup:
    """Read `smtp[+tls]|smtps://user:password@host[:port]` or `provider://KEY@default`; all percent-encoded.

    Raises ImproperlyConfigured, without repeating the secret.
    """
    parts = split_address("EMAIL_URL", url)
    name, _plus, region = parts.scheme.partition("+")
    if parts.scheme in SMTP_PORTS:
        return _smtp(parts)
    if name in PROVIDERS:
        return _provider(name, region, parts)
    names = ", ".join(PROVIDERS)
    raise ImproperlyConfigured(
        "EMAIL_URL must look like smtp+tls://user:password@host:587, or like brevo://KEY@default for a provider; "
        f"known ones: {names}."
    )


def webhook_settings(provider: str, *, secret: str, signing_key: str) -> dict[str, object]:
    """The settings of django-anymail by which reports of a provider are believed.

    Raises ImproperlyConfigured when the secret is no `user:password` or anybody could guess it.
    """
    found: dict[str, object] = {}
    if secret:
        user, colon, password = secret.partition(":")
        if not (user and colon and len(password) >= 16):
            raise ImproperlyConfigured(
                "WEBHOOK_SECRET must look like user:password, with a password of at least 16 characters."
            )
        found["WEBHOOK_SECRET"] = secret
    if signing_key:
        known = PROVIDERS.get(provider)
        if not (known and known.signing):
            signing = ", ".join(name for name, other in PROVIDERS.items() if other.signing)
            raise ImproperlyConfigured(
                f"WEBHOOK_SIGNING_KEY belongs to a provider that signs its reports ({signing}); "
                "EMAIL_URL names none of them."
            )
        found[f"{provider.upper()}_{known.signing}"] = signing_key
    return found


def split_address(name: str, url: str) -> SplitResult:
    """urlsplit that refuses a bad host or port at once and not at the first use."""
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError as error:
        # The text of the error quotes the address, and with it what is secret there.
        reason = "its port is no number" if "ort" in str(error) else "its host cannot be read"
        raise ImproperlyConfigured(f"{name} is no address: {reason}.") from None
    return parts


def _smtp(parts: SplitResult) -> MailSetup:
    if not parts.hostname:
        raise ImproperlyConfigured("EMAIL_URL must look like smtp+tls://user:password@host:587; the host is missing.")
    if parts.path.strip("/") or parts.query or parts.fragment:
        raise ImproperlyConfigured(
            "EMAIL_URL ends with the host and the port; write /, ? and # in a password as %2F, %3F and %23."
        )
    return MailSetup(
        backend="django.core.mail.backends.smtp.EmailBackend",
        host=parts.hostname,
        port=parts.port or SMTP_PORTS[parts.scheme],
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        starts_tls=parts.scheme == "smtp+tls",
        is_tls=parts.scheme == "smtps",
    )


def _provider(name: str, region: str, parts: SplitResult) -> MailSetup:
    provider = PROVIDERS[name]
    _refuse_misfit(name, region, parts)
    prefix = name.upper()
    anymail: dict[str, object] = {
        f"{prefix}_{provider.key}": unquote(parts.username or ""),
        "REQUESTS_TIMEOUT": REQUEST_SECONDS,
    }
    if provider.password:
        anymail[f"{prefix}_{provider.password}"] = unquote(parts.password or "")
    if provider.after and parts.hostname != "default":
        anymail[f"{prefix}_{provider.after}"] = parts.hostname
    if region:
        anymail[f"{prefix}_API_URL"] = provider.hosts[region]
    return MailSetup(backend=f"anymail.backends.{provider.module}.EmailBackend", provider=name, anymail=anymail)


def _refuse_misfit(name: str, region: str, parts: SplitResult) -> None:
    provider = PROVIDERS[name]
    why = ""
    if region and region not in provider.hosts:
        why = f"there is no region {region!r}"
    elif not parts.username:
        why = "the key is missing"
    elif bool(parts.password) != bool(provider.password):
        why = "the second key is missing" if provider.password else "there is one key, without a colon"
    elif not parts.hostname or (provider.needs_after and parts.hostname == "default"):
        why = "what follows the @ is missing"
    elif not provider.after and parts.hostname != "default":
        why = "after the @ stands default"
    elif parts.port or parts.path.strip("/") or parts.query or parts.fragment:
        why = "nothing follows the name after the @; write /, ? and # in a key as %2F, %3F and %23"
    if why:
        raise ImproperlyConfigured(f"EMAIL_URL for {name} must look like {provider.looks_like}: {why}.")
