"""The map page: one file that opens offline, with what reports say kept harmless."""

import base64
import hashlib
import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from marchland.errors import BadInput
from marchland.estimate import Because
from marchland.maps import MapPage, draw_map, view_of
from marchland.theatre import Theatre
from marchland.vocabulary.model import Place

BEFORE, NOW, AS_OF = "2021-02-01", "2021-06-01", "2022-02-01"
HOSTILE = "</script><img src=x onerror=alert(1)><b>"
ARABIC = "البوكمال"


@pytest.fixture(scope="module")
def page(vale: Theatre) -> MapPage:
    first, second = (
        vale.map(on=day, as_of=AS_OF, corridor=vale.corridor(on=day, as_of=AS_OF))
        for day in (BEFORE, NOW)
    )
    return first.joined(second)


@pytest.fixture(scope="module")
def hostile(vale: Theatre) -> MapPage:
    """A day in which a place, a holder, a report, a speaker and the title are markup."""
    place = Place(id="evil", name=HOSTILE, lat=-35.3, lon=-19.2)
    arabic = Place(id="arabic", name=ARABIC, lat=-35.2, lon=-19.0, population=900_000)
    answers = []
    for spot, quote in ((place, HOSTILE), (arabic, "سيطر الجيش على البوكمال")):
        estimate = vale.control("Ollenby", on=NOW, as_of=AS_OF)
        claim = next(b.claim for b in estimate.because if b.claim.to_json()["quote"])
        report = replace(claim.report, title=HOSTILE, source=replace(claim.source, name=HOSTILE))
        said = replace(claim, quote=quote, end=claim.begin + len(quote), report=report)
        answers.append(
            replace(
                estimate,
                about={"place": {"id": spot.id, "name": spot.name}},
                names=dict.fromkeys(estimate.p, HOSTILE),
                because=(Because(claim=said, weight=0.1),),
            )
        )
    road = vale.corridor(on=NOW, as_of=AS_OF)
    return draw_map(
        answers,
        vocabulary=vale.vocabulary.extended(places=[place, arabic]),
        roads=vale.roads,
        corridor=replace(road, assumptions=(HOSTILE,), traveller_name=HOSTILE),
        title=HOSTILE,
        on=road.on,
        as_of=road.as_of,
    )


class Parts(HTMLParser):
    """A page's elements, and the text of its scripts and styles."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.texts: dict[str, list[str]] = {"script": [], "style": []}
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        if self.tags and self.tags[-1][0] in self.texts and data.strip():
            self.texts[self.tags[-1][0]].append(data)


def embedded(html: str) -> Any:
    found = re.search(r'<script id="data"[^>]*>(.*?)</script>', html, re.DOTALL)
    assert found
    return json.loads(found.group(1))


def test_every_sentence_is_the_span_of_a_report(page: MapPage, vale: Theatre) -> None:
    told = embedded(page.to_html())
    cited = [
        claim_id
        for frame in told["frames"]
        for answer in (*frame["held"].values(), frame["corridor"])
        for claim_id, _ in answer["because"]
    ]
    assert len(cited) > 40
    assert set(cited) == set(told["claims"])
    for claim_id, shown in told["claims"].items():
        claim = vale.ledger.claim(claim_id)
        if shown["quote"] is None:
            assert claim.begin is None
            continue
        text = vale.ledger.text(shown["report"])
        assert " ".join(text[shown["begin"] : shown["end"]].split()) == shown["quote"]
        whole = f"{shown['head']}{shown['quote']}{shown['tail']}"
        assert " ".join(whole.split()) in " ".join(text.split())
        assert shown["source"] == claim.source.name
        assert shown["published"] == str(claim.published)


def test_every_place_said_anything_about_has_sentences(page: MapPage) -> None:
    for frame in page.frames:
        for held in frame["held"].values():
            assert bool(held["because"]) == (held["claims"] > 0)


def test_the_page_asks_nothing_of_the_network(page: MapPage) -> None:
    html = page.to_html()
    for tag, attributes in Parts(html).tags:
        assert tag not in {"iframe", "object", "embed", "base", "form", "img"}
        for name in ("src", "href", "action", "srcset"):
            assert (attributes.get(name) or "#").startswith(("#", "data:")), (tag, attributes)
    assert not re.search(r"url\(\s*['\"]?\s*(https?:)?//", html)
    assert "@import" not in html


def test_its_policy_names_its_own_scripts_and_styles_and_lets_nothing_else_in(
    page: MapPage,
) -> None:
    parts = Parts(page.to_html())
    policy = next(a["content"] for t, a in parts.tags if a.get("http-equiv")) or ""
    assert "unsafe" not in policy
    assert policy.startswith("default-src 'none'")
    assert "connect-src 'none'" in policy
    run = [a for t, a in parts.tags if t == "script" and a.get("type") != "application/json"]
    named = set(re.findall(r"'(sha256-[^']+)'", policy))
    digests = {
        "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
        for kind in ("script", "style")
        for text in parts.texts[kind]
    }
    assert named <= digests
    assert len(named) == len(run) + len(parts.texts["style"])


def test_it_is_no_more_than_a_few_megabytes_and_a_day_more_costs_little(page: MapPage) -> None:
    one = MapPage(
        title=page.title, frames=page.frames[:1], places=page.places, roads=page.roads,
        names=page.names,
    )  # fmt: skip
    two_days, one_day = (len(p.to_html().encode()) for p in (page, one))
    assert two_days < 2_000_000
    assert two_days - one_day < 60_000


def test_what_a_report_says_cannot_break_out_of_the_page(hostile: MapPage) -> None:
    html = hostile.to_html()
    assert HOSTILE not in html
    assert HOSTILE in {c["quote"] for c in embedded(html)["claims"].values()}
    assert not [a for t, a in Parts(html).tags if t == "img" or "onerror" in a]


def test_half_a_character_out_of_a_broken_file_is_written_all_the_same(
    page: MapPage, tmp_path: Path
) -> None:
    broken = "half \udc80 pair"
    places = {**page.places, "broken": {**page.places["ollenby"], "name": broken}}
    saved = replace(page, places=places).save(tmp_path / "map.html")
    assert embedded(saved.read_text("utf-8"))["places"]["broken"]["name"] == broken


def test_a_page_that_cannot_be_written_says_so(page: MapPage, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(BadInput, match="can't be written"):
        page.save(tmp_path / "file" / "map.html")


def test_what_is_seen_first_is_the_road_not_the_farthest_place(page: MapPage) -> None:
    many = {f"p{i}": {"lat": 10 + i / 100, "lon": 20.0} for i in range(100)}
    low, high = view_of({**many, "far": {"lat": 60.0, "lon": 90.0}}) or ([], [])
    assert high < [12, 30]
    assert low < high
    corners = view_of(page.places, page.frames)
    assert corners is not None
    for place in ("pellisk", "joruvel"):
        spot = page.places[place]
        assert corners[0][0] <= spot["lat"] <= corners[1][0]
        assert corners[0][1] <= spot["lon"] <= corners[1][1]
    assert view_of({}) is None


@contextmanager
def opened(
    browser: Browser, file: Path, *, at: str = "", width: int = 1200, height: int = 800
) -> Iterator[Page]:
    """The page in a browser; fails if it logs an error, opens a dialog or asks for anything."""
    tab = browser.new_page(viewport={"width": width, "height": height})
    wrong: list[str] = []
    tab.on("pageerror", lambda error: wrong.append(str(error)))
    tab.on("console", lambda said: wrong.append(said.text))
    tab.on("dialog", lambda asked: (wrong.append(asked.message), asked.dismiss()))
    tab.on(
        "request", lambda r: None if r.url.startswith(("file:", "data:")) else wrong.append(r.url)
    )
    tab.goto(file.as_uri() + at)
    tab.wait_for_selector("body[data-ready]")
    yield tab
    assert wrong == []
    tab.close()


@pytest.mark.browser
def test_in_a_browser_the_days_move(browser: Browser, page: MapPage, tmp_path: Path) -> None:
    with opened(browser, page.save(tmp_path / "map.html"), at=f"#on={BEFORE}") as tab:
        assert tab.inner_text("#verdict").casefold().startswith("broken")
        assert "Orvand" in (tab.get_attribute('[data-place="ollenby"]', "aria-label") or "")
        tab.click("#forth")
        tab.wait_for_selector(f'body[data-ready="{NOW}"]')
        assert tab.inner_text("#verdict").casefold().startswith("open")
        assert "Vale Front" in (tab.get_attribute('[data-place="ollenby"]', "aria-label") or "")
        tab.focus("#slider")
        tab.keyboard.press("ArrowLeft")
        tab.wait_for_selector(f'body[data-ready="{BEFORE}"]')
        assert f"on={BEFORE}" in tab.url


@pytest.mark.browser
def test_in_a_browser_a_click_on_a_place_tells_its_odds_and_sentences(
    browser: Browser, page: MapPage, tmp_path: Path
) -> None:
    file = page.save(tmp_path / "map.html")
    with opened(browser, file, at=f"#on={NOW}") as tab:
        tab.locator('path[data-place="dravish"]').click(force=True)
        panel = tab.locator('#panel[data-place="dravish"]').inner_text()
        held = page.frames[1]["held"]["dravish"]
        assert "Dravish" in panel
        assert f"On {NOW}, as known on {AS_OF}" in panel
        assert f"{held['claims']} claims from {held['sources']} sources" in panel
        for odds in held["odds"]:
            assert odds["name"] in panel
        for told in held["because"]:
            if told["quote"]:
                assert f"\u201c{told['head']}{told['quote']}{told['tail']}\u201d" in panel
            assert f"{told['source']}, {told['published']}" in panel
        tab.click("#panel button.road")
        assert tab.locator("#panel h2").inner_text() == "Pellisk \u2013 Joruvel"


@pytest.mark.browser
def test_in_a_browser_the_road_is_told_before_any_place_is_asked_for(
    browser: Browser, page: MapPage, tmp_path: Path
) -> None:
    with opened(browser, page.save(tmp_path / "map.html"), at=f"#on={NOW}") as tab:
        panel = tab.inner_text("#panel")
        road = page.frames[1]["corridor"]
        order = [panel.casefold().index(w) for w in ("open", "weakest points", "likeliest route")]
        assert order == sorted(order)
        for stop in road["route"]:
            assert stop["name"] in panel
        tab.locator("#panel button.place").last.click()
        tab.wait_for_selector("#panel[data-place]")


@pytest.mark.browser
def test_in_a_browser_uncertain_ground_is_hatched_and_unknown_ground_hollow(
    browser: Browser, vale: Theatre, tmp_path: Path
) -> None:
    early = "2021-03-20"
    drawn = vale.map(on="2021-05-20", as_of=early, corridor=None)
    with opened(browser, drawn.save(tmp_path / "map.html")) as tab:
        seen = set()
        for place, held in drawn.frames[0]["held"].items():
            path = tab.locator(f'path[data-place="{place}"]')
            fill, edge = path.get_attribute("fill") or "", path.get_attribute("stroke-dasharray")
            if held["best"] is None:
                assert fill == "#fff"
                assert edge is not None
                seen.add("unknown")
            elif held["best"] == "contested" or held["odds"][0]["p"] < 0.8:
                assert fill.startswith("url(#f-")
                seen.add("uncertain")
            else:
                assert re.fullmatch(r"#[0-9A-F]{6}", fill)
                seen.add("sure")
        assert {"uncertain", "sure"} <= seen


@pytest.mark.browser
def test_in_a_browser_places_can_be_reached_and_read_by_keyboard(
    browser: Browser, page: MapPage, tmp_path: Path
) -> None:
    with opened(browser, page.save(tmp_path / "map.html"), at=f"#on={NOW}") as tab:
        assert tab.locator('path[tabindex="0"]').count() == 1
        tab.focus('path[tabindex="0"]')
        first = tab.evaluate("document.activeElement.dataset.place")
        reached = {first}
        for key in ("ArrowRight", "ArrowRight", "ArrowDown", "ArrowUp"):
            tab.keyboard.press(key)
            reached.add(tab.evaluate("document.activeElement.dataset.place"))
        assert len(reached) >= 3
        here = tab.evaluate("document.activeElement.dataset.place")
        tab.keyboard.press("Enter")
        tab.wait_for_selector(f'#panel[data-place="{here}"]')
        tab.wait_for_function("document.activeElement.id === 'panel'")
        tab.keyboard.press("Escape")
        assert tab.evaluate("document.activeElement.dataset.place") == here
        unnamed = """[...document.querySelectorAll('button, input, path.spot')].filter(
            e => !e.hidden && !e.ariaLabel && !e.labels?.length && !e.textContent.trim()).length"""
        assert tab.evaluate(unnamed) == 0


@pytest.mark.browser
def test_in_a_browser_names_on_the_map_keep_apart(
    browser: Browser, page: MapPage, tmp_path: Path
) -> None:
    boxes = (
        "[...document.querySelectorAll('.label')].map(e => e.getBoundingClientRect())"
        ".map(b => [b.left, b.top, b.right, b.bottom])"
    )
    for width, height in ((1200, 800), (390, 844)):
        file = page.save(tmp_path / "map.html")
        with opened(browser, file, width=width, height=height) as tab:
            tab.wait_for_selector(".label")
            found = tab.evaluate(boxes)
            apart = [
                a[2] <= b[0] + 1 or b[2] <= a[0] + 1 or a[3] <= b[1] + 1 or b[3] <= a[1] + 1
                for i, a in enumerate(found)
                for b in found[:i]
            ]
            assert len(found) >= 3
            assert all(apart)


@pytest.mark.browser
def test_in_a_browser_markup_in_reports_and_names_is_only_text(
    browser: Browser, hostile: MapPage, tmp_path: Path
) -> None:
    with opened(browser, hostile.save(tmp_path / "map.html")) as tab:
        assert HOSTILE in tab.inner_text("#panel")
        tab.locator('path[data-place="evil"]').hover(force=True)
        assert HOSTILE in tab.locator(".leaflet-tooltip").first.inner_text()
        tab.locator('path[data-place="evil"]').click(force=True)
        tab.wait_for_selector('#panel[data-place="evil"]')
        assert tab.locator("#panel h2").inner_text() == HOSTILE
        assert tab.locator("#panel mark").first.inner_text() == HOSTILE
        assert tab.locator("img").count() == 0
        assert tab.inner_text("h1") == HOSTILE


@pytest.mark.browser
def test_in_a_browser_what_is_written_from_right_to_left_runs_so(
    browser: Browser, hostile: MapPage, tmp_path: Path
) -> None:
    with opened(browser, hostile.save(tmp_path / "map.html")) as tab:
        tab.fill("#find", ARABIC)
        tab.press("#find", "Enter")
        tab.wait_for_selector('#panel[data-place="arabic"]')
        way = "e => getComputedStyle(e).direction"
        assert tab.locator("#panel h2").evaluate(way) == "rtl"
        assert tab.locator("#panel blockquote").first.evaluate(way) == "rtl"
        assert tab.locator(".label", has_text=ARABIC).evaluate(way) == "rtl"
        assert tab.locator("#panel .from").first.evaluate(way) == "ltr"
