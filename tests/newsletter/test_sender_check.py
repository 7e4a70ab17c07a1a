"""The name servers are invented here: no test asks real ones."""

import base64

import dns.resolver
import pytest
from cryptography.hazmat.primitives.asymmetric import ed25519, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

from newsletter.admin.sender_words import said
from newsletter.models import SenderCheck
from newsletter.name_servers import NameServers, Unreachable
from newsletter.sender_check import (
    NoDomain,
    aligned,
    check_sender,
    default_selector,
    organisation,
    sender_domains,
)
from tests.factories import make_mailing_list

pytestmark = pytest.mark.django_db

DOMAIN = "news.example.org"
SMTP = "django.core.mail.backends.smtp.EmailBackend"


def rsa_record(bits: int = 2048) -> tuple[str, str]:
    """A private key in PEM and the record that belongs to it."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=bits)
    public = key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
    return pem, f"v=DKIM1; k=rsa; p={base64.b64encode(public).decode()}"


PEM, KEY = rsa_record()
GOOD = {
    DOMAIN: ["v=spf1 ip4:198.51.100.0/24 include:_spf.host.example -all", "verification=1"],
    "_spf.host.example": ["v=spf1 ip6:2001:db8::/32 ~all"],
    f"news._domainkey.{DOMAIN}": [KEY],
    f"_dmarc.{DOMAIN}": ["v=DMARC1; p=reject; rua=mailto:d@example.org"],
}


class Servers:
    """TXT records by name; "mail.example.org" is at 8.8.4.4, the domain has a mail host."""

    def __init__(self, records: dict[str, list[str]], *, down: tuple[str, ...] = (), mx: bool = True) -> None:
        self.records, self.down, self.mx = records, down, mx
        self.asked: list[str] = []

    def texts(self, name: str) -> list[str]:
        self.asked.append(name)
        if name.startswith(self.down):
            raise Unreachable
        return self.records.get(name, [])

    def addresses(self, name: str) -> list[str]:
        return ["8.8.4.4"] if name == "mail.example.org" else []

    def mail_hosts(self, name: str) -> list[str]:
        return ["mail.example.org"] if self.mx else []


def codes(records: dict[str, list[str]], *, selector: str = "news", **servers) -> dict[str, str]:
    """Code to level of what is found."""
    check = check_sender(DOMAIN, selector=selector, resolver=Servers(GOOD | records, **servers))
    for finding in check.result["findings"]:
        assert said(finding).sentence
    return {finding["code"]: finding["level"] for finding in check.result["findings"]}


def test_domain_in_order_has_no_fault() -> None:
    assert codes({}) == {"spf_good": "good", "dkim_good": "good", "dmarc_good": "good", "mx_good": "good"}


def test_answer_is_kept_in_place_of_the_last_one() -> None:
    codes({f"_dmarc.{DOMAIN}": []})
    codes({})
    assert SenderCheck.objects.count() == 1
    assert "dmarc_good" in str(SenderCheck.objects.get().result)


@pytest.mark.parametrize(
    ("record", "expected"),
    [
        ([], {"spf_missing": "bad"}),
        (["v=spf1 -all", "v=spf1 ~all"], {"spf_several": "bad"}),
        (["v=spf1 ip4:198.51.100.0/24"], {"spf_open": "warn"}),
        (["v=spf1 ip4:198.51.100.0/24 ?all"], {"spf_open": "warn"}),
        (["v=spf1 +all"], {"spf_open": "bad"}),
        (["v=spf1 all"], {"spf_open": "bad"}),
        (["v=spf1 redirect=_spf.host.example"], {"spf_good": "good"}),
        (["v=spf1 include:nowhere.example -all"], {"spf_unreadable": "bad"}),
        (["v=spf1 ip4:198.51.100.300 -all"], {"spf_unreadable": "bad"}),
        (["v=spf1 ipv4:198.51.100.1 -all"], {"spf_unreadable": "bad"}),
        (["v=spf1 exp=why.example.org mx -all"], {"spf_good": "good"}),
        (["v=spf10 -all"], {"spf_missing": "bad"}),
        (["V=SPF1 MX -ALL"], {"spf_good": "good"}),
    ],
)
def test_spf(record: list[str], expected: dict[str, str]) -> None:
    found = codes({DOMAIN: record})
    assert {code: level for code, level in found.items() if code.startswith("spf")} == expected


def test_eleven_questions_are_one_too_many_also_when_others_ask_them() -> None:
    chain = {f"s{number}.example": [f"v=spf1 a:h{number}.example include:s{number + 1}.example"] for number in range(4)}
    inside = "v=spf1 include:s0.example mx -all"  # 1 + 4 × 2 + 1
    assert "spf_good" in codes({DOMAIN: [inside], **chain, "s4.example": ["v=spf1 -all"]})
    over = codes({DOMAIN: ["v=spf1 a include:s0.example mx -all"], **chain, "s4.example": ["v=spf1 -all"]})
    assert over["spf_too_many_lookups"] == "bad"


def test_records_that_include_each_other_end() -> None:
    found = codes({DOMAIN: [f"v=spf1 include:{DOMAIN} -all"]})
    assert found["spf_too_many_lookups"] == "bad"
    redirected = codes({DOMAIN: ["v=spf1 redirect=a.example"], "a.example": [f"v=spf1 redirect={DOMAIN}"]})
    assert redirected["spf_too_many_lookups"] == "bad"


def test_mail_server_must_be_named(settings) -> None:
    settings.EMAIL_BACKEND, settings.EMAIL_HOST = SMTP, "mail.example.org"
    assert codes({})["spf_misses_server"] == "warn"
    check = SenderCheck.objects.get()
    assert "v=spf1 ip4:8.8.4.4 ~all" in [finding["put"] for finding in check.result["findings"]]
    for record in ("ip4:8.8.4.0/24", "mx", "a:mail.example.org", "include:_spf.host.example"):
        extra = {"_spf.host.example": ["v=spf1 ip4:8.8.4.4 -all"]}
        assert "spf_good" in codes({DOMAIN: [f"v=spf1 {record} -all"], **extra}), record


@pytest.mark.parametrize("host", ["127.0.0.1", "10.0.0.7", "mail.local"])
def test_server_on_a_private_network_says_nothing(host: str, settings) -> None:
    settings.EMAIL_BACKEND, settings.EMAIL_HOST = SMTP, host
    assert "spf_good" in codes({})


def test_spf_is_about_the_return_path(settings) -> None:
    settings.BOUNCE_ADDRESS = "b@bounces.example.org"
    servers = Servers(GOOD | {"bounces.example.org": ["v=spf1 mx -all"], DOMAIN: []})
    found = check_sender(DOMAIN, selector="news", resolver=servers).result["findings"]
    assert ("spf_good", "bounces.example.org") in [(one["code"], one["name"]) for one in found]


def test_spf_of_a_provider_is_its_own_business(settings) -> None:
    settings.MAIL_PROVIDER = "brevo"
    assert "spf_of_provider" in codes({DOMAIN: []})


@pytest.mark.parametrize(
    ("record", "expected"),
    [
        ([], {"dkim_missing": "bad"}),
        ([KEY, KEY], {"dkim_several": "bad"}),
        (["v=DKIM1; p="], {"dkim_revoked": "bad"}),
        (["v=DKIM1; k=rsa; p=bm90IGEga2V5"], {"dkim_unreadable": "bad"}),
        (["v=DKIM1; k=rsa; p=***"], {"dkim_unreadable": "bad"}),
        ([rsa_record(1024)[1]], {"dkim_short": "warn"}),
        ([KEY.replace("p=", "p= ").replace("v=DKIM1; ", "")], {"dkim_good": "good"}),
    ],
)
def test_dkim(record: list[str], expected: dict[str, str]) -> None:
    found = codes({f"news._domainkey.{DOMAIN}": record})
    assert {code: level for code, level in found.items() if code.startswith("dkim")} == expected


def test_key_of_512_bits_is_believed_by_nobody() -> None:
    # cryptography makes none below 1024 any more, so this one was made elsewhere.
    weak = "MFwwDQYJKoZIhvcNAQEBBQADSwAwSAJBALy3GkJGMoi0BYrlXmyFcLbcIFcfcTDIvDNTwkCOOzZ3e4C2JQ8cNfQhrnLYQfGqIPDpvsPc6TrZbXBoOYXfKjsCAwEAAQ=="  # noqa: E501
    assert codes({f"news._domainkey.{DOMAIN}": [f"v=DKIM1; p={weak}"]})["dkim_weak"] == "bad"


def test_ed25519_key_is_a_key() -> None:
    raw = ed25519.Ed25519PrivateKey.generate().public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
    record = f"v=DKIM1; k=ed25519; p={base64.b64encode(raw).decode()}"
    assert "dkim_good" in codes({f"news._domainkey.{DOMAIN}": [record]})


def test_key_must_be_the_one_that_this_site_signs_with(settings) -> None:
    settings.DKIM_SELECTOR, settings.DKIM_DOMAIN, settings.DKIM_KEY = "news", DOMAIN, PEM
    assert "dkim_good" in codes({})
    other = codes({f"news._domainkey.{DOMAIN}": [rsa_record()[1]]})
    assert other["dkim_other_key"] == "bad"
    (finding,) = [one for one in SenderCheck.objects.get().result["findings"] if one["code"] == "dkim_other_key"]
    assert finding["put"] == KEY


def test_without_a_selector_nobody_can_ask_for_the_key(settings) -> None:
    assert codes({}, selector="")["dkim_no_selector"] == "unknown"
    settings.MAIL_PROVIDER = "mailjet"
    assert default_selector() == "mailjet"


@pytest.mark.parametrize(
    ("record", "expected"),
    [
        (["v=DMARC1; p=none"], {"dmarc_none": "good"}),
        (["v=DMARC1; p=everything"], {"dmarc_unreadable": "bad"}),
        (["v=DMARC1;p=quarantine", "v=DMARC1;p=none"], {"dmarc_several": "bad"}),
        (["v=DMARC1"], {"dmarc_unreadable": "bad"}),
        ([], {"dmarc_missing": "bad"}),
    ],
)
def test_dmarc(record: list[str], expected: dict[str, str]) -> None:
    found = codes({f"_dmarc.{DOMAIN}": record})
    assert {code: level for code, level in found.items() if code.startswith("dmarc")} == expected


def test_policy_of_the_organisation_counts_for_what_is_below_it() -> None:
    upper = {f"_dmarc.{DOMAIN}": [], "_dmarc.example.org": ["v=DMARC1; p=reject; sp=none"]}
    assert "dmarc_none" in codes(upper)


def test_signature_of_somebody_else_is_not_aligned(settings) -> None:
    settings.DKIM_SELECTOR, settings.DKIM_DOMAIN, settings.DKIM_KEY = "news", "host.example", PEM
    settings.BOUNCE_ADDRESS = "b@host.example"
    found = codes({"news._domainkey.host.example": [KEY], "host.example": ["v=spf1 mx -all"]})
    assert found["dkim_other_domain"] == found["dmarc_not_aligned"] == "bad"


def test_strict_alignment_wants_the_same_domain(settings) -> None:
    settings.DKIM_SELECTOR, settings.DKIM_DOMAIN, settings.DKIM_KEY = "news", "example.org", PEM
    settings.BOUNCE_ADDRESS = "b@example.org"
    records = {"news._domainkey.example.org": [KEY], "example.org": ["v=spf1 mx -all"]}
    assert "dmarc_not_aligned" not in codes(records)
    strict = {f"_dmarc.{DOMAIN}": ["v=DMARC1; p=reject; adkim=s; aspf=s"]}
    assert codes(records | strict)["dmarc_not_aligned"] == "bad"


def test_domain_that_takes_no_mail_is_said() -> None:
    assert codes({}, mx=False)["mx_missing"] == "warn"


def test_silent_name_servers_say_nothing_about_the_domain() -> None:
    found = codes({}, down=("",))
    assert found == {"unreachable": "unknown", "mx_good": "good"}


def test_one_silent_name_server_hides_only_what_it_knows() -> None:
    assert codes({}, down=("_dmarc.",)) == {
        "spf_good": "good",
        "dkim_good": "good",
        "unreachable": "unknown",
        "mx_good": "good",
    }


@pytest.mark.parametrize(
    "typed", ["", "localhost", "news example.org", "news.example.org/../x", "-a.example", "a" * 300]
)
def test_no_domain_is_never_asked_for(typed: str) -> None:
    servers = Servers(GOOD)
    with pytest.raises(NoDomain):
        check_sender(typed, resolver=servers)
    with pytest.raises(NoDomain):
        check_sender(DOMAIN, selector="a b", resolver=servers)
    assert servers.asked == []


@pytest.mark.parametrize("error", [dns.resolver.LifetimeTimeout, dns.resolver.NoNameservers, OSError])
def test_timeout_is_no_failure_of_the_domain(error: type[Exception], monkeypatch) -> None:
    def fail(*args: object, **kwargs: object) -> None:
        raise error

    monkeypatch.setattr(dns.resolver.Resolver, "resolve", fail)
    with pytest.raises(Unreachable):
        NameServers().texts(DOMAIN)


def test_machine_without_name_servers_asks_nobody(monkeypatch) -> None:
    def fail(*args: object, **kwargs: object) -> None:
        raise dns.resolver.NoResolverConfiguration

    monkeypatch.setattr(dns.resolver.Resolver, "__init__", fail)
    check = check_sender(DOMAIN, selector="news")
    assert {finding["level"] for finding in check.result["findings"]} == {"unknown"}


def test_each_question_ends_after_three_seconds() -> None:
    assert NameServers()._resolver.lifetime == 3.0


def test_record_that_leads_to_a_hundred_others_keeps_nobody_waiting(monkeypatch) -> None:
    """Ten hosts of ten places in a record of SPF, each of which may take its three seconds."""
    clock = iter([0.0, 1.0, 19.0, 21.0])
    monkeypatch.setattr("newsletter.name_servers.monotonic", lambda: next(clock))
    monkeypatch.setattr(dns.resolver.Resolver, "resolve", lambda *_args, **_kwargs: [])
    servers = NameServers()
    assert servers.texts(DOMAIN) == servers.texts(DOMAIN) == []
    with pytest.raises(Unreachable):
        servers.texts(DOMAIN)


def test_every_list_with_an_address_of_its_own_has_a_domain(settings) -> None:
    settings.DEFAULT_FROM_EMAIL = "Newsroom <desk@News.Example.org>"
    make_mailing_list(from_email="sport@sport.example.org")
    make_mailing_list(from_email="other@news.example.org")
    assert sender_domains() == ["news.example.org", "sport.example.org"]


@pytest.mark.parametrize(
    ("domain", "expected"),
    [
        ("news.example.org", "example.org"),
        ("a.b.example.co.uk", "example.co.uk"),
        ("example.com.sy", "example.com.sy"),
        ("example.org", "example.org"),
    ],
)
def test_organisation_is_what_somebody_registered(domain: str, expected: str) -> None:
    assert organisation(domain) == expected
    assert not aligned("co.uk", "example.co.uk", strict=False)
