"""Which addresses are public, whatever form they are written in."""

import pytest

from ingest.fetching.guard import judge

FORBIDDEN = [
    ("loopback", "127.0.0.1"),
    ("loopback-far", "127.255.255.254"),
    ("this-host", "0.0.0.0"),
    ("this-network", "0.1.2.3"),
    ("private-10", "10.0.0.1"),
    ("private-172", "172.16.0.1"),
    ("private-192", "192.168.1.1"),
    ("metadata", "169.254.169.254"),
    ("link-local", "169.254.0.1"),
    ("metadata-alibaba", "100.100.100.200"),
    ("metadata-azure", "168.63.129.16"),
    ("metadata-oracle", "192.0.0.192"),
    ("shared", "100.64.0.1"),
    ("benchmark", "198.18.0.1"),
    ("documentation", "192.0.2.1"),
    ("documentation-2", "198.51.100.1"),
    ("documentation-3", "203.0.113.1"),
    ("multicast", "224.0.0.1"),
    ("reserved", "240.0.0.1"),
    ("broadcast", "255.255.255.255"),
    ("v6-loopback", "::1"),
    ("v6-unspecified", "::"),
    ("v6-compatible", "::127.0.0.1"),
    ("v6-mapped", "::ffff:127.0.0.1"),
    ("v6-mapped-metadata", "::ffff:169.254.169.254"),
    ("v6-translated", "::ffff:0:127.0.0.1"),
    ("v6-nat64", "64:ff9b::7f00:1"),
    ("v6-nat64-metadata", "64:ff9b::a9fe:a9fe"),
    ("v6-nat64-local", "64:ff9b:1::808:808"),
    ("v6-6to4", "2002:7f00:1::"),
    ("v6-teredo-server", "2001:0:7f00:1::"),
    ("v6-teredo-client", "2001:0:808:808::80ff:fffe"),
    ("v6-isatap", "2620:fe::5efe:7f00:1"),
    ("v6-metadata", "fd00:ec2::254"),
    ("v6-unique-local", "fc00::1"),
    ("v6-link-local", "fe80::1"),
    ("v6-link-local-zone", "fe80::1%1"),
    ("v6-site-local", "fec0::1"),
    ("v6-multicast", "ff02::1"),
    ("v6-discard", "100::1"),
    ("v6-documentation", "2001:db8::1"),
    ("v6-documentation-2", "3fff::1"),
    ("v6-orchid", "2001:20::1"),
]


@pytest.mark.parametrize("address", [pytest.param(address, id=name) for name, address in FORBIDDEN])
def test_forbidden_forms(address: str) -> None:
    """Every form of an address that is not public is refused."""
    assert judge(address) == "blocked-address"


@pytest.mark.parametrize(
    "address",
    [
        pytest.param("8.8.8.8", id="public"),
        pytest.param("172.32.0.1", id="just-outside-private"),
        pytest.param("2606:4700:4700::1111", id="v6-public"),
        pytest.param("::ffff:8.8.8.8", id="case_08-mapped"),
        pytest.param("64:ff9b::808:808", id="case_08-nat64"),
        pytest.param("2002:808:808::1", id="case_08-6to4"),
    ],
)
def test_public_forms(address: str) -> None:
    """Public addresses are open, and forms that embed one are judged by it."""
    assert judge(address) is None
