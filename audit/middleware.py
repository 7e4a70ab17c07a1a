from collections.abc import Callable
from ipaddress import IPv6Address, ip_address

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from audit.origin import Origin, current

GetResponse = Callable[[HttpRequest], HttpResponse]

LONGEST_USER_AGENT = 200


def origin(get_response: GetResponse) -> GetResponse:
    """Keep where the request came from for the time of the request, so that each line of the log can tell it."""

    def middleware(request: HttpRequest) -> HttpResponse:
        user_agent = request.headers.get("User-Agent", "")[:LONGEST_USER_AGENT]
        token = current.set(Origin(address_of(request), user_agent))
        try:
            return get_response(request)
        finally:
            current.reset(token)

    return middleware


def address_of(request: HttpRequest) -> str:
    """The address of the client; "" where there is none that can be read.

    Behind a proxy it is the last of X-Forwarded-For, which our proxy wrote itself. All before it were sent by the
    client, who may write there what he likes; without a proxy that is true of the whole header.
    """
    if settings.BEHIND_PROXY:
        return _normal(request.headers.get("X-Forwarded-For", "").rpartition(",")[2])
    return _normal(request.META.get("REMOTE_ADDR", ""))


def _normal(text: str) -> str:
    """One spelling for each address, without the zone of a link-local one and without IPv4 dressed as IPv6."""
    try:
        address = ip_address(text.strip().partition("%")[0])
    except ValueError:
        return ""
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return str(mapped or address)
