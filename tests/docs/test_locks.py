"""The locks pin every requirement, with hashes, within its range, and name no machine or index."""

import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

_PIN = re.compile(r"^([A-Za-z0-9._\[\]-]+)==([^ ;\\]+)(.*?)\\$", re.MULTILINE)


def pins(lock: Path) -> dict[str, set[str]]:
    """Names and the versions they are pinned to; several where that hangs on the Python."""
    found: dict[str, set[str]] = {}
    for name, version, _ in _PIN.findall(lock.read_text("utf-8")):
        found.setdefault(canonicalize_name(name.partition("[")[0]), set()).add(version)
    return found


def asked(root: Path, *, dev: bool) -> list[Requirement]:
    """What pyproject.toml asks for, extras of the project itself opened."""
    project = tomllib.loads((root / "pyproject.toml").read_text("utf-8"))["project"]
    extras = project["optional-dependencies"]
    lines = [*project["dependencies"], *(extras["dev"] if dev else ())]
    found = [Requirement(line) for line in lines]
    for own in [r for r in found if r.name == project["name"]]:
        found.remove(own)
        found += [Requirement(line) for extra in own.extras for line in extras[extra]]
    return found


@pytest.mark.parametrize(
    ("name", "dev"), [("requirements.lock", False), ("requirements-dev.lock", True)]
)
class TestLock:
    """Both locks."""

    def test_every_requirement_is_pinned_within_its_range(
        self, root: Path, name: str, dev: bool
    ) -> None:
        pinned = pins(root / name)
        for requirement in asked(root, dev=dev):
            versions = pinned.get(canonicalize_name(requirement.name), set())
            assert versions, f"{requirement} is not pinned; run `make lock`"
            assert all(requirement.specifier.contains(v) for v in versions), requirement

    def test_every_pin_has_hashes(self, root: Path, name: str, dev: bool) -> None:
        lines = (root / name).read_text("utf-8").splitlines()
        pinned = [i for i, line in enumerate(lines) if line and line[0].isalnum()]
        assert len(pinned) > 40
        assert all("--hash=sha256:" in lines[i + 1] for i in pinned)

    def test_nothing_of_a_machine_or_index_is_in_it(self, root: Path, name: str, dev: bool) -> None:
        text = (root / name).read_text("utf-8")
        assert "://" not in text
        assert not re.search(r"^\s*--(?!hash)", text, re.MULTILINE)
        assert not re.search(r"(^|\s)[./]\S*/", text)


def test_what_the_program_needs_is_pinned_alike_in_both(root: Path) -> None:
    run, dev = pins(root / "requirements.lock"), pins(root / "requirements-dev.lock")
    assert {name: versions for name, versions in run.items() if dev.get(name) != versions} == {}
