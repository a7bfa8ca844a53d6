"""`marchland serve` as a person starts and stops it."""

import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator

import httpx
import pytest
from click.testing import CliRunner

from marchland.cli import cli
from marchland.errors import BadInput

START = (
    *(sys.executable, "-c", "from marchland.cli import main; main()"),
    *("-t", "sample:vale", "serve", "--port", "0"),
)


@pytest.fixture(scope="module")
def started() -> Iterator[tuple[subprocess.Popen[str], str]]:
    with subprocess.Popen(START, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        said = ""
        for line in process.stderr:
            said += line
            if found := re.search(r"http://[^/\s]+", line):
                yield process, found.group()
                break
        else:
            pytest.fail(f"it never said where it listens: {said}")
        process.kill()


def test_it_says_where_it_listens_and_that_is_loopback(
    started: tuple[subprocess.Popen[str], str],
) -> None:
    _, address = started
    assert re.fullmatch(r"http://127\.0\.0\.1:\d+", address)
    answer = httpx.get(address, trust_env=False, timeout=30)
    assert answer.status_code == 200
    assert "The Mirrow valley" in answer.text


def test_no_other_address_of_the_machine_answers(
    started: tuple[subprocess.Popen[str], str],
) -> None:
    port = int(started[1].rpartition(":")[2])
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.2", port), timeout=5)


def test_ctrl_c_stops_it_as_done(started: tuple[subprocess.Popen[str], str]) -> None:
    process, _ = started
    process.send_signal(signal.SIGINT)
    assert process.wait(timeout=60) == 0


def test_a_port_that_is_taken_is_named_before_any_work() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(BadInput, match=f"port {port} can't be used.*--port 0"):
            CliRunner().invoke(cli, ["serve", "--port", str(port)], catch_exceptions=False, obj={})


def test_a_port_that_is_none_is_refused() -> None:
    told = CliRunner().invoke(cli, ["serve", "--port", "99999"])
    assert told.exit_code == 2
    assert "0 to 65535" in told.output
