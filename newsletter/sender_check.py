"""Asks the name servers whether others will believe mail that comes from a domain: SPF, DKIM, DMARC and MX.

A check is a list of findings without sentences; newsletter.admin.sender_words says them. What could not be asked is
"unknown" and never "bad": a machine without DNS says nothing about the domain.
"""

import ipaddress
import re
from collections.abc import Callable
from dataclasses import asdict, dataclass
from email.utils import parseaddr

from django.conf import settings
from django.utils import timezone

from newsletter.dkim_record import key_bits, own_record, tags_of
from newsletter.models import MailingList, SenderCheck
from newsletter.name_servers import NameServers, Resolver, Unreachable
from newsletter.spf import MOST_LOOKUPS, Reading, read_spf, spf_records

# Below the first nobody believes the key, below the second some no longer do (RFC 8301).
LEAST_BITS, GOOD_BITS = 1024, 2048
# Second levels under which everybody can register; enough to tell news.example.co.uk from co.uk.
_SHARED = {"ac", "co", "com", "edu", "gov", "mil", "net", "org", "sch"}
_DOMAIN = re.compile(r"(?=.{4,253}\Z)([a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]")
_SELECTOR = re.compile(r"[a-z0-9](?:[a-z0-9._-]{0,61}[a-z0-9])?")
# The selectors that a provider gives to everybody; others have one for each customer, which must be typed.
SELECTORS = {
    "brevo": "brevo1",
    "mailjet": "mailjet",
    "mandrill": "mte1",
    "resend": "resend",
    "sendgrid": "s1",
    "mailgun": "mx",
}


@dataclass(frozen=True)
class Finding:
    """`about` is spf, dkim, dmarc or mx; `level` good, warn, bad or unknown; `code` what the sentence is chosen by.

    `found` is the record as it stands in the DNS, `put` what should stand there, `name` where.
    """

    about: str
    level: str
    code: str
    name: str = ""
    found: str = ""
    put: str = ""
    number: int = 0


class NoDomain(ValueError):
    """What was typed is no domain or no selector."""


def sender_domains() -> list[str]:
    """The domains that mail comes from: of the site, and of lists with an address of their own.

    Without those that no name server knows, such as 127.0.0.1.
    """
    addresses = [parseaddr(settings.DEFAULT_FROM_EMAIL)[1], *MailingList.objects.values_list("from_email", flat=True)]
    domains = dict.fromkeys(_domain_of(address) for address in addresses if "@" in address)
    return [domain for domain in domains if _DOMAIN.fullmatch(domain)]


def default_selector() -> str:
    return settings.DKIM_SELECTOR or SELECTORS.get(settings.MAIL_PROVIDER, "")


def check_sender(domain: str, *, selector: str = "", resolver: Resolver | None = None) -> SenderCheck:
    """Ask, and keep the answer in place of an older one. Raises NoDomain."""
    domain, selector = domain.strip().lower().rstrip("."), selector.strip().lower()
    if not _DOMAIN.fullmatch(domain) or (selector and not _SELECTOR.fullmatch(selector)):
        raise NoDomain(domain)
    result = {"selector": selector, "findings": [asdict(finding) for finding in _findings(domain, selector, resolver)]}
    check, _new = SenderCheck.objects.update_or_create(
        domain=domain, defaults={"checked_at": timezone.now(), "result": result}
    )
    return check


def _findings(domain: str, selector: str, resolver: Resolver | None) -> list[Finding]:
    try:
        resolver = resolver or NameServers()
    except Unreachable:
        return [Finding(about, "unknown", "unreachable") for about in ("spf", "dkim", "dmarc", "mx")]
    asking: dict[str, Callable[[Resolver], list[Finding]]] = {
        "spf": lambda servers: spf_findings(servers, envelope_domain(domain)),
        "dkim": lambda servers: dkim_findings(servers, domain, selector),
        "dmarc": lambda servers: dmarc_findings(servers, domain),
        "mx": lambda servers: mx_findings(servers, domain),
    }
    found = []
    for about, ask in asking.items():
        try:
            found += ask(resolver)
        except Unreachable:
            found.append(Finding(about, "unknown", "unreachable"))
    return found


def envelope_domain(domain: str) -> str:
    """The domain of the return path, which SPF is about (RFC 7208 §2.4)."""
    return _domain_of(settings.BOUNCE_ADDRESS) or domain


def spf_findings(resolver: Resolver, domain: str) -> list[Finding]:
    if settings.MAIL_PROVIDER and not settings.BOUNCE_ADDRESS:
        return [Finding("spf", "good", "spf_of_provider", name=domain)]
    records = spf_records(resolver, domain)
    if not records:
        return [Finding("spf", "bad", "spf_missing", name=domain, put=_spf_for(resolver))]
    if len(records) > 1:
        return [Finding("spf", "bad", "spf_several", name=domain, found=" ⏎ ".join(records), number=len(records))]
    reading = read_spf(resolver, domain, records[0])
    found = [
        *_spf_end(reading, domain, records[0]),
        *_spf_size(reading, domain, records[0]),
        *_spf_server(resolver, reading, domain, records[0]),
    ]
    return found or [Finding("spf", "good", "spf_good", name=domain, found=records[0], number=reading.lookups)]


def _spf_end(reading: Reading, domain: str, record: str) -> list[Finding]:
    if reading.ends_with in {"-all", "~all"} or "redirect=" in record.lower():
        return []
    level = "bad" if reading.ends_with == "+all" else "warn"
    bare = " ".join(term for term in record.split() if term.lower().lstrip("+-~?") != "all")
    return [Finding("spf", level, "spf_open", name=domain, found=record, put=f"{bare} ~all")]


def _spf_size(reading: Reading, domain: str, record: str) -> list[Finding]:
    found = []
    if reading.lookups > MOST_LOOKUPS:
        found.append(Finding("spf", "bad", "spf_too_many_lookups", name=domain, found=record, number=reading.lookups))
    if reading.errors:
        found.append(Finding("spf", "bad", "spf_unreadable", name=domain, found=", ".join(reading.errors)))
    return found


def _spf_server(resolver: Resolver, reading: Reading, domain: str, record: str) -> list[Finding]:
    """Whether the server that we hand mail to stands in the record; it may pass mail on to others, hence a warning."""
    addresses = _public_addresses(resolver)
    if not addresses or reading.holds(addresses):
        return []
    return [Finding("spf", "warn", "spf_misses_server", name=domain, found=record, put=_spf_for(resolver))]


def _spf_for(resolver: Resolver) -> str:
    """A record that names the mail server, where it is known."""
    addresses = _public_addresses(resolver)
    terms = [f"ip{ipaddress.ip_address(address).version}:{address}" for address in addresses]
    return " ".join(["v=spf1", *(terms or ["mx"]), "~all"])


def _public_addresses(resolver: Resolver) -> list[str]:
    """Of the SMTP server in EMAIL_URL; none when it is this machine or a private network."""
    host = getattr(settings, "EMAIL_HOST", "") if not settings.MAIL_PROVIDER else ""
    if not host or settings.EMAIL_BACKEND != "django.core.mail.backends.smtp.EmailBackend":
        return []
    try:
        found = [str(ipaddress.ip_address(host))]
    except ValueError:
        found = resolver.addresses(host)
    return [address for address in found if ipaddress.ip_address(address).is_global]


def dkim_findings(resolver: Resolver, domain: str, selector: str) -> list[Finding]:
    if not selector:
        return [Finding("dkim", "unknown", "dkim_no_selector")]
    signer = settings.DKIM_DOMAIN or domain
    name = f"{selector}._domainkey.{signer}"
    # A key whose record names no version is a key too (RFC 6376 §3.6.1).
    records = [tags_of(text) for text in resolver.texts(name) if "p=" in text.replace(" ", "")]
    if not records:
        return [Finding("dkim", "bad", "dkim_missing", name=name, put=own_record())]
    if len(records) > 1:
        return [Finding("dkim", "bad", "dkim_several", name=name, number=len(records))]
    found = _key_findings(records[0], name)
    if not aligned(signer, domain, strict=False):
        found.append(Finding("dkim", "bad", "dkim_other_domain", name=signer, found=domain))
    return found or [Finding("dkim", "good", "dkim_good", name=name, number=key_bits(records[0]))]


def _key_findings(record: dict[str, str], name: str) -> list[Finding]:
    if not record.get("p"):
        return [Finding("dkim", "bad", "dkim_revoked", name=name)]
    bits = key_bits(record)
    if bits < 0:
        return [Finding("dkim", "bad", "dkim_unreadable", name=name, put=own_record())]
    if (own := own_record()) and tags_of(own)["p"] != record["p"]:
        return [Finding("dkim", "bad", "dkim_other_key", name=name, put=own)]
    if 0 < bits < LEAST_BITS:
        return [Finding("dkim", "bad", "dkim_weak", name=name, number=bits)]
    if 0 < bits < GOOD_BITS:
        return [Finding("dkim", "warn", "dkim_short", name=name, number=bits)]
    return []


def dmarc_findings(resolver: Resolver, domain: str) -> list[Finding]:
    """Where the domain has none of its own, that of the organisation counts (RFC 7489 §6.6.3)."""
    places = list(dict.fromkeys([domain, organisation(domain)]))
    for place in places:
        name = f"_dmarc.{place}"
        records = [text for text in resolver.texts(name) if re.match(r"v\s*=\s*DMARC1\s*(;|$)", text)]
        if len(records) > 1:
            return [Finding("dmarc", "bad", "dmarc_several", name=name, number=len(records))]
        if records:
            return _policy_findings(records[0], name, domain, is_inherited=place != domain)
    return [Finding("dmarc", "bad", "dmarc_missing", name=f"_dmarc.{domain}", put="v=DMARC1; p=none")]


def _policy_findings(record: str, name: str, domain: str, *, is_inherited: bool) -> list[Finding]:
    tags = tags_of(record)
    policy = (tags.get("sp") if is_inherited and tags.get("sp") else tags.get("p", "")).lower()  # type: ignore[union-attr]
    if policy not in {"none", "quarantine", "reject"}:
        return [Finding("dmarc", "bad", "dmarc_unreadable", name=name, found=record, put="v=DMARC1; p=none")]
    found = [_alignment(tags, domain)]
    code = "dmarc_none" if policy == "none" else "dmarc_good"
    return [Finding("dmarc", "good", code, name=name, found=record), *(finding for finding in found if finding)]


def _alignment(tags: dict[str, str], domain: str) -> Finding | None:
    """A mail passes when SPF or DKIM passes for a domain that belongs to that of its From (RFC 7489 §3.1)."""
    signer = settings.DKIM_DOMAIN or domain
    by_dkim = aligned(signer, domain, strict=tags.get("adkim", "r").lower() == "s")
    by_spf = aligned(envelope_domain(domain), domain, strict=tags.get("aspf", "r").lower() == "s")
    if by_dkim or (by_spf and not settings.MAIL_PROVIDER):
        return None
    return Finding("dmarc", "bad", "dmarc_not_aligned", name=signer, found=domain)


def mx_findings(resolver: Resolver, domain: str) -> list[Finding]:
    """Somebody must be there to get answers, and what could not be delivered."""
    found = []
    for place in dict.fromkeys([domain, envelope_domain(domain)]):
        hosts = resolver.mail_hosts(place)
        if hosts and any(hosts):
            continue
        if hosts or not resolver.addresses(place):  # one empty host says: no mail here (RFC 7505)
            level = "bad" if settings.BOUNCE_ADDRESS and place == envelope_domain(domain) else "warn"
            found.append(Finding("mx", level, "mx_missing", name=place))
    return found or [Finding("mx", "good", "mx_good", name=domain)]


def aligned(one: str, other: str, *, strict: bool) -> bool:
    return one == other or (not strict and organisation(one) == organisation(other))


def organisation(domain: str) -> str:
    """The domain that somebody has registered, as far as it can be told without the list of public suffixes."""
    labels = domain.split(".")
    shared = len(labels) > 2 and len(labels[-1]) == 2 and labels[-2] in _SHARED
    return ".".join(labels[-3:] if shared else labels[-2:])


def _domain_of(address: str) -> str:
    domain = address.rpartition("@")[2].strip().lower()
    try:
        return domain.encode("idna").decode() if domain else ""
    except UnicodeError:
        return ""
