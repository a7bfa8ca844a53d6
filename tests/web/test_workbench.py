"""The workbench: the map with a slider and the same answers as JSON, for this machine alone."""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from itertools import pairwise
from typing import Any

import httpx
import pytest
import uvicorn
from playwright.sync_api import Browser, Page

from marchland.theatre import Theatre, inferred, open_theatre
from marchland.web.app import create_app

NOW, AS_OF = "2021-06-01", date(2022, 2, 1)
EVERY = (
    "/", f"/api/frame?on={NOW}", f"/api/control/skarvale?on={NOW}", f"/api/corridor?on={NOW}",
    "/api/why/e:feed", "/api/frame", "/api/frame?on=soon", "/nowhere",
)  # fmt: skip


@contextmanager
def served(as_of: date) -> Iterator[str]:
    """A real server on a free port of loopback, with a theatre of its own thread."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with open_theatre("sample:vale") as theatre:
        config = uvicorn.Config(create_app(theatre, as_of=as_of), port=port, log_level="error")
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, daemon=True)
        thread.start()
        while not server.started and thread.is_alive():
            time.sleep(0.05)
        yield f"http://127.0.0.1:{port}"
        server.should_exit = True
        thread.join()


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with served(AS_OF) as address:
        yield address


@pytest.fixture(scope="module")
def client(address: str) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=address, timeout=30, trust_env=False) as client:
        yield client


# -------------------------------------------------------------------- answers


def test_a_frame_is_a_day_with_odds_and_the_corridor(client: httpx.Client) -> None:
    frame = client.get("/api/frame", params={"on": NOW}).json()
    assert frame["on"] == NOW
    assert frame["as_of"] == AS_OF.isoformat()
    assert frame["corridor"]["status"] == "open"
    assert frame["held"]["skarvale"]["odds"]


def test_a_frame_says_of_every_place_what_the_library_says(
    client: httpx.Client, vale: Theatre
) -> None:
    held = client.get("/api/frame", params={"on": NOW}).json()["held"]
    for estimate in vale.control_all(on=NOW, as_of=AS_OF):
        shown = held[estimate.about["place"]["id"]]
        assert shown["best"] == estimate.best
        assert {o["who"]: o["p"] for o in shown["odds"]} == pytest.approx(
            dict(estimate.p), abs=1e-3
        )


def test_a_place_is_the_same_answer_as_the_librarys(client: httpx.Client, vale: Theatre) -> None:
    told = client.get("/api/control/Skarvale", params={"on": NOW}).json()
    estimate = vale.control("Skarvale", on=NOW, as_of=AS_OF)
    assert told["id"] == estimate.id
    assert told["estimate"] == estimate.to_json()
    assert (told["place"], told["on"], told["as_of"]) == ("skarvale", NOW, AS_OF.isoformat())
    assert (told["claims"], told["sources"]) == (estimate.n_claims, estimate.n_sources)


def test_every_sentence_behind_a_place_stands_in_its_report(
    client: httpx.Client, vale: Theatre
) -> None:
    told = client.get("/api/control/Ollenby", params={"on": NOW}).json()
    quoted = [b for b in told["because"] if b["quote"]]
    assert len(quoted) >= 3
    for b in quoted:
        text = vale.ledger.text(b["report"])
        assert " ".join(text[b["begin"] : b["end"]].split()) == b["quote"]
        assert " ".join(f"{b['head']}{b['quote']}{b['tail']}".split()) in " ".join(text.split())
        assert b["source"]
        assert b["published"] <= AS_OF.isoformat()


def test_a_corridor_can_be_asked_for_and_traced_to_its_sentences(client: httpx.Client) -> None:
    told = client.get("/api/corridor", params={"on": NOW}).json()
    assert told["status"] == told["summary"]["status"] == "open"
    why = client.get(f"/api/why/{told['id']}").json()
    assert {c["id"] for c in why["claims"]} == {b["id"] for b in told["because"]}


def test_another_corridor_can_be_asked_for(client: httpx.Client) -> None:
    asked = {
        "on": NOW, "origin": "Quenmoor", "destination": "Joruvel", "via": "Veskary",
        "traveller": "Orvand",
    }  # fmt: skip
    told = client.get("/api/corridor", params=asked).json()
    assert told["summary"]["road"] == "Quenmoor \u2013 Veskary \u2013 Joruvel"
    assert told["status"] == "broken"


def test_later_reports_are_not_used_when_asked_as_of_an_earlier_day() -> None:
    with served(date(2021, 4, 30)) as address:
        asked = httpx.get(f"{address}/api/frame?on=2021-04-30", trust_env=False, timeout=30)
    early = asked.json()
    assert early["as_of"] == "2021-04-30"
    assert early["held"]["ollenby"]["best"] == "orvand"


def test_a_field_of_control_is_inferred_once_whatever_the_days(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    inferences: list[Any] = []
    real = inferred.infer_control

    def counted(*args: Any, **kwargs: Any) -> Any:
        inferences.append(kwargs["start"])
        return real(*args, **kwargs)

    monkeypatch.setattr(inferred, "infer_control", counted)
    with served(AS_OF) as address, httpx.Client(base_url=address, trust_env=False) as client:
        assert client.get("/").status_code == 200
        for day in ("2021-01-08", "2021-05-05", "2021-12-31"):
            assert client.get(f"/api/frame?on={day}").status_code == 200
            assert client.get(f"/api/control/ollenby?on={day}").status_code == 200
        assert client.get("/api/control/Nineveh?on=2021-05-05").status_code == 404
    assert len(inferences) == 1


# -------------------------------------------------------------------- refusals


@pytest.mark.parametrize(
    ("path", "status", "says"),
    [
        ("/api/control/nowhere-at-all?on=2021-06-01", 404, "nowhere-at-all"),
        ("/api/control/skarvael?on=2021-06-01", 404, "Did you mean Skarvale"),
        ("/api/control/Reykjavik?on=2021-06-01", 404, "Reykjavik"),
        ("/api/control/lower-mirrow?on=2021-06-01", 400, "area"),
        ("/api/control/skarvale?on=soon", 400, "YYYY-MM-DD"),
        ("/api/control/skarvale", 422, "?on="),
        ("/api/frame", 422, "?on="),
        ("/api/frame?on=31-31-31", 400, "YYYY-MM-DD"),
        ("/api/frame?on=2021-02-30", 400, "2021-02-30"),
        ("/api/frame?on=1700-01-01", 400, "2021-01-01 to 2022-02-01"),
        ("/api/corridor?on=2021-06-01&origin=Pellisk&destination=Pellisk", 400, "same place"),
        ("/api/corridor?on=2021-06-01&traveller=Nobody+Known", 404, "Nobody Known"),
        ("/api/why/e:feed", 404, "e:feed"),
        ("/api/why/feed", 400, "starts with e:"),
        ("/api/nothing", 404, "Not Found"),
    ],
)
def test_what_cannot_be_answered_is_said_plainly(
    client: httpx.Client, path: str, status: int, says: str
) -> None:
    answer = client.get(path)
    assert answer.status_code == status
    assert says in answer.json()["detail"]


@pytest.mark.parametrize(
    "host",
    ["example.org", "127.0.0.1.example.org", "localhost.example.org:8765", "[::1]", "", "10.0.0.1"],
)
def test_a_foreign_host_name_is_refused_with_what_to_do(client: httpx.Client, host: str) -> None:
    answer = client.get(f"/api/frame?on={NOW}", headers={"host": host})
    assert answer.status_code == 403
    assert "127.0.0.1 or localhost" in answer.json()["detail"]


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "LOCALHOST:8765"])
def test_loopback_is_answered_under_each_of_its_names(client: httpx.Client, host: str) -> None:
    assert client.get(f"/api/frame?on={NOW}", headers={"host": host}).status_code == 200


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_another_sites_page_gets_no_answers(client: httpx.Client, site: str) -> None:
    answer = client.get(f"/api/frame?on={NOW}", headers={"sec-fetch-site": site})
    assert answer.status_code == 403
    assert "own page" in answer.json()["detail"]


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH"])
def test_nothing_can_be_written(client: httpx.Client, method: str) -> None:
    assert client.request(method, f"/api/frame?on={NOW}").status_code == 405


@pytest.mark.parametrize("path", EVERY)
def test_every_answer_lets_nothing_in_from_elsewhere(client: httpx.Client, path: str) -> None:
    for host in (None, "example.org"):
        headers = client.get(path, headers={"host": host} if host else None).headers
        policy = headers["content-security-policy"]
        assert policy.startswith("default-src 'none'")
        assert "connect-src 'self'" in policy
        assert "frame-ancestors 'none'" in policy
        assert "unsafe" not in policy
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["cross-origin-resource-policy"] == "same-origin"
        assert "access-control-allow-origin" not in headers


# -------------------------------------------------------------------- in a browser


@contextmanager
def opened(browser: Browser, address: str, *, width: int = 1200) -> Iterator[Page]:
    """The workbench in a browser; fails if it logs anything or asks for anything elsewhere."""
    tab = browser.new_page(viewport={"width": width, "height": 844})
    wrong: list[str] = []
    own = (address.partition("#")[0], "data:")
    tab.on("pageerror", lambda error: wrong.append(str(error)))
    tab.on("console", lambda said: wrong.append(said.text))
    tab.on("request", lambda r: None if r.url.startswith(own) else wrong.append(r.url))
    tab.goto(address)
    tab.wait_for_selector("body[data-ready]")
    yield tab
    assert wrong == []
    tab.close()


@pytest.mark.browser
def test_in_a_browser_the_slider_moves_the_map_a_week_at_a_time(
    browser: Browser, address: str
) -> None:
    with opened(browser, address) as tab:
        assert tab.get_attribute("body", "data-ready") == AS_OF.isoformat()
        tab.fill("#slider", "4")
        tab.wait_for_selector('body[data-ready="2021-01-29"]')
        assert tab.inner_text("#verdict").casefold().startswith("broken")
        assert "Orvand" in (tab.get_attribute('[data-place="kestrane"]', "aria-label") or "")
        tab.focus("#slider")
        tab.keyboard.press("ArrowRight")
        tab.wait_for_selector('body[data-ready="2021-02-05"]')
        tab.click("#back")
        tab.wait_for_selector('body[data-ready="2021-01-29"]')
        assert tab.get_attribute("#slider", "aria-valuetext") == "2021-01-29"


@pytest.mark.browser
def test_in_a_browser_the_next_day_the_same_way_is_asked_for_ahead_and_once(
    browser: Browser, address: str
) -> None:
    asked: list[str] = []
    with opened(browser, address) as tab:
        tab.on("request", lambda r: asked.append(r.url.rpartition("=")[2]))
        tab.fill("#slider", "10")
        tab.wait_for_selector('body[data-ready="2021-03-12"]')
        for ready, ahead in (("2021-03-19", "2021-03-26"), ("2021-03-26", "2021-04-02")):
            with tab.expect_request(lambda r, day=ahead: r.url.endswith(f"on={day}")):
                tab.click("#forth")
            tab.wait_for_selector(f'body[data-ready="{ready}"]')
    assert len(asked) == len(set(asked))


@pytest.mark.browser
def test_in_a_browser_any_day_can_be_named(browser: Browser, address: str) -> None:
    with opened(browser, address) as tab:
        tab.fill("#day", NOW)
        tab.dispatch_event("#day", "change")
        tab.wait_for_selector(f'body[data-ready="{NOW}"]')
        assert tab.inner_text("#verdict").casefold().startswith("open")
        tab.reload()
        tab.wait_for_selector(f'body[data-ready="{NOW}"]')
        tab.click("#forth")
        tab.wait_for_selector('body[data-ready="2021-06-04"]')


@pytest.mark.browser
def test_in_a_browser_a_click_on_a_place_tells_odds_dates_counts_and_sentences(
    browser: Browser, address: str, client: httpx.Client
) -> None:
    told = client.get("/api/control/ollenby", params={"on": NOW}).json()
    with opened(browser, f"{address}#on={NOW}") as tab:
        tab.locator('path[data-place="ollenby"]').click(force=True)
        tab.wait_for_selector('#panel[data-place="ollenby"] ul.because li')
        panel = tab.inner_text("#panel")
        assert f"On {NOW}, as known on {AS_OF}" in panel
        assert f"{told['claims']} claims from {told['sources']} sources" in panel
        for odds in told["odds"]:
            assert odds["name"] in panel
        for b in told["because"]:
            assert b["id"] in panel
            assert f"{b['source']}, {b['published']}" in panel
            if b["quote"]:
                assert f"{b['head']}{b['quote']}{b['tail']}" in panel
        tab.click("#forth")
        tab.wait_for_selector('#panel[data-place="ollenby"][data-on="2021-06-04"]')


@pytest.mark.browser
def test_in_a_browser_the_road_comes_with_its_weakest_points_and_route(
    browser: Browser, address: str, client: httpx.Client
) -> None:
    road = client.get("/api/frame", params={"on": NOW}).json()["corridor"]
    with opened(browser, f"{address}#on={NOW}") as tab:
        panel = tab.inner_text("#panel")
        order = [panel.casefold().index(w) for w in ("open", "weakest points", "likeliest route")]
        assert order == sorted(order)
        assert all(stop["name"] in panel for stop in road["route"])
        tab.locator("#panel button.place").first.click()
        tab.wait_for_selector(f'#panel[data-place="{road["weakest"][0]["place"]}"]')


@pytest.mark.browser
def test_in_a_browser_what_the_server_refuses_is_said_on_the_page(
    browser: Browser, address: str
) -> None:
    tab = browser.new_page()
    tab.goto(address)
    tab.wait_for_selector("body[data-ready]")
    tab.route("**/api/**", lambda route: route.fulfill(status=400, json={"detail": "so it is"}))
    tab.fill("#slider", "4")
    tab.wait_for_selector("#verdict:has-text('so it is')")
    tab.close()


@pytest.mark.browser
def test_in_a_browser_on_a_phone_nothing_covers_anything(browser: Browser, address: str) -> None:
    with opened(browser, f"{address}#on={NOW}", width=390) as tab:
        parts = ("header", "#days", "#map", "#panel", "#key")
        boxes = [box for part in parts if (box := tab.locator(part).bounding_box()) is not None]
        assert len(boxes) == 5
        for upper, lower in pairwise(boxes):
            assert upper["y"] + upper["height"] <= lower["y"] + 1
        assert tab.evaluate("document.documentElement.scrollWidth") <= 390
