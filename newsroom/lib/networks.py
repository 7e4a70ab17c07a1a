"""Network addresses, as much of them as is needed: to count who asks, or to keep where a consent came from."""

from ipaddress import ip_address, ip_network

# What one household has for itself, and what is kept of an address for longer: prefix lengths of IPv4 and IPv6.
_HOUSEHOLD = {4: 32, 6: 64}
_REGION = {4: 24, 6: 48}


def household(address: str) -> str:
    """The IPv4 address itself, or the /64 of an IPv6 address, without the length. Raises ValueError."""
    return _cut(address, _HOUSEHOLD)


def region(address: str) -> str:
    """The /24 of an IPv4 address or the /48 of an IPv6 address, without the length. Raises ValueError."""
    return _cut(address, _REGION)


def _cut(address: str, lengths: dict[int, int]) -> str:
    length = lengths[ip_address(address).version]
    return str(ip_network(f"{address}/{length}", strict=False).network_address)
