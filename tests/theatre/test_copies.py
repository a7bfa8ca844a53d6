"""Copied reports in a theatre: one observation in every answer, listed with its printers."""

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest

from marchland.claims import Claim, PlaceRef, Ref, Report, Source
from marchland.dates import Span
from marchland.ledger import open_ledger
from marchland.roads import RoadNetwork
from marchland.theatre import Theatre, copies, read_settings, sample_folder
from marchland.vocabulary import Vocabulary

DAY = date(2021, 6, 1)
WIRE = (
    "Fighters of the Vale Front captured Dravish from the Orvand army on Tuesday after a night of "
    "shelling, residents said. The army drew back over the bridge and left its heavy guns behind."
)
LONG = " ".join(
    f"Nothing of note was heard from {place} by the evening of that long and quiet day in summer."
    for place in ("the mill", "the upper pasture", "the old customs house", "the western ford")
)


def printed(outlet: str, text: str, day: int) -> tuple[Claim, str]:
    report = Report.of(
        f"{outlet}{text}".encode(),
        title=f"{outlet} on Dravish",
        source=Source(id=outlet, name=outlet.title()),
        published=DAY + timedelta(days=day),
    )
    quote = "captured Dravish from the Orvand army"
    begin = text.index(quote)
    claim = Claim(
        predicate="captures",
        report=report,
        subject=Ref(id="vale-front", name="Vale Front"),
        object=Ref(id="orvand-army", name="Orvand army"),
        place=PlaceRef(id="dravish", name="Dravish", geo_precision="settlement"),
        valid=Span.day(DAY),
        quote=quote,
        begin=begin,
        end=begin + len(quote),
    )
    return claim, text


Printed = Callable[..., Theatre]


@pytest.fixture
def printing() -> Printed:
    folder = sample_folder("vale")
    vocabulary = Vocabulary.load(folder)

    def made(*told: tuple[Claim, str]) -> Theatre:
        ledger = open_ledger("sqlite://")
        for claim, text in told:
            ledger.record([claim], report=claim.report, text=text)
        return Theatre(
            folder=None,
            settings=read_settings(folder / "theatre.toml"),
            vocabulary=vocabulary,
            ledger=ledger,
            roads=RoadNetwork.empty(),
        )

    return made


def test_repetition_is_no_confirmation(printing: Printed) -> None:
    once = printing(printed("alpha", WIRE, 0))
    often = printing(*(printed(o, WIRE, n) for n, o in enumerate(("alpha", "beta", "gamma"))))
    as_of = DAY + timedelta(days=5)
    one, many = (t.control("Dravish", on=DAY, as_of=as_of) for t in (once, often))
    assert many.n_sources == one.n_sources == 1
    assert many.p[many.best or ""] == pytest.approx(one.p[one.best or ""], abs=1e-3)


def test_a_group_names_its_printers_first_to_last(printing: Printed) -> None:
    theatre = printing(
        printed("beta", WIRE.replace("drew back", "withdrew"), 1),
        printed("alpha", WIRE, 0),
        printed("gamma", f"{LONG} {WIRE.split('. ')[0]}. {LONG.upper()}", 2),
    )
    (group,) = theatre.duplicates()
    assert [s.id for s in group.sources] == ["alpha", "beta", "gamma"]
    assert [p.whole for p in group.printings] == [True, True, False]
    assert group.printings[2].passage.startswith("Fighters of the Vale Front")
    (earlier,) = theatre.duplicates(as_of=DAY + timedelta(days=1))
    assert earlier.printings == group.printings[:2]
    assert theatre.duplicates(as_of=DAY) == []


def test_what_is_kept_of_a_large_ledger_is_what_is_found(
    printing: Printed, monkeypatch: pytest.MonkeyPatch, own_cache: Path
) -> None:
    theatre = printing(printed("alpha", WIRE, 0), printed("beta", WIRE, 1))
    found = copies.copies_of(theatre.ledger)
    room = own_cache / "marchland" / "copies"
    before = set(room.glob("*.json"))
    monkeypatch.setattr(copies, "_WORTH_KEEPING", 0)
    assert copies.copies_of(theatre.ledger) == found
    (kept,) = set(room.glob("*.json")) - before
    assert copies.copies_of(theatre.ledger) == found != []
    kept.write_text("spoilt", encoding="utf-8")
    assert copies.copies_of(theatre.ledger) == found
    kept.unlink()
