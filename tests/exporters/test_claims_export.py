"""Claims written to a table and read back are the same claims, whatever they say."""

import csv
import json
import string
import tempfile
from datetime import date, timedelta
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from marchland.claims import (
    PREDICATES,
    Claim,
    Kind,
    Modality,
    PlaceRef,
    Ref,
    Report,
    Source,
)
from marchland.dates import Precision, Span
from marchland.errors import BadInput, MissingExtra
from marchland.exporters import claims_table
from marchland.importers import COLUMNS, ClaimsTable
from marchland.vocabulary.model import Actor, Answer, Place, Resolution


class Knows:
    """A vocabulary that knows nobody, so that every actor and place comes from the table."""

    def find_actor(self, id):
        return None

    def find_place(self, id):
        return None

    def resolve_actor(self, name, **_context):
        return Resolution(name=name, answer=Answer.UNKNOWN)

    resolve_place = resolve_actor

    def extended(self, **_own):
        return self


def text(*, surrogates=False):
    """Any text that is not empty, as a cell can't tell an empty one from none."""
    forbidden = () if surrogates else ("Cs",)
    return st.text(st.characters(exclude_categories=forbidden), min_size=1, max_size=12) | (
        st.sampled_from([" padded ", 'a "quoted", one', "two\nlines", "a\r\nb", "a\rb", "البوكمال",
                         "=1+1", "None", "nan", "0", "2017-06-04", "a\x00b", "\ufeffx", "x;y|z\t"])
    )  # fmt: skip


days = st.dates(date(1900, 1, 1), date(2100, 1, 1))


def optional(strategy):
    return st.none() | strategy


@st.composite
def claims(draw, surrogates=False):
    words = text(surrogates=surrogates)
    refs = st.builds(Ref, id=words, name=words, text=optional(words))
    coordinates = optional(st.tuples(st.floats(-90, 90), st.floats(-180, 180)))
    lat, lon = draw(coordinates) or (None, None)
    place = PlaceRef(
        id=draw(words), name=draw(words), text=draw(optional(words)), lat=lat, lon=lon,
        geo_precision=draw(st.sampled_from(["settlement", "area", "crossing", "unknown"])),
    )  # fmt: skip
    start, width = draw(optional(days)), draw(optional(st.integers(1, 9999)))
    after = None if width is None else (start or date(2000, 1, 1)) + timedelta(days=width)
    predicate = draw(st.sampled_from(sorted(PREDICATES)))
    needs_place = PREDICATES[predicate] is Kind.CONTROL
    begin = draw(optional(st.integers(0, 10**9)))
    return Claim(
        predicate=predicate,
        report=Report(
            id=draw(words), title=draw(words), source=Source(id=draw(words), name=draw(words)),
            published=draw(optional(days)),
            sha256=draw(st.text(string.hexdigits, min_size=1, max_size=8)),
            path=draw(optional(words)), url=draw(optional(words)),
        ),
        subject=draw(refs), object=draw(optional(refs)), speaker=draw(optional(refs)),
        place=place if needs_place else draw(optional(st.just(place))),
        valid=Span(start=start, end=after, precision=draw(st.sampled_from(Precision))),
        modality=draw(st.sampled_from(Modality)),
        quote=draw(words) if begin is not None else draw(optional(words)),
        begin=begin, end=None if begin is None else begin + draw(st.integers(1, 99)),
        p_read=draw(st.floats(0, 1)), reader=draw(words), corrects=draw(optional(words)),
    )  # fmt: skip


def there_and_back(written, ending):
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"claims{ending}"
        assert claims_table.write(written, path) == len(written)
        loaded = ClaimsTable().load(path, vocabulary=Knows())
    assert loaded.rejected == ()
    return loaded


def records(found):
    return [c.to_json() for c in found]


@pytest.mark.parametrize("ending", [".csv", ".tsv", ".jsonl", ".parquet"])
def test_the_same_claims_come_back(ending):
    surrogates = ending == ".jsonl"

    @settings(max_examples=60, deadline=None)
    @given(
        st.lists(claims(surrogates=surrogates), min_size=1, max_size=5, unique_by=lambda c: c.id)
    )
    def check(written):
        loaded = there_and_back(written, ending)
        assert records(loaded.claims) == records(written)
        assert [w for w in loaded.warnings if "id they carry" in w] == []

    check()


def claim(**changes):
    fields = {
        "predicate": "holds",
        "report": Report.of(b"x", title="T", source=Source(id="w", name="W"),
                            published=date(2017, 6, 18)),
        "subject": Ref(id="army", name="Army"),
        "place": PlaceRef(id="ford", name="Ford", lat=34.5, lon=41.0, geo_precision="crossing"),
        **changes,
    }  # fmt: skip
    return Claim(**fields)


def test_places_and_actors_come_with_the_claims():
    loaded = there_and_back([claim()], ".csv")
    assert loaded.actors == (Actor(id="army", name="Army"),)
    assert [(p.id, p.kind, p.lat) for p in loaded.places] == [("ford", "crossing", 34.5)]
    assert isinstance(loaded.places[0], Place)


def test_a_row_that_was_edited_is_a_new_claim_and_told(tmp_path):
    path = tmp_path / "claims.csv"
    claims_table.write([claim()], path)
    path.write_text(path.read_text("utf-8").replace("asserted", "denied"), "utf-8")
    loaded = ClaimsTable().load(path, vocabulary=Knows())
    assert loaded.claims[0].modality is Modality.DENIED
    assert any("id they carry: 1" in w for w in loaded.warnings)


def test_the_columns_are_the_records_fields(tmp_path):
    path = tmp_path / "claims.csv"
    claims_table.write([claim()], path)
    with path.open(encoding="utf-8", newline="") as file:
        (row,) = csv.DictReader(file)
    assert tuple(row) == COLUMNS
    whole = claim(object=Ref(id="o", name="O"), speaker=Ref(id="s", name="S"))
    assert set(claims_table.flat(whole.to_json())) == set(COLUMNS)
    assert (row["id"], row["place.lat"], row["subject.name"]) == (claim().id, "34.5", "Army")


def test_json_lines_are_the_records(tmp_path):
    path = tmp_path / "claims.jsonl"
    claims_table.write([claim(), claim(predicate="loses")], path)
    lines = path.read_text("utf-8").splitlines()
    assert [json.loads(line) for line in lines] == records([claim(), claim(predicate="loses")])


def test_parquet_has_numbers_as_numbers(tmp_path):
    path = tmp_path / "claims.parquet"
    claims_table.write([claim(), claim(quote="x", begin=3, end=4)], path)
    frame = pd.read_parquet(path)
    assert list(frame["place.lat"]) == [34.5, 34.5]
    assert frame["begin"].tolist()[1] == 3


def test_no_claims_make_a_table_without_rows():
    for ending in (".csv", ".parquet"):
        loaded = there_and_back([], ending)
        assert loaded.claims == ()


class TestWhatCannotBeWritten:
    def test_an_ending_that_says_nothing(self, tmp_path):
        with pytest.raises(BadInput, match=r"claims\.xlsx: can't tell what to write.*\.parquet"):
            claims_table.write([claim()], tmp_path / "claims.xlsx")

    def test_a_folder_that_is_not_there(self, tmp_path):
        with pytest.raises(BadInput, match="there is no folder"):
            claims_table.write([claim()], tmp_path / "none" / "claims.csv")

    def test_a_folder_in_its_place(self, tmp_path):
        (tmp_path / "claims.csv").mkdir()
        with pytest.raises(BadInput, match="it is a folder"):
            claims_table.write([claim()], tmp_path / "claims.csv")

    def test_a_full_disk_leaves_what_was_there(self, tmp_path):
        path = tmp_path / "claims.csv"
        path.write_text("as it was")

        def runs_out():
            yield claim()
            raise OSError(28, "No space left on device")

        with pytest.raises(BadInput, match="No space left"):
            claims_table.write(runs_out(), path)
        assert path.read_text() == "as it was"
        assert [p.name for p in tmp_path.iterdir()] == ["claims.csv"]

    @pytest.mark.parametrize("ending", [".csv", ".parquet"])
    def test_half_a_character(self, tmp_path, ending):
        with pytest.raises(BadInput, match=r"Write a \.jsonl"):
            claims_table.write([claim(quote="\ud83d")], tmp_path / f"claims{ending}")
        assert list(tmp_path.iterdir()) == []

    def test_without_what_writes_parquet_it_says_what_to_install(self, tmp_path, monkeypatch):
        def missing(name):
            raise ModuleNotFoundError(name)

        monkeypatch.setattr(claims_table.importlib, "import_module", missing)
        with pytest.raises(MissingExtra, match=r"marchland\[lake\]"):
            claims_table.write([claim()], tmp_path / "claims.parquet")
