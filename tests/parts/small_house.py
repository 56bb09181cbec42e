"""A small house behind the real front door: two tiny packages in its lock files, a command line that tells where it is."""

import hashlib
import os
import re
import shutil
import subprocess
import sys
import zipfile
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

COMMAND_LINE = """
import importlib.util, json, os, sys, time

def run(arguments):
    parts = [name for name in ("core_part", "test_part") if importlib.util.find_spec(name)]
    told = {"arguments": arguments, "cwd": os.getcwd(), "prefix": sys.prefix, "argv0": sys.orig_argv[0], "parts": parts}
    print(json.dumps(told), flush=True)
    if arguments == ["wait"]:
        try:
            time.sleep(60)
        except KeyboardInterrupt:
            return 130
    return 7 if arguments == ["seven"] else 0
"""
BROKEN_UV = "raise SystemExit('this uv always fails')\n"


@dataclass(frozen=True, slots=True)
class SmallHouse:
    """A folder with the real front door, and the environment in which it is opened."""

    folder: Path
    environ: dict[str, str]

    @property
    def wheels(self) -> Path:
        """Where the packages lie: beside the house, since pip reads a folder's spaces as separators."""
        return self.folder.parent / "wheels"

    @property
    def door(self) -> Path:
        """The script."""
        return self.folder / "writethru"

    def start(self, *arguments: str, **variables: str) -> subprocess.Popen[str]:
        """Opens the door from its own folder, with more variables where given."""
        return subprocess.Popen(
            [base_python(), str(self.door), *arguments],
            cwd=self.folder,
            env={**self.environ, **variables},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def run(self, *arguments: str, **variables: str) -> tuple[int, str, str]:
        """Opens the door and waits. Returns exit code, stdout and stderr."""
        started = self.start(*arguments, **variables)
        out, err = started.communicate(timeout=120)
        return started.returncode, out, err

    def part(self, name: str, version: str = "1.0") -> None:
        """Makes a tiny package and its lock file: group *core* locks `core_part`."""
        line = wheel(self.wheels, f"{name}_part", version, {f"{name}_part.py": ""})
        (self.folder / "requirements" / f"{name}.txt").write_text(line)


def build(folder: Path, uv: str | None) -> SmallHouse:
    """Builds the house. With the path of an *uv*, that one is on PATH; else the house locks one that always fails."""
    wheels = folder.parent / "wheels"
    wheels.mkdir()
    for name in ("requirements", "cli", "bin", "home"):
        (folder / name).mkdir(parents=True)
    shutil.copy(ROOT / "writethru", folder / "writethru")
    # Whether this machine has a browser is no part of the house.
    door = re.sub(r"(?m)^BROWSERS = .*$", "BROWSERS = ()", (folder / "writethru").read_text("utf-8"))
    (folder / "writethru").write_text(door, "utf-8")
    (folder / "cli" / "main.py").write_text(COMMAND_LINE)
    if uv:
        (folder / "bin" / "uv").symlink_to(uv)
    locked = wheel(wheels, "uv", "1.0", {"uv/__init__.py": "", "uv/__main__.py": BROKEN_UV})
    (folder / "requirements" / "uv.txt").write_text(locked)
    environ = {
        "PATH": f"{folder / 'bin'}:/usr/bin:/bin",
        "HOME": str(folder / "home"),
        **{"PIP_NO_INDEX": "1", "PIP_FIND_LINKS": str(wheels), "PIP_CONFIG_FILE": os.devnull},
        **{"UV_OFFLINE": "1", "UV_FIND_LINKS": str(wheels), "UV_NO_CONFIG": "1"},
    }
    house = SmallHouse(folder, environ)
    house.part("core")
    house.part("test")
    return house


def wheel(folder: Path, name: str, version: str, files: dict[str, str]) -> str:
    """Writes a wheel of these files and returns the locked requirement for it."""
    path = folder / f"{name}-{version}-py3-none-any.whl"
    described = f"{name}-{version}.dist-info"
    contents = {
        **files,
        f"{described}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n",
        f"{described}/WHEEL": "Wheel-Version: 1.0\nGenerator: tests\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    record = "".join(f"{inner},,\n" for inner in (*contents, f"{described}/RECORD"))
    with zipfile.ZipFile(path, "w") as archive:
        for inner, text in {**contents, f"{described}/RECORD": record}.items():
            archive.writestr(inner, text)
    return f"{name.replace('_', '-')}=={version} --hash=sha256:{hashlib.sha256(path.read_bytes()).hexdigest()}\n"


def base_python() -> str:
    """The Python below the environment in which the tests run."""
    return os.path.realpath(sys.executable)


def uv_binary() -> str | None:
    """The uv of this machine: on PATH, or the one that the front door made for this checkout."""
    own = ROOT / ".uv" / "bin" / "uv"
    return shutil.which("uv") or (str(own) if own.exists() else None)
