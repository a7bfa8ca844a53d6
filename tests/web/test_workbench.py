"""The workbench: the map with a slider and the same answers as JSON, for this machine alone."""

import socket
import threading
import time
from collections.abc import Iterator
from datetime import date

import httpx
import pytest
import uvicorn
from playwright.sync_api import Browser

from marchland.theatre import Theatre, open_theatre
from marchland.web.app import create_app

NOW, AS_OF = "2021-06-01", date(2022, 2, 1)


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """A real server on a free port of loopback, with a theatre of its own thread."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    theatre = open_theatre("sample:vale")
    config = uvicorn.Config(create_app(theatre, as_of=AS_OF), port=port, log_level="error")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started and thread.is_alive():
        time.sleep(0.05)
    yield f"http://127.0.0.1:{port}"
    server.should_exit = True
    thread.join()
    theatre.close()


@pytest.fixture(scope="module")
def client(address: str) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=address, timeout=30, trust_env=False) as client:
        yield client


def test_the_page_may_fetch_nothing_from_elsewhere(client: httpx.Client) -> None:
    answer = client.get("/")
    assert answer.status_code == 200
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "connect-src 'self'" in policy


def test_a_frame_is_a_day_with_odds_and_the_corridor(client: httpx.Client) -> None:
    frame = client.get("/api/frame", params={"on": NOW}).json()
    assert frame["on"] == NOW
    assert frame["as_of"] == AS_OF.isoformat()
    assert frame["corridor"]["status"] == "open"
    assert frame["held"]["skarvale"]["odds"]


def test_a_place_is_the_same_answer_as_the_librarys(client: httpx.Client, vale: Theatre) -> None:
    told = client.get("/api/control/Skarvale", params={"on": NOW}).json()
    assert told["id"] == vale.control("Skarvale", on=NOW, as_of=AS_OF).id
    assert told["because"][0]["quote"]


def test_a_corridor_can_be_asked_for(client: httpx.Client) -> None:
    told = client.get("/api/corridor", params={"on": NOW}).json()
    assert told["summary"]["status"] == "open"
    why = client.get(f"/api/why/{told['id']}")
    assert why.status_code == 200


@pytest.mark.parametrize(
    ("path", "status", "says"),
    [
        ("/api/control/nowhere-at-all?on=2021-06-01", 404, "nowhere-at-all"),
        ("/api/control/skarvale?on=soon", 400, "YYYY-MM-DD"),
        ("/api/frame?on=31-31-31", 400, "YYYY-MM-DD"),
        ("/api/frame?on=1700-01-01", 400, "1700-01-01"),
        ("/api/why/e:feed", 404, "e:feed"),
    ],
)
def test_what_cannot_be_answered_is_said_plainly(
    client: httpx.Client, path: str, status: int, says: str
) -> None:
    answer = client.get(path)
    assert answer.status_code == status
    assert says in answer.json()["detail"]


def test_a_foreign_host_name_is_refused(client: httpx.Client) -> None:
    assert client.get("/", headers={"host": "example.org"}).status_code == 403


def test_in_a_browser_the_slider_moves_the_map_and_a_click_tells_sentences(
    browser: Browser, address: str
) -> None:
    tab = browser.new_page(viewport={"width": 1200, "height": 800})
    wrong: list[str] = []
    tab.on("pageerror", lambda error: wrong.append(str(error)))
    tab.on(
        "request", lambda r: None if r.url.startswith((address, "data:")) else wrong.append(r.url)
    )
    tab.goto(address)
    tab.wait_for_selector("body[data-ready]")
    last = tab.get_attribute("body", "data-ready")
    tab.fill("#slider", "4")
    tab.wait_for_function("last => document.body.dataset.ready !== last", arg=last)
    tab.locator("path.leaflet-interactive").first.click(force=True)
    tab.wait_for_selector("#panel ul.because li")
    assert "as known on 2022-02-01" in tab.inner_text("#panel")
    tab.set_viewport_size({"width": 390, "height": 844})
    panel, legend = (tab.locator(x).bounding_box() for x in ("#panel", "#legend"))
    assert panel is not None
    assert legend is not None
    assert panel["y"] + panel["height"] <= legend["y"] + 1
    assert wrong == []
    tab.close()
