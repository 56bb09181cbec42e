"""The image, the compose file and the unit take away what the service does not need."""

import re
from configparser import ConfigParser

import pytest
import yaml  # type: ignore[import-untyped]

from config.settings import ROOT

COMPOSE = yaml.safe_load((ROOT / "deploy/compose.yaml").read_text(encoding="utf-8"))
OURS = {name: service for name, service in COMPOSE["services"].items() if "build" in service}


def test_case_112_every_role_is_started() -> None:
    """The compose file starts poller, readers, deliverers and web, all from one image."""
    assert {"poll", "read", "deliver", "web"} == OURS.keys()
    assert {"writethru"} == {service["image"] for service in OURS.values()}


@pytest.mark.parametrize("name", sorted(OURS))
def test_case_112_containers_have_the_least(name: str) -> None:
    """Read-only root, one writable folder beside /tmp, no capability, no new privileges, and never a root user."""
    service = OURS[name]
    assert service["read_only"] is True
    assert ["ALL"] == service["cap_drop"]
    assert ["no-new-privileges:true"] == service["security_opt"]
    assert {"/tmp", "/data"} == {mount.partition(":")[0] for mount in service["tmpfs"]}
    assert not {"privileged", "cap_add", "user", "volumes", "network_mode", "pid"} & service.keys()


def test_only_the_web_is_published_and_to_this_machine() -> None:
    """Nobody else has a port, and that one is on the loopback."""
    published = {name: service["ports"] for name, service in COMPOSE["services"].items() if "ports" in service}
    assert {"web": ["127.0.0.1:8700:8700"]} == published


def test_case_112_the_image_runs_as_nobody() -> None:
    """The last user is a number that is not root's, its home is the one volume, and packages are checked by hash."""
    text = (ROOT / "Dockerfile").read_text(encoding="utf-8")
    users = re.findall(r"^USER (\d+)$", text, re.MULTILINE)
    assert users
    assert int(users[-1]) >= 1000
    assert ["/data"] == re.findall(r"^VOLUME (\S+)$", text, re.MULTILINE)
    assert "--require-hashes" in text
    assert "writethru token add" in text  # bound to all addresses it refuses to start without one


def test_case_112_the_unit_has_the_least() -> None:
    """systemd gives no capability, no new privileges, a read-only system and one writable folder."""
    unit = ConfigParser(strict=False, interpolation=None)
    unit.optionxform = str  # type: ignore[assignment, method-assign]
    unit.read(ROOT / "deploy/writethru.service", encoding="utf-8")
    service = unit["Service"]
    assert ("yes", "", "strict", "yes") == tuple(
        service[name] for name in ("NoNewPrivileges", "CapabilityBoundingSet", "ProtectSystem", "ProtectHome")
    )
    assert "writethru" == service["StateDirectory"] == service["User"]
    assert "ReadWritePaths" not in service
