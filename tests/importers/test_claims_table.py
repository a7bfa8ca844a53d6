"""The tidy claims table: what it may look like, what it brings, what is refused and why."""

import gzip
import json
from datetime import date

import pandas as pd
import pytest

from marchland.claims import Modality
from marchland.dates import Precision
from marchland.errors import BadInput, MissingExtra
from marchland.importers import ClaimsTable, sheets
from marchland.ledger import open_ledger
from marchland.vocabulary import Actor, Vocabulary

MINIMAL = (
    "predicate,subject.id,subject.name,place.id,place.name,place.lat,place.lon,valid.start,"
    "modality,source.id,source.name,report.published"
)
ROW = (
    "holds,northern-army,Northern Army,ford,Ford,34.5,41.0,2017-06-04,asserted,w,Weekly,2017-06-18"
)


@pytest.fixture
def load(tmp_path, vocabulary):
    """Write a table and load it."""

    def load(content, *, name="table.csv", encoding="utf-8", **options):
        path = tmp_path / name
        data = content if isinstance(content, bytes) else content.encode(encoding)
        path.write_bytes(data)
        return ClaimsTable().load(path, **{"vocabulary": vocabulary, **options})

    return load


def table(**cells):
    """A table of one row: the minimal one with some cells changed or added."""
    row = dict(zip(MINIMAL.split(","), ROW.split(","), strict=True))
    row.update({k.replace("__", "."): v for k, v in cells.items()})
    row = {k: v for k, v in row.items() if v is not None}
    return ",".join(row) + "\n" + ",".join(f'"{v}"' for v in row.values()) + "\n"


def only(loaded):
    assert loaded.rejected == ()
    (claim,) = loaded.claims
    return claim


def refused(loaded):
    assert loaded.claims == ()
    (rejected,) = loaded.rejected
    assert rejected.where.endswith("table.csv, row 2")
    return rejected.why


class TestARow:
    def test_the_minimal_columns_make_a_whole_claim(self, load):
        claim = only(load(f"{MINIMAL}\n{ROW}\n"))
        assert claim.predicate == "holds"
        assert (claim.subject.id, claim.place.id) == ("northern-army", "ford")
        assert (claim.place.lat, claim.place.lon) == (34.5, 41.0)
        assert claim.place.geo_precision == "settlement"
        assert (claim.valid.start, claim.valid.end) == (date(2017, 6, 4), None)
        assert (claim.source.id, claim.source.name) == ("w", "Weekly")
        assert claim.published == date(2017, 6, 18)
        assert (claim.modality, claim.p_read) == (Modality.ASSERTED, 1.0)

    def test_it_is_a_tables_claim_and_not_a_texts(self, load):
        claim = only(load(f"{MINIMAL}\n{ROW}\n"))
        assert not claim.from_text
        assert (claim.quote, claim.begin, claim.end, claim.reader) == (None, None, None, "table/1")
        assert claim.report.title == "table.csv"

    def test_the_order_of_columns_is_free(self, load):
        cells = list(zip(MINIMAL.split(","), ROW.split(","), strict=True))[::-1]
        turned = "\n".join(",".join(c) for c in zip(*cells, strict=True))
        assert only(load(turned)).id == only(load(f"{MINIMAL}\n{ROW}\n")).id

    def test_unknown_columns_are_named_in_a_warning(self, load):
        loaded = load(table(colour="red", **{"subject.mood": "bad"}))
        assert only(loaded)
        (warning,) = loaded.warnings
        assert "colour, subject.mood" in warning

    def test_the_optional_columns_are_read(self, load):
        claim = only(
            load(
                table(
                    object__id="river-guard", speaker__name="the army", valid__end="2018-01-01",
                    quote="x", begin="3", end="4", p_read="0.5", reader="hand/1",
                    report__title="On the Ford", report__url="https://example.org/1",
                    place__geo_precision="area", subject__text="troops", corrects="c:1",
                )
            )
        )  # fmt: skip
        assert (claim.object.id, claim.object.name) == ("river-guard", "River Guard")
        assert (claim.speaker.id, claim.speaker.text) == ("northern-army", "the army")
        assert claim.valid.end == date(2018, 1, 1)
        assert (claim.quote, claim.begin, claim.end, claim.p_read) == ("x", 3, 4, 0.5)
        assert (claim.report.title, claim.report.url) == ("On the Ford", "https://example.org/1")
        assert (claim.place.geo_precision, claim.subject.text) == ("area", "troops")
        assert (claim.reader, claim.corrects) == ("hand/1", "c:1")

    @pytest.mark.parametrize(
        ("start", "precision", "first"),
        [
            ("2017", Precision.YEAR, date(2017, 1, 1)),
            ("2017-06", Precision.MONTH, date(2017, 6, 1)),
            ("2017-06-04T00:00:00", Precision.DAY, date(2017, 6, 4)),
            ("", Precision.UNKNOWN, None),
        ],
    )
    def test_a_date_keeps_its_precision(self, load, start, precision, first):
        valid = only(load(table(valid__start=start))).valid
        assert (valid.start, valid.precision) == (first, precision)

    def test_rows_of_one_source_day_and_title_share_a_report(self, load):
        second, third = ROW.replace("holds", "loses"), ROW.replace("06-18", "06-19")
        loaded = load("\n".join([MINIMAL, ROW, second, third]))
        assert len({c.report.id for c in loaded.claims}) == 2

    def test_a_renamed_table_brings_the_same_claims(self, load):
        assert only(load(table())).id == only(load(table(), name="other.csv")).id

    def test_a_source_by_name_alone_gets_an_id(self, load):
        assert only(load(table(source__id=None))).source.id == "weekly"


class TestWhatItBrings:
    def test_ids_that_are_known_bring_nothing(self, load):
        loaded = load(table())
        assert (loaded.places, loaded.actors) == ((), ())

    def test_a_new_id_with_name_and_coordinates_is_the_ledgers_own(self, load):
        loaded = load(
            table(
                subject__id="hill-men", subject__name="Hill Men", place__id="bridge",
                place__name="Bridge", place__lat="35.25", place__lon="40.5",
            )
        )  # fmt: skip
        assert loaded.actors == (Actor(id="hill-men", name="Hill Men"),)
        (place,) = loaded.places
        assert (place.id, place.name, place.kind) == ("bridge", "Bridge", "town")
        assert (place.lat, place.lon) == (35.25, 40.5)

    def test_each_once_and_differing_coordinates_are_told(self, load):
        rows = [table(place__id="bridge", place__name="Bridge", place__lat=lat) for lat in (35, 36)]
        loaded = load(rows[0] + rows[1].splitlines()[1])
        assert [p.lat for p in loaded.places] == [35.0]
        assert "bridge" in loaded.warnings[0]

    def test_a_new_place_without_coordinates_is_refused(self, load):
        why = refused(load(table(place__id="b", place__name="B", place__lat="", place__lon="")))
        assert "no place with the id 'b' is known" in why

    def test_a_row_that_is_refused_brings_nothing(self, load):
        loaded = load(table(subject__id="new", place__id="new", modality="loud"))
        assert (loaded.actors, loaded.places, loaded.claims) == ((), (), ())

    def test_a_name_alone_is_resolved(self, load):
        claim = only(load(table(subject__id="", subject__name="the army", place__id="",
                                place__name="الفورد", place__lat="", place__lon="")))  # fmt: skip
        assert (claim.subject.id, claim.subject.text) == ("northern-army", "the army")
        assert (claim.place.id, claim.place.name, claim.place.lat) == ("ford", "Ford", 34.5)

    def test_an_unknown_or_ambiguous_name_stays_unresolved(self, load):
        claim = only(load(table(subject__id="", subject__name="Sea People", place__id="",
                                place__name="Mill")))  # fmt: skip
        assert (claim.subject.id, claim.subject.resolved) == ("?sea-people", False)
        assert (claim.place.id, claim.place.resolved) == ("?mill", False)

    def test_a_name_may_be_that_of_an_actor_a_later_row_brings(self, load, vocabulary, tmp_path):
        named = table(subject__id="", subject__name="Hill Men", place__id="", place__name="Bridge")
        brings = table(subject__id="hill-men", subject__name="Hill Men", place__id="bridge",
                       place__name="Bridge")  # fmt: skip
        loaded = load(named + brings.splitlines()[1])
        assert {(c.subject.id, c.place.id) for c in loaded.claims} == {("hill-men", "bridge")}
        known = vocabulary.extended(actors=loaded.actors, places=loaded.places)
        again = ClaimsTable().load(tmp_path / "table.csv", vocabulary=known)
        assert [c.id for c in again.claims] == [c.id for c in loaded.claims]
        assert (again.places, again.actors) == ((), ())

    def test_loaded_twice_the_ledger_knows_it_all(self, load, vocabulary):
        content = table(subject__id="hill-men", place__id="bridge", place__geo_precision="route")
        with open_ledger("sqlite://") as ledger:
            for expected in ((1, 0), (0, 1)):
                known = vocabulary.extended(actors=ledger.own_actors(), places=ledger.own_places())
                loaded = load(content, vocabulary=known)
                ledger.add_places(loaded.places)
                ledger.add_actors(loaded.actors)
                intake = ledger.record(loaded.claims)
                assert (intake.added, intake.known) == expected
            assert [p.id for p in ledger.own_places()] == ["bridge"]
            assert len(ledger.claims(place_ids=["bridge"])) == 1


class TestWhatIsRefused:
    @pytest.mark.parametrize(
        ("cells", "why"),
        [
            ({"predicate": "owns"}, "'owns' is no predicate; choose from"),
            ({"predicate": ""}, "predicate: it is empty"),
            ({"modality": "maybe"}, "'maybe' is no modality; choose from"),
            ({"valid__start": "2017-02-30"}, "valid.start: '2017-02-30' is a date that does not"),
            ({"valid__start": "18/06/2017"}, "valid.start: '18/06/2017' is no date. Write it as"),
            ({"valid__start": "yesterday"}, "'yesterday' is no date"),
            ({"valid__start": "42890"}, "spreadsheet's day number (it would be 2017-06-04)"),
            ({"valid__end": "42890.5"}, "valid.end: '42890.5' looks like a spreadsheet's"),
            ({"valid__end": "2017-06-04"}, "a span must end after it starts"),
            ({"valid__precision": "hour"}, "'hour' is none of day"),
            ({"report__published": "2017-06"}, "report.published: '2017-06' names no day"),
            ({"report__published": "43000"}, "report.published: '43000' looks like"),
            ({"place__lon": ""}, "place.lat is given without place.lon"),
            ({"place__lat": ""}, "place.lon is given without place.lat"),
            ({"place__lat": "134.5"}, "is no point on the globe"),
            ({"place__lat": "north"}, "place.lat: 'north' is no number"),
            ({"place__lat": "nan"}, "place.lat: 'nan' is no number"),
            ({"place__geo_precision": "roughly"}, "'roughly' is none of settlement"),
            ({"p_read": "1.5"}, "p_read must lie in 0..1"),
            ({"p_read": "high"}, "p_read: 'high' is no number"),
            ({"begin": "1"}, "quote, begin and end come together"),
            ({"quote": "x", "begin": "5", "end": "4"}, "begin before it ends"),
            ({"quote": "x", "begin": "-1", "end": "4"}, "begin: '-1' is no whole number"),
            ({"kind": "relation"}, "'relation' is not the kind of 'holds'"),
            ({"source__id": "", "source__name": ""}, "every claim needs a source"),
            ({"place__id": "", "place__name": "", "place__lat": "", "place__lon": ""},
             "needs a place"),
            ({"place__id": "", "place__name": ""}, "a place needs an id or a name"),
            ({"subject__id": "nobody", "subject__name": ""}, "no actor with the id 'nobody'"),
        ],
    )  # fmt: skip
    def test_with_its_row_and_the_reason(self, load, cells, why):
        assert why in refused(load(table(**cells)))

    def test_the_good_rows_are_kept(self, load):
        bad = ROW.replace("asserted", "shouted")
        loaded = load("\n".join([MINIMAL, bad, ROW, "one,two", "", ROW.replace("holds", "loses")]))
        assert len(loaded.claims) == 2
        assert [r.where.rpartition("row ")[2] for r in loaded.rejected] == ["2", "4"]
        assert "2 cells and the header 12" in loaded.rejected[1].why

    def test_strict_stops_at_the_first_bad_row(self, load):
        bad = ROW.replace("asserted", "shouted")
        with pytest.raises(BadInput, match="shouted") as caught:
            load("\n".join([MINIMAL, ROW, bad]), strict=True)
        assert (caught.value.row, caught.value.path.name) == (3, "table.csv")

    def test_a_decimal_comma_is_understood(self, load):
        assert only(load(table(place__lat="34,25"))).place.lat == 34.25

    def test_rows_said_twice_count_once(self, load):
        loaded = load("\n".join([MINIMAL, ROW, ROW, ROW]))
        assert len(loaded.claims) == 1
        assert "repeat an earlier one: 2" in loaded.warnings[0]


class TestTheFile:
    @pytest.mark.parametrize("delimiter", [";", "\t", "|"])
    def test_another_delimiter_is_found_out_and_told(self, load, delimiter):
        loaded = load(f"{MINIMAL}\n{ROW}\n".replace(",", delimiter))
        assert only(loaded).place.id == "ford"
        assert "separated by" in loaded.warnings[0]

    @pytest.mark.parametrize(
        "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"]
    )
    def test_encodings_that_tell_themselves(self, load, encoding):
        loaded = load(table(place__name="الفورد", place__id=""), encoding=encoding)
        assert only(loaded).place.id == "ford"
        assert loaded.warnings == ()

    def test_an_arabic_code_page_is_guessed_and_told(self, load):
        names = ["الفورد", "دير الزور", "البوكمال", "الميادين", "الرقة", "تدمر", "القائم", "الموصل"]
        rows = [table(place__id="", place__name=n, place__lat="", place__lon="") for n in names]
        content = rows[0] + "".join(r.splitlines(keepends=True)[1] for r in rows[1:])
        loaded = load(content, encoding="cp1256")
        assert [c.place.text for c in loaded.claims] == names
        assert "cp1256, which is a guess" in loaded.warnings[0]

    def test_a_western_code_page_too(self, load):
        names = ["Alep périphérie", "Château-Thierry", "Évreux à côté", "Zürich", "Málaga"]
        rows = [table(place__id="", place__name=n, place__lat="", place__lon="") for n in names]
        content = rows[0] + "".join(r.splitlines(keepends=True)[1] for r in rows[1:])
        loaded = load(content, encoding="latin-1")
        assert [c.place.text for c in loaded.claims] == names

    @pytest.mark.parametrize(
        ("content", "why"),
        [
            (b"", "it is empty"),
            (b" \r\n \n", "it is empty"),
            (bytes(range(256)) * 40, "binary file"),
            (b"PK\x03\x04rest", "a spreadsheet or a zip archive"),
            (gzip.compress(b"predicate"), "packed with gzip"),
            (b"PAR1 and no more", "no whole Parquet file"),
            (b"name,age\nx,1\n", "names no column of the claims table"),
            (b"The army holds Ford.", "names no column of the claims table"),
            (b"predicate,place.id\nholds,ford\n", "lacks the column source.id"),
            (b"predicate,source.id\nholds,w\n", "lacks the column subject.id or place.id"),
            (b"subject.id,subject.name\n,\n", "lacks the columns predicate, source.id"),
            (b"predicate,predicate,source.id,place.id\n,,,\n", "two columns called predicate"),
        ],
    )
    def test_what_is_no_claims_table_is_said_with_the_files_name(self, load, content, why):
        with pytest.raises(BadInput, match=r"table\.csv") as caught:
            load(content)
        assert why in str(caught.value)

    def test_no_file_or_a_folder(self, tmp_path, vocabulary):
        with pytest.raises(BadInput, match="there is no such file"):
            ClaimsTable().load(tmp_path / "none.csv", vocabulary=vocabulary)
        with pytest.raises(BadInput, match="it is a folder"):
            ClaimsTable().load(tmp_path, vocabulary=vocabulary)

    def test_a_header_alone_is_told(self, load):
        loaded = load(MINIMAL)
        assert (loaded.claims, loaded.rejected) == ((), ())
        assert "it has no rows" in loaded.warnings[0]

    def test_without_a_published_day_it_warns(self, load):
        loaded = load(table(report__published=None))
        assert only(loaded).published is None
        assert "undated" in loaded.warnings[0]

    def test_a_quotation_mark_that_never_closes(self, load):
        loaded = load("\n".join([MINIMAL, ROW, '"' + ROW, *[ROW.replace("2017", "2016")] * 9000]))
        assert len(loaded.claims) >= 1
        assert any("row 3" in r.where for r in loaded.rejected)


class TestOtherFormats:
    def test_json_lines_of_records_or_of_flat_rows(self, load):
        flat = dict(zip(MINIMAL.split(","), ROW.split(","), strict=True))
        nested = {}
        for name, value in flat.items():
            outer, dot, inner = name.partition(".")
            if dot:
                nested.setdefault(outer, {})[inner] = value
            else:
                nested[name] = value
        nested["place"] |= {"lat": 34.5, "lon": 41}
        expected = only(load(table())).id
        for record in (flat, nested):
            assert only(load(json.dumps(record) + "\n\n", name="t.jsonl")).id == expected
            assert only(load(json.dumps([record], indent=1), name="t.json")).id == expected

    def test_a_line_that_is_no_json_is_refused_with_its_number(self, load):
        good = json.dumps(dict(zip(MINIMAL.split(","), ROW.split(","), strict=True)))
        loaded = load(f"{good}\n{{broken\n[1]\n", name="t.jsonl")
        assert len(loaded.claims) == 1
        assert [r.where.rpartition(", ")[2] for r in loaded.rejected] == ["row 2", "row 3"]

    def test_parquet_with_its_own_types(self, load, tmp_path, vocabulary):
        row = dict(zip(MINIMAL.split(","), ROW.split(","), strict=True))
        row |= {
            "place.lat": 34.5,
            "place.lon": 41.0,
            "valid.start": date(2017, 6, 4),
            "report.published": pd.Timestamp("2017-06-18"),
            "begin": float("nan"),
            "x": 1,
        }
        path = tmp_path / "table.parquet"
        pd.DataFrame([row]).to_parquet(path)
        loaded = ClaimsTable().load(path, vocabulary=vocabulary)
        assert only(loaded).id == only(load(table())).id
        assert "unknown columns: x" in loaded.warnings[0]

    def test_a_damaged_parquet_file(self, tmp_path, vocabulary):
        path = tmp_path / "table.parquet"
        row = dict(zip(MINIMAL.split(","), ROW.split(","), strict=True))
        pd.DataFrame([row] * 5).to_parquet(path)
        path.write_bytes(path.read_bytes()[:-20])
        with pytest.raises(BadInput, match="no whole Parquet file"):
            ClaimsTable().load(path, vocabulary=vocabulary)

    def test_without_what_reads_parquet_it_says_what_to_install(self, load, monkeypatch):
        def missing(name):
            raise ModuleNotFoundError(name)

        monkeypatch.setattr(sheets.importlib, "import_module", missing)
        with pytest.raises(MissingExtra, match=r"marchland\[lake\]"):
            load(b"PAR1....PAR1", name="table.parquet")


def test_every_row_of_a_long_table_is_loaded_and_recorded(load, tmp_path):
    count = 3_000
    rows = [ROW.replace("34.5", str(30 + n / count)) for n in range(count)]
    loaded = load("\n".join([MINIMAL, *rows]))
    with open_ledger(tmp_path / "ledger.sqlite") as ledger:
        assert ledger.record(loaded.claims).added == count


def test_against_the_vocabulary_of_the_whole_world(load):
    world = Vocabulary.load(None)
    loaded = load(table(subject__id="iran", subject__name="Iran"), vocabulary=world)
    assert only(loaded).subject.id == "iran"
    assert (loaded.actors, [p.id for p in loaded.places]) == ((), ["ford"])
    extended = world.extended(places=loaded.places)
    assert load(table(subject__id="iran"), vocabulary=extended).places == ()
