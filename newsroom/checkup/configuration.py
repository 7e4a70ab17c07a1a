"""What the settings say. What is dangerous to others is refused at the start already (newsroom.lib.weak_settings)."""

import os
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from django.core import checks
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from newsroom.checkup.findings import Finding, ok, warning
from newsroom.lib.weak_settings import refuse_weak_database_password, refuse_weak_key

# What a newcomer tries first.
GUESSED = ("admin", "password", "newsroom")


def is_public() -> bool:
    """Whether others than this machine can reach the site."""
    return not settings.LOOPBACK


def check_settings() -> Iterator[Finding]:
    yield from _address()
    yield _key()
    if settings.DEBUG:
        yield warning("settings.debug", _("DEBUG is on."), _("Set DEBUG=0 before others can reach the site."))
    else:
        yield ok("settings.debug", _("DEBUG is off."))
    try:
        refuse_weak_database_password(settings.DATABASES["default"])
    except ImproperlyConfigured:
        yield warning(
            "settings.database_password",
            _("The database can be entered without a password, or with one that everybody tries first."),
            _("Give the user of the database a random password and write it to DATABASE_URL."),
        )


def _address() -> Iterator[Finding]:
    if not is_public():
        yield warning(
            "settings.address",
            _("SITE_URL is %(url)s: only this machine can reach the site."),
            _("For a site of others set SITE_URL=https://your.domain."),
            url=settings.SITE_URL,
        )
    elif not settings.BEHIND_PROXY:
        yield warning(
            "settings.proxy",
            _("SITE_URL is https:// and no proxy is named that speaks it."),
            _("Put nginx in front (docs/proxy.md) and set BEHIND_PROXY=1."),
        )
    else:
        yield ok("settings.address", _("The site is at %(url)s behind a proxy."), url=settings.SITE_URL)


def _key() -> Finding:
    try:
        refuse_weak_key(settings.SECRET_KEY, is_public=True, known=settings.DEVELOPMENT_KEY)
    except ImproperlyConfigured:
        return warning(
            "settings.key",
            _("SECRET_KEY is not random: sessions and links can be forged."),
            _("Set SECRET_KEY_FILE to a file of 50 random characters or more."),
        )
    if is_public() and not os.environ.get("SUPPRESSION_KEY") and not os.environ.get("SUPPRESSION_KEY_FILE"):
        return warning(
            "settings.suppression_key",
            _("SUPPRESSION_KEY is not set, so the list of addresses that must not be mailed hangs on SECRET_KEY."),
            _("Set SUPPRESSION_KEY to the SECRET_KEY of today, before that is ever changed."),
        )
    return ok("settings.key", _("SECRET_KEY is long and random."))


def check_deployment() -> Iterator[Finding]:
    """Django's own `check --deploy`, where others can reach the site."""
    found = checks.run_checks(include_deployment_checks=is_public())
    serious = [message for message in found if message.level >= checks.WARNING and not message.is_silenced()]
    if serious:
        names = ", ".join(dict.fromkeys(str(message.id) for message in serious))
        yield warning(
            "settings.deployment",
            _("Django's own checks object: %(names)s."),
            _("Run manage.py check --deploy and follow it."),
            names=names,
        )
    else:
        yield ok("settings.deployment", _("Django's own checks have no objection."))


def check_accounts() -> Iterator[Finding]:
    """Whether the first administrator still has the password that prepare_site wrote down, or one to be guessed."""
    password_file = Path(settings.DATA_DIR, "administrator-password")
    written = password_file.read_text(encoding="utf-8").strip() if password_file.is_file() else ""
    first = User.objects.filter(is_superuser=True, is_active=True).order_by("id").first()
    tried = [word for word in (written, *(GUESSED if is_public() else ())) if word]
    if first is None:
        yield warning("accounts", _("There is no administrator."), _("Run manage.py createsuperuser."))
    elif is_public() and any(map(first.check_password, tried)):
        yield warning(
            "accounts",
            _("The administrator %(name)s has the password of the first start."),
            _("Sign in and change it, then delete administrator-password in DATA_DIR."),
            name=first.username,
        )
    else:
        yield ok("accounts", _("The password of the first start opens nothing that others can reach."))
