"""What the check of a sender's domain found, in sentences that say what to do."""

import re
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from newsroom.lib.bidi import isolate
from newsroom.lib.dates import format_digits
from newsroom.lib.site_style import site_style

_PLACES = re.compile(r"%\((\w+)\)s")
_LEVELS: dict[str, str | Promise] = {
    "good": _("good"),
    "warn": _("worth mending"),
    "bad": _("must be mended"),
    "unknown": _("could not be asked"),
}
_ABOUT = {"spf": "SPF", "dkim": "DKIM", "dmarc": "DMARC", "mx": "MX"}

_SENTENCES: dict[str, str | Promise] = {
    "unreachable": _("The name servers did not answer in time. This says nothing about the domain; ask again later."),
    "spf_of_provider": _("The provider sends with a return path of its own, so its SPF record counts and not yours."),
    "spf_missing": _("%(name)s has no SPF record, so anybody may send in its name."),
    "spf_several": _("%(name)s has %(number)s SPF records; mail servers then believe none. Join them into one."),
    "spf_open": _("The SPF record of %(name)s does not end with ~all or -all, so it refuses nobody."),
    "spf_too_many_lookups": _(
        "The SPF record of %(name)s needs %(number)s questions to the name servers; after ten others give up."
    ),
    "spf_unreadable": _("The SPF record of %(name)s holds something that cannot be read or leads nowhere: %(found)s"),
    "spf_misses_server": _(
        "The SPF record of %(name)s does not name the mail server of this site. If that server hands mail on to "
        "another, the other one has to be named."
    ),
    "spf_good": _("The SPF record of %(name)s is in order."),
    "dkim_no_selector": _("Type the selector under which your mail server or provider signs, then ask again."),
    "dkim_missing": _("At %(name)s is no key, so no signature can be verified."),
    "dkim_several": _("At %(name)s are %(number)s keys; there must be one."),
    "dkim_revoked": _("The key at %(name)s is withdrawn (its record is empty)."),
    "dkim_unreadable": _("What stands at %(name)s is no key."),
    "dkim_other_key": _("The key at %(name)s is another one than this site signs with."),
    "dkim_weak": _("The key at %(name)s has %(number)s bits; below 1024 nobody believes it. Make one of 2048."),
    "dkim_short": _("The key at %(name)s has %(number)s bits. Make one of 2048 when you next change it."),
    "dkim_other_domain": _("Mail is signed by %(name)s, which does not belong to %(found)s."),
    "dkim_good": _("The key at %(name)s is in order."),
    "dmarc_missing": _("There is no DMARC record at %(name)s. Gmail, Yahoo and Outlook ask for one from bulk senders."),
    "dmarc_several": _("At %(name)s are %(number)s DMARC records; mail servers then believe none."),
    "dmarc_unreadable": _("The DMARC record at %(name)s has no policy that can be read."),
    "dmarc_none": _(
        "The DMARC record at %(name)s watches only (p=none). That is enough to begin; later p=quarantine "
        "keeps others from using your name."
    ),
    "dmarc_good": _("The DMARC record at %(name)s is in order."),
    "dmarc_not_aligned": _(
        "Neither the signature nor the return path belongs to %(found)s, so DMARC fails: let %(found)s be signed for."
    ),
    "mx_missing": _("%(name)s takes no mail: answers of readers and reports about bounces get lost."),
    "mx_good": _("%(name)s takes mail."),
}


@dataclass(frozen=True)
class Said:
    about: str
    level: str
    level_label: str | Promise
    sentence: str
    found: str
    put: str
    name: str


def said(finding: dict[str, Any]) -> Said:
    """A finding of newsletter.sender_check as it is shown."""
    code = finding["code"]
    words = {
        "name": isolate(finding["name"]),
        "found": isolate(finding["found"]),
        "number": format_digits(finding["number"], site_style()),
    }
    return Said(
        about=_ABOUT[finding["about"]],
        level=finding["level"],
        level_label=_LEVELS[finding["level"]],
        # The names stand in boxes of their own, so the whole is markup.
        sentence=format_html(_PLACES.sub(r"{\1}", str(_SENTENCES[code])), **words),
        found=finding["found"] if code != "dmarc_not_aligned" and code != "dkim_other_domain" else "",
        put=finding["put"],
        name=finding["name"],
    )
