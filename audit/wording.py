"""The words of the log as people read them."""

from django.apps import apps
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from audit.enums import Action
from audit.models import AuditEntry
from newsroom.lib.dates import format_date, format_digits, local_time
from newsroom.lib.site_style import site_style


def deed_in_words(action: str) -> str:
    """The label of a deed. `get_action_display` compares all labels at each call: a minute for a long file."""
    try:
        return str(Action(action).label)
    except ValueError:
        return action


def kind_in_words(subject_type: str) -> str:
    """The name of a kind of subject; of a model that is no more, what was written."""
    try:
        return str(capfirst(apps.get_model(subject_type)._meta.verbose_name))
    except (LookupError, ValueError):
        return subject_type


def state_in_words(state: str) -> str:
    """States are written as the words of the code (`in_review`); the catalogue knows them with spaces."""
    words = state.replace("_", " ")
    named = pgettext("stage", words) if words else ""
    return _(words) if words == named and words else named


def place_in_words(entry: AuditEntry) -> str:
    return entry.address or _("command line")


def moment_in_words(entry: AuditEntry) -> str:
    style = site_style()
    seconds = format_digits(f"{local_time(entry.at, style):%H:%M:%S}", style)
    return f"{format_date(entry.at, style)} {seconds}"
