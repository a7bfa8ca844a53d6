"""The map page: one file that opens offline, with what reports say kept harmless."""

import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from marchland.errors import BadInput
from marchland.estimate import Because
from marchland.maps import MapPage, draw_map
from marchland.theatre import Theatre

BEFORE, NOW, AS_OF = "2021-02-01", "2021-06-01", "2022-02-01"


@pytest.fixture(scope="module")
def page(vale: Theatre) -> MapPage:
    first, second = (
        vale.map(on=day, as_of=AS_OF, corridor=vale.corridor(on=day, as_of=AS_OF))
        for day in (BEFORE, NOW)
    )
    return first.joined(second)


def embedded(html: str) -> Any:
    found = re.search(r'<script[^>]*id="data"[^>]*>(.*?)</script>', html, re.DOTALL)
    assert found
    return json.loads(found.group(1))


def test_every_place_has_odds_dates_and_counts(page: MapPage) -> None:
    for frame in page.frames:
        assert frame["as_of"] == AS_OF
        for held in frame["held"].values():
            if held["best"] is not None:
                assert 0.9 < sum(o["p"] for o in held["odds"]) < 1.01
                assert held["claims"] >= 1


def test_every_sentence_is_the_span_of_a_report(page: MapPage, vale: Theatre) -> None:
    shown = [b for f in page.frames for h in f["held"].values() for b in h["because"]]
    assert len(shown) > 20
    for sentence in shown:
        claim = vale.ledger.claim(sentence["id"])
        if sentence["quote"] is None:
            assert claim.begin is None
        else:
            assert claim.begin is not None
            text = vale.ledger.text(claim.report.id)[claim.begin : claim.end]
            assert " ".join(text.split()) == sentence["quote"]


def test_the_page_asks_nothing_of_the_network(page: MapPage) -> None:
    html = page.to_html()
    assert not re.search(r'(?:src|href)="?https?:', html.replace('href="https://leafletjs.com', ""))
    assert not re.search(r"url\(\s*['\"]?https?:", html)
    assert "@import" not in html


def test_what_a_report_says_cannot_break_out_of_the_page(vale: Theatre) -> None:
    estimate = vale.control_all(on=NOW, as_of=AS_OF)[0]
    hostile = "</script><img src=x onerror=alert(1)>"
    claim = replace(next(b.claim for b in estimate.because if b.claim.quote), quote=hostile)
    drawn = draw_map(
        [replace(estimate, because=(Because(claim=claim, weight=0.1),))],
        vocabulary=vale.vocabulary, roads=vale.roads, corridor=None, title=hostile,
        on=estimate.on, as_of=estimate.as_of,
    )  # fmt: skip
    html = drawn.to_html()
    assert hostile not in html
    assert hostile in json.dumps(embedded(html), ensure_ascii=False)


def test_a_page_that_cannot_be_written_says_so(page: MapPage, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(BadInput, match="can't be written"):
        page.save(tmp_path / "file" / "map.html")


def opened(browser: Browser, file: Path) -> tuple[Page, list[str]]:
    tab = browser.new_page(viewport={"width": 1200, "height": 800})
    wrong: list[str] = []
    tab.on("pageerror", lambda error: wrong.append(str(error)))
    tab.on("console", lambda said: wrong.append(said.text) if said.type == "error" else None)
    tab.on(
        "request", lambda r: None if r.url.startswith(("file:", "data:")) else wrong.append(r.url)
    )
    tab.goto(file.as_uri())
    return tab, wrong


def test_in_a_browser_the_days_move_and_a_place_tells_its_sentences(
    browser: Browser, page: MapPage, tmp_path: Path
) -> None:
    tab, wrong = opened(browser, page.save(tmp_path / "map.html"))
    tab.wait_for_selector(f'body[data-ready="{BEFORE}"], body[data-ready="{NOW}"]')
    tab.fill("#slider", "0")
    tab.wait_for_selector(f'body[data-ready="{BEFORE}"]')
    assert "broken" in tab.inner_text("#verdict").casefold()
    tab.fill("#slider", "1")
    tab.wait_for_selector(f'body[data-ready="{NOW}"]')
    assert tab.inner_text("#verdict").casefold().startswith("open")
    name = "Skarvale"
    tab.fill("#find", name)
    tab.press("#find", "Enter")
    tab.wait_for_selector("#panel[data-place]")
    panel = tab.inner_text("#panel")
    assert name in panel
    assert f"On {NOW}, as known on {AS_OF}" in panel
    assert tab.locator("#panel ul.because li").count() >= 1
    assert wrong == []
    tab.close()
