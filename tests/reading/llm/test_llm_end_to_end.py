"""A folder read by a language model from the command line: cost, limits, Ctrl-C and resuming."""

import json
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from marchland.cli import main
from marchland.theatre import open_theatre

CAPTURED = {
    "predicate": "captures",
    "subject": "The Vale Front",
    "object": "the Orvand army",
    "place": "Dravish",
    "when": "Monday",
    "speaker": None,
    "modality": "asserted",
    "firmness": "sure",
    "quote": "The Vale Front captured Dravish",
}
INVENTED = {**CAPTURED, "quote": "The Vale Front lost Dravish"}
WHO = ("--source", "Wire", "--date", "2021-03-17", "--reader", "llm")
PRICES = {"price_in": "1", "price_out": "2"}
# A shell that starts this in the background has interrupts ignored; a terminal has not.
START = (
    "import signal; signal.signal(signal.SIGINT, signal.default_int_handler); "
    "from marchland.cli import main; main()"
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Six reports, no two alike."""
    there = tmp_path / "reports"
    there.mkdir()
    for n in range(6):
        text = f"The Vale Front captured Dravish from the Orvand army on Monday. Dispatch {n}."
        (there / f"{n}.txt").write_text(text, "utf-8")
    return there


@pytest.fixture
def words(service: Any, mine: Path, folder: Path) -> Callable[..., list[str]]:
    """The command line that reads those reports."""

    def made(**settings: str) -> list[str]:
        given = {"endpoint": service.url, "model": "m", "at_once": "2", **settings}
        asked = [w for name, value in given.items() for w in ("--set", f"{name}={value}")]
        return ["-t", str(mine), "read", str(folder), *WHO, *asked]

    return made


@pytest.fixture
def command(
    words: Callable[..., list[str]],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Callable[..., tuple[int, str, str]]:
    """Run it here: exit code, stdout, stderr."""

    def called(**settings: str) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["marchland", *words(**settings)])
        capsys.readouterr()
        left = 0
        try:
            main()
        except SystemExit as leave:
            left = int(leave.code or 0)
        return (left, *capsys.readouterr())

    return called


def test_what_was_dropped_and_what_it_cost_is_said(service, command) -> None:
    service.says(CAPTURED, INVENTED)
    code, out, err = command(**PRICES)
    assert code == 0
    assert "6 claims added from 6 new reports" in out
    assert err.count("its quote does not stand in the text") == 6
    assert "6 requests" in err
    assert "6000 tokens in, 600 out; 0.0072 USD" in err
    assert "6 known already" in command()[1]
    assert len(service.asked) == 6


def test_interrupted_and_run_again_nothing_is_asked_twice(
    service, words, command, mine: Path
) -> None:
    service.says(CAPTURED, sleep=0.3)
    process = subprocess.Popen(
        [sys.executable, "-c", START, *words()], stderr=subprocess.PIPE, text=True
    )
    while len(service.asked) < 3 and process.poll() is None:
        time.sleep(0.02)
    process.send_signal(signal.SIGINT)
    err = process.communicate()[1]
    assert process.returncode == 128 + signal.SIGINT
    assert "run again to resume" in err
    assert "requests" in err
    asked = len(service.asked)
    assert asked < 6
    with open_theatre(mine) as theatre:
        recorded = len(theatre.claims(place="Dravish"))
    code, out, err = command()
    assert code == 0
    with open_theatre(mine) as theatre:
        assert len(theatre.claims(place="Dravish")) == 6
    assert f"from {6 - recorded} new report" in out
    assert f"{6 - asked} requests" in err
    assert set(Counter(service.texts).values()) == {1}


def test_a_limit_keeps_what_was_paid_for(service, command) -> None:
    service.says(CAPTURED, usage={"prompt_tokens": 1000, "completion_tokens": 1000})
    code, out, err = command(**PRICES, spend_limit="0.02", max_tokens="2000")
    assert code == 1
    assert "could pass the limit" in err
    read = len(service.asked)
    assert 0 < read < 6
    assert f"from {read} new report" in out
    code, out, _ = command(**PRICES, spend_limit="1")
    assert code == 0
    assert f"from {6 - read} new report" in out
    assert set(Counter(service.texts).values()) == {1}


def test_the_theatre_s_own_settings_are_used(service, command, mine: Path) -> None:
    service.says(CAPTURED)
    with (mine / "theatre.toml").open("a", encoding="utf-8") as file:
        file.write(f"\n[reader.llm]\nprice_in = 1\nprice_out = {json.dumps(2.0)}\n")
    assert "0.0072 USD" in command()[2]


@pytest.mark.parametrize(
    ("settings", "why"),
    [
        ({"endpoint": "http://example.org/v1"}, "use https"),
        ({"endpoint": ""}, "sent nowhere unless you say where"),
        ({"colour": "red"}, "no setting colour"),
    ],
)
def test_what_is_refused_is_refused_in_a_line(
    service, command, settings: dict[str, str], why: str
) -> None:
    code, out, err = command(**settings)
    assert (code, out, err.count("\n")) == (1, "", 1)
    assert why in err
    assert service.asked == []
