"""Commands run as a person runs them: by `main`, in an empty folder, stdout and stderr apart."""

import json
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from marchland.cli import main


@dataclass(frozen=True, slots=True)
class Done:
    """What a command came to."""

    code: int
    out: str
    err: str

    @property
    def lines(self) -> list[str]:
        return self.out.splitlines()

    def json(self) -> Any:
        """The one document on stdout."""
        return json.loads(self.out)

    def json_lines(self) -> list[Any]:
        """The documents on stdout, one a line."""
        return [json.loads(line) for line in self.lines]


Run = Callable[..., Done]


@pytest.fixture
def run(
    own_cache: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Run:
    """Run a command line; nothing but an exit may come out of it."""
    monkeypatch.chdir(tmp_path)

    def called(*words: object, code: int | None = 0) -> Done:
        monkeypatch.setattr(sys, "argv", ["marchland", *map(str, words)])
        capsys.readouterr()
        left = 0
        try:
            main()
        except SystemExit as leave:
            left = int(leave.code or 0)
        done = Done(left, *capsys.readouterr())
        assert code is None or done.code == code, (words, done)
        assert "Traceback" not in done.err
        return done

    return called


@pytest.fixture
def ask(run: Run) -> Run:
    """Run a command over the vale sample."""
    return lambda *words, code=0: run("-t", "sample:vale", *words, code=code)
