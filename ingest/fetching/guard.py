"""Which addresses may be reached. Public ones, and what the operator allows; everything else is refused at connect."""

from collections.abc import Iterable, Iterator
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

Address = IPv4Address | IPv6Address
Networks = Iterable[IPv4Network | IPv6Network]

BLOCKED = "blocked-address"

# IANA IPv4 Special-Purpose Address Registry, less what is globally reachable, plus two addresses that clouds answer.
_CLOSED4 = tuple(
    IPv4Network(network)
    for network in (
        "0.0.0.0/8",
        "10.0.0.0/8",
        "100.64.0.0/10",  # shared address space; Alibaba's metadata service (100.100.100.200) among it
        "127.0.0.0/8",
        "168.63.129.16/32",  # Azure's wire server: a public address that means the machine itself
        "169.254.0.0/16",  # link-local; the metadata service of most clouds
        "172.16.0.0/12",
        "192.0.0.0/24",
        "192.0.2.0/24",
        "192.88.99.0/24",  # 6to4 relays, retired by RFC 7526
        "192.168.0.0/16",
        "198.18.0.0/15",
        "198.51.100.0/24",
        "203.0.113.0/24",
        "224.0.0.0/4",
        "240.0.0.0/4",
    )
)
# Of IPv6 only 2000::/3 is given out for global unicast (RFC 4291 §2.4); the rest is closed without being listed:
# loopback, unspecified, unique-local (AWS's fd00:ec2::254), link-local, site-local, multicast, discard, SRv6.
_OPEN6 = IPv6Network("2000::/3")
_CLOSED6 = tuple(
    IPv6Network(network)
    for network in (
        "2001::/23",  # IETF protocol assignments; Teredo is taken out of it before
        "2001:db8::/32",
        "3fff::/20",
    )
)
_MAPPED = IPv6Network("::ffff:0:0/96")
_TRANSLATED = IPv6Network("::ffff:0:0:0/96")  # SIIT, RFC 2765
_NAT64 = IPv6Network("64:ff9b::/96")
_SIXTOFOUR = IPv6Network("2002::/16")
_TEREDO = IPv6Network("2001::/32")
_ISATAP = (0x00005EFE, 0x02005EFE)  # RFC 5214 §6.1


def judge(address: Address | str, allow: Networks = ()) -> str | None:
    """Why *address* may not be reached, or None. A form that carries an IPv4 address (mapped, translated, NAT64, 6to4,
    Teredo, ISATAP) is judged by what it carries. *allow* exempts exactly its networks."""
    parsed = ip_address(address.partition("%")[0]) if isinstance(address, str) else address
    allowed = tuple(allow)
    if _within(parsed, allowed):
        return None
    carried = tuple(_carried(parsed))
    if carried:
        return next((BLOCKED for inner in carried if judge(inner, allowed)), None)
    return None if _public(parsed) else BLOCKED


def _within(address: Address, networks: tuple[IPv4Network | IPv6Network, ...]) -> bool:
    return any(address.version == network.version and address in network for network in networks)


def _public(address: Address) -> bool:
    if isinstance(address, IPv4Address):
        return not any(address in network for network in _CLOSED4)
    return address in _OPEN6 and not any(address in network for network in _CLOSED6)


def _carried(address: Address) -> Iterator[IPv4Address]:
    """The IPv4 addresses within an IPv6 one; nothing for an address that carries none."""
    if isinstance(address, IPv4Address):
        return
    bits = int(address)
    if any(address in network for network in (_MAPPED, _TRANSLATED, _NAT64)):
        yield IPv4Address(bits & 0xFFFFFFFF)
    elif address in _SIXTOFOUR:
        yield IPv4Address(bits >> 80 & 0xFFFFFFFF)
    elif address in _TEREDO:
        yield IPv4Address(bits >> 64 & 0xFFFFFFFF)
        yield IPv4Address(~bits & 0xFFFFFFFF)
    elif address in _OPEN6 and bits >> 32 & 0xFFFFFFFF in _ISATAP and not _public(IPv4Address(bits & 0xFFFFFFFF)):
        yield IPv4Address(bits & 0xFFFFFFFF)
