"""Event data and control polygons: their real columns, what a row claims, what is refused."""

import csv
import io
import json
from datetime import date

import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from marchland.claims import Modality
from marchland.dates import Precision
from marchland.errors import BadInput
from marchland.importers.acled import RULES as ACLED_RULES
from marchland.importers.acled import Acled
from marchland.importers.control_polygons import ControlPolygons
from marchland.importers.events import read_date
from marchland.importers.ucdp_ged import UcdpGed
from marchland.importers.viina import Viina

GED = {
    "id": "244657", "relid": "IRQ-2017-1-524-322", "year": "2017", "active_year": "1",
    "code_status": "Clear", "type_of_violence": "1", "conflict_new_id": "259",
    "conflict_name": "Ford: Government", "dyad_name": "Northern Army - River Guard",
    "side_a_new_id": "116", "side_a": "Northern Army", "side_b_new_id": "234",
    "side_b": "River Guard", "number_of_sources": "1", "source_article": "Weekly, 2017-06-05",
    "source_office": "Weekly", "source_date": "2017-06-05", "source_headline": "Clash at the ford",
    "where_prec": "1", "where_coordinates": "Ford town", "adm_1": "West province",
    "adm_2": "Ford district", "latitude": "34.51", "longitude": "41.01",
    "geom_wkt": "POINT (41.01 34.51)", "priogrid_gid": "1", "country": "Iraq", "country_id": "645",
    "region": "Middle East", "event_clarity": "1", "date_prec": "1",
    "date_start": "2017-06-04 00:00:00.000", "date_end": "2017-06-04 00:00:00.000",
    "deaths_a": "2", "deaths_b": "3", "deaths_civilians": "0", "deaths_unknown": "0",
    "best": "5", "high": "6", "low": "4", "gwnoa": "645", "gwnob": "",
}  # fmt: skip
ACLED = {
    "event_id_cnty": "IRQ1234", "event_date": "04 June 2017", "year": "2017",
    "time_precision": "1", "disorder_type": "Political violence", "event_type": "Battles",
    "sub_event_type": "Armed clash", "actor1": "Northern Army", "assoc_actor_1": "",
    "inter1": "State forces", "actor2": "River Guard", "assoc_actor_2": "",
    "inter2": "Rebel group", "interaction": "State forces-Rebel group", "civilian_targeting": "",
    "iso": "368", "region": "Middle East", "country": "Iraq", "admin1": "West",
    "admin2": "Ford district", "admin3": "", "location": "Ford", "latitude": "34.5",
    "longitude": "41.0", "geo_precision": "1", "source": "Weekly", "source_scale": "National",
    "notes": "They clashed.", "fatalities": "5", "tags": "", "timestamp": "1497312000",
}  # fmt: skip


def sheet(*rows):
    """Rows as CSV."""
    out = io.StringIO()
    writer = csv.DictWriter(out, list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


@pytest.fixture
def load(tmp_path, vocabulary):
    """Write a file and load it with an importer."""

    def load(importer, content, *, name="data.csv", strict=False):
        path = tmp_path / name
        path.write_text(content, "utf-8")
        return importer.load(path, vocabulary=vocabulary, strict=strict)

    return load


@pytest.fixture
def ged(load):
    return lambda **cells: load(UcdpGed(), sheet({**GED, **cells}))


@pytest.fixture
def acled(load):
    return lambda **cells: load(Acled(), sheet({**ACLED, **cells}))


def said(loaded):
    assert loaded.rejected == ()
    return {
        c.predicate: (c.subject and c.subject.id, c.object and c.object.id) for c in loaded.claims
    }


def refused(loaded):
    assert loaded.claims == ()
    (rejected,) = loaded.rejected
    assert rejected.where.endswith("row 2")
    return rejected.why


class TestUcdp:
    def test_two_sides_that_fight_contest_the_place_weakly(self, ged):
        loaded = ged()
        sides = ("northern-army", "river-guard")
        assert said(loaded) == {"fights": sides, "contests": sides}
        contests = next(c for c in loaded.claims if c.predicate == "contests")
        assert contests.p_read < 0.5
        assert (contests.place.id, contests.place.geo_precision) == ("ford", "settlement")
        assert (contests.valid.start, contests.published) == (date(2017, 6, 4), date(2017, 6, 5))
        assert (contests.source.id, contests.reader) == ("ucdp-ged", "ucdp_ged/1")
        assert contests.quote == "Clash at the ford"

    def test_its_precision_codes_are_kept(self, ged):
        titles = {c.report.title for c in ged(where_prec="2", date_prec="3").claims}
        assert titles == {"UCDP GED 244657: where_prec 2, date_prec 3, event_clarity 1"}

    def test_one_sided_violence_is_no_fight_for_the_place(self, ged):
        found = said(ged(type_of_violence="3", side_b="Civilians"))
        assert found == {
            "assaults": ("northern-army", None), "presence": ("northern-army", None),
        }  # fmt: skip

    @pytest.mark.parametrize(
        ("code", "precision"), [("1", "settlement"), ("2", "area"), ("3", "area"), ("6", "country")]
    )
    def test_where_prec_says_what_the_claim_is_about(self, ged, code, precision):
        assert {c.place.geo_precision for c in ged(where_prec=code).claims} == {precision}

    def test_an_unknown_region_stays_unresolved_and_is_no_town(self, ged):
        loaded = ged(where_prec="4")
        assert {c.place.id for c in loaded.claims} == {"?west-province"}
        assert loaded.places == ()

    def test_violence_at_sea_says_nothing_of_a_place(self, ged):
        loaded = ged(where_prec="7")
        assert (loaded.claims, loaded.rejected) == ((), ())
        assert "where_prec 7" in loaded.warnings[-1]

    @pytest.mark.parametrize(
        ("code", "precision"),
        [
            ("1", Precision.DAY),
            ("2", Precision.WEEK),
            ("4", Precision.MONTH),
            ("5", Precision.YEAR),
        ],
    )
    def test_date_prec_becomes_the_precision_of_its_days(self, ged, code, precision):
        assert {c.valid.precision for c in ged(date_prec=code).claims} == {precision}

    def test_it_is_published_when_its_last_source_was_and_never_before_it_began(self, ged):
        assert ged(source_date="2017-06-07;2017-06-05").claims[0].published == date(2017, 6, 7)
        assert ged(source_date="2016-01-01").claims[0].published == date(2017, 6, 4)

    def test_a_release_may_be_said_to_be_published_later(self, load):
        loaded = load(UcdpGed(published="2018-06-01"), sheet(GED))
        assert {c.published for c in loaded.claims} == {date(2018, 6, 1)}

    def test_an_event_told_with_others_counts_less(self, ged):
        clear, unclear = (ged(event_clarity=c).claims[0].p_read for c in "12")
        assert unclear < clear

    @pytest.mark.parametrize(
        ("cells", "why"),
        [
            ({"where_prec": "9"}, "where_prec: '9' is no code from 1 to 7"),
            ({"date_start": "soon"}, "date_start: 'soon' is no day"),
            ({"date_end": "2017-01-01"}, "before date_start"),
            ({"latitude": ""}, "latitude, longitude"),
            ({"latitude": "134"}, "no point on the globe"),
            ({"side_a": ""}, "side_a: it is empty"),
        ],
    )
    def test_a_bad_row_is_refused_with_its_reason(self, ged, cells, why):
        assert why in refused(ged(**cells))

    def test_strict_stops_at_it(self, load):
        with pytest.raises(BadInput, match="type_of_violence"):
            load(UcdpGed(), sheet({**GED, "type_of_violence": "4"}), strict=True)

    def test_a_file_without_its_columns_is_refused(self, load):
        with pytest.raises(BadInput, match="ucdp_ged file"):
            load(UcdpGed(), "a,b\n1,2\n")
        with pytest.raises(BadInput, match=r"lacks the columns .*where_prec"):
            load(UcdpGed(), "id,side_a\n1,2\n")


class TestNames:
    def test_an_unmapped_actor_keeps_its_name_and_is_listed(self, ged):
        loaded = ged(side_b="Sea People")
        assert {c.object.id for c in loaded.claims} == {"?sea-people"}
        assert "Sea People (1)" in loaded.warnings[0]

    def test_a_crosswalk_maps_it(self, load, tmp_path):
        table = tmp_path / "cross.csv"
        table.write_text("name,actor\nSea People,river-guard\nFish,-\n", "utf-8")
        importer = UcdpGed(crosswalk=table)
        loaded = load(importer, sheet({**GED, "side_b": "Sea People"}))
        assert {c.object.id for c in loaded.claims} == {"river-guard"}
        assert loaded.claims[0].object.text == "Sea People"
        assert "side_a: it is empty" in refused(load(importer, sheet({**GED, "side_a": "Fish"})))

    def test_a_crosswalk_to_nobody_known_is_told(self, load, tmp_path):
        table = tmp_path / "cross.csv"
        table.write_text("name,actor\nRiver Guard,ghosts\n", "utf-8")
        assert "'ghosts', which is no actor" in refused(load(UcdpGed(crosswalk=table), sheet(GED)))

    def test_a_crosswalk_without_its_columns_is_refused(self, tmp_path):
        table = tmp_path / "cross.csv"
        table.write_text("a,b\n1,2\n", "utf-8")
        with pytest.raises(BadInput, match="name,actor"):
            UcdpGed(crosswalk=table)

    def test_a_place_of_the_theatre_within_five_kilometres_is_meant(self, ged):
        assert {c.place.id for c in ged(where_coordinates="El Ford").claims} == {"ford"}

    def test_a_place_nobody_knows_is_the_ledgers_own(self, ged):
        loaded = ged(where_coordinates="Weir", latitude="36.0", longitude="42.0")
        (place,) = loaded.places
        assert (place.name, place.lat, place.lon) == ("Weir", 36.0, 42.0)
        assert {c.place.id for c in loaded.claims} == {place.id}

    def test_a_namesake_far_away_is_another_place(self, ged):
        assert {c.place.id for c in ged(latitude="10.0").claims} != {"ford"}


class TestAcled:
    def test_a_clash_contests_weakly_and_nobody_gains(self, acled):
        loaded = acled()
        assert set(said(loaded)) == {"fights", "contests"}
        assert max(c.p_read for c in loaded.claims if c.predicate == "contests") < 0.5

    @pytest.mark.parametrize(
        ("coded", "gains"),
        [
            ("Government regains territory", ("northern-army", "river-guard")),
            ("Non-state actor overtakes territory", ("river-guard", "northern-army")),
        ],
    )
    @pytest.mark.parametrize("swapped", [False, True])
    def test_who_gains_is_the_codes_word_and_not_the_order_of_actors(
        self, acled, coded, gains, swapped
    ):
        names = ("Northern Army", "River Guard")
        inters = ("State forces", "Rebel group")
        one, two = (1, 0) if swapped else (0, 1)
        loaded = acled(
            sub_event_type=coded, actor1=names[one], actor2=names[two], inter1=inters[one],
            inter2=inters[two],
        )  # fmt: skip
        assert said(loaded)["captures"] == gains

    def test_the_old_numeric_codes_of_actors_are_known_too(self, acled):
        loaded = acled(sub_event_type="Government regains territory", inter1="2", inter2="1")
        assert said(loaded)["captures"] == ("river-guard", "northern-army")

    def test_between_two_of_a_kind_nobody_is_said_to_have_gained(self, acled):
        found = said(acled(sub_event_type="Government regains territory", inter2="State forces"))
        assert "captures" not in found
        assert found["contests"] == ("northern-army", "river-guard")

    def test_a_transfer_without_violence_is_a_gain_of_actor1(self, acled):
        found = said(acled(sub_event_type="Non-violent transfer of territory", actor2=""))
        assert found == {"captures": ("northern-army", None)}

    def test_shelling_says_nothing_of_control(self, acled):
        assert set(said(acled(sub_event_type="Shelling/artillery/missile attack"))) == {"assaults"}

    def test_forces_of_a_state_are_the_states(self, load, tmp_path):
        table = tmp_path / "cross.csv"
        table.write_text("name,actor\nNorthland,northern-army\n", "utf-8")
        loaded = load(
            Acled(crosswalk=table),
            sheet({**ACLED, "actor1": "Military Forces of Northland (2014-) Guards"}),
        )
        assert {c.subject.id for c in loaded.claims} == {"northern-army"}

    def test_civilians_are_nobody(self, acled):
        found = said(acled(sub_event_type="Attack", actor2="Civilians (Iraq)"))
        assert found["assaults"] == ("northern-army", None)

    @pytest.mark.parametrize(("code", "width"), [("1", 1), ("2", 7), ("3", 30)])
    def test_time_precision_is_kept(self, acled, code, width):
        claim = acled(time_precision=code).claims[0]
        first, after = claim.valid.window
        assert (after - first).days == width
        assert first <= date(2017, 6, 4) < after
        assert f"time_precision {code}" in claim.report.title

    def test_geo_precision_is_kept(self, acled):
        for code, precision in (("1", "settlement"), ("2", "area"), ("3", "area")):
            claim = acled(geo_precision=code).claims[0]
            assert claim.place.geo_precision == precision
            assert f"geo_precision {code}" in claim.report.title

    def test_it_is_published_when_it_was_released(self, acled):
        assert acled().claims[0].published == date(2017, 6, 13)
        assert acled(timestamp="").claims[0].published == date(2017, 6, 4)

    def test_what_says_nothing_is_counted_and_not_refused(self, acled):
        loaded = acled(sub_event_type="Other")
        assert (loaded.claims, loaded.rejected) == ((), ())
        assert "sub_event_type Other: 1" in loaded.warnings[-1]

    def test_an_unknown_code_is_refused(self, acled):
        assert "'Siege' is none that ACLED codes" in refused(acled(sub_event_type="Siege"))

    @pytest.mark.parametrize("coded", sorted(ACLED_RULES))
    def test_no_code_breaks_and_no_chance_is_certain(self, acled, coded):
        loaded = acled(sub_event_type=coded)
        assert loaded.rejected == ()
        assert all(0 < c.p_read < 1 for c in loaded.claims)


CONTROL = {
    "geonameid": "500", "date": "20220301", "status_wiki": "UA", "status_boost": "",
    "status_dsm": "NA", "status_isw": "RU", "status": "UA", "asciiname": "Ford",
    "latitude": "34.5", "longitude": "41.0",
}  # fmt: skip
EVENT = {
    "viina_version": "2.0.0", "event_id": "77", "date": "20220301", "time": "10:00",
    "geonameid": "500", "feature_code": "PPL", "asciiname": "Ford", "ADM1_NAME": "West",
    "ADM1_CODE": "1", "ADM2_NAME": "Ford district", "ADM2_CODE": "2", "longitude": "41.0",
    "latitude": "34.5", "GEO_PRECISION": "STREET", "GEO_api": "osm", "location": "1",
    "address": "", "report_id": "9", "source": "liga", "url": "https://example.org/9",
    "text": "The town was taken.", "lang": "en", "a_rus": "0.9", "a_ukr": "0.1",
    "t_control": "0.8", "t_control_b": "1", "t_firefight": "0.2",
}  # fmt: skip


@pytest.fixture
def viina(load, tmp_path):
    """Load with Russia and Ukraine as the two actors of the small vocabulary."""
    table = tmp_path / "cross.csv"
    table.write_text(
        "name,actor\nUA,northern-army\nRU,river-guard\nukr,northern-army\nrus,river-guard\n",
        "utf-8",
    )
    return lambda *rows: load(Viina(crosswalk=str(table)), sheet(*rows))


class TestViina:
    def test_each_source_of_the_control_table_speaks_for_itself(self, viina):
        found = {(c.source.id, c.subject.id) for c in viina(CONTROL).claims}
        assert found == {("viina-wiki", "northern-army"), ("viina-isw", "river-guard")}

    def test_the_majority_is_read_only_where_it_stands_alone(self, viina):
        row = {k: v for k, v in CONTROL.items() if not k.startswith("status_")}
        assert {c.source.id for c in viina(row).claims} == {"viina"}

    def test_a_status_is_claimed_when_it_begins_and_again_each_month(self, viina):
        rows = [
            {**CONTROL, "date": f"2022{m:02d}{d:02d}", "status_isw": "",
             "status_wiki": "UA" if (m, d) < (4, 10) else "CONTESTED"}
            for m in (3, 4) for d in range(1, 29)
        ]  # fmt: skip
        found = [(c.predicate, c.valid.start) for c in viina(*rows).claims]
        assert found == [
            ("holds", date(2022, 3, 1)),
            ("holds", date(2022, 4, 1)),
            ("contests", date(2022, 4, 10)),
        ]

    def test_a_contested_place_names_nobody(self, viina):
        claims = viina({**CONTROL, "status_wiki": "CONTESTED", "status_isw": ""}).claims
        assert [(c.predicate, c.subject) for c in claims] == [("contests", None)]

    def test_a_place_without_a_name_or_a_number_known_is_refused(self, viina):
        row = {k: v for k, v in CONTROL.items() if k not in ("asciiname", "latitude", "longitude")}
        assert "no place with the number 500" in refused(viina(row))

    def test_rows_out_of_order_are_refused(self, viina):
        loaded = viina(CONTROL, {**CONTROL, "date": "20220201"})
        assert "sort the file" in loaded.rejected[0].why

    def test_an_event_with_one_side_in_it_is_a_gain(self, viina):
        (claim,) = viina(EVENT).claims
        assert (claim.predicate, claim.subject.id) == ("captures", "river-guard")
        assert claim.p_read == pytest.approx(0.8 * 0.8 * 0.9)
        assert (claim.source.id, claim.report.url) == ("viina-liga", "https://example.org/9")
        assert "GEO_PRECISION STREET" in claim.report.title

    def test_with_both_sides_in_it_the_place_is_contested(self, viina):
        (claim,) = viina({**EVENT, "a_ukr": "0.9"}).claims
        assert (claim.predicate, claim.object.id) == ("contests", "northern-army")

    def test_an_event_somewhere_in_a_region_is_about_the_region(self, viina):
        (claim,) = viina({**EVENT, "GEO_PRECISION": "ADM1"}).claims
        assert (claim.place.id, claim.place.geo_precision) == ("?west", "area")

    def test_an_event_without_a_label_is_counted(self, viina):
        loaded = viina({**EVENT, "t_control": "0.1"})
        assert loaded.claims == ()
        assert loaded.warnings[-1].endswith(": 1")


def square(west, south, size=1.0, **properties):
    shape = shapely.box(west, south, west + size, south + size)
    return {
        "type": "Feature",
        "properties": properties,
        "geometry": json.loads(shapely.to_geojson(shape)),
    }


@pytest.fixture
def polygons(load):
    def polygons(*features, **options):
        text = json.dumps({"type": "FeatureCollection", "features": list(features)})
        return load(ControlPolygons(**options), text, name="lines_2017.geojson")

    return polygons


class TestControlPolygons:
    def test_a_place_in_a_polygon_is_held_by_whom_it_names(self, polygons):
        (claim,) = polygons(square(40.5, 34.2, holder="Northern Army", date="2017-06-04")).claims
        assert (claim.predicate, claim.subject.id, claim.place.id) == (
            "holds", "northern-army", "ford",
        )  # fmt: skip
        assert (claim.valid.start, claim.published) == (date(2017, 6, 4), date(2017, 6, 4))
        assert (claim.source.name, claim.modality) == ("lines_2017", Modality.ASSERTED)

    def test_in_two_it_is_contested_and_in_none_nothing_is_said(self, polygons):
        both = [square(40.5, 34.2, side=who) for who in ("Northern Army", "River Guard")]
        (claim,) = polygons(*both, date="2017-06-04", holder="side", source="Maps").claims
        assert claim.predicate == "contests"
        assert {claim.subject.id, claim.object.id} == {"northern-army", "river-guard"}
        nowhere = polygons(square(0, 0, side="River Guard"), date="2017-06-04")
        assert nowhere.claims == ()
        assert "no place of this theatre" in nowhere.warnings[-1]

    def test_near_the_edge_it_is_only_possible(self, polygons):
        (claim,) = polygons(square(40.5, 33.505, holder="River Guard"), date="2017-06-04").claims
        assert claim.modality is Modality.POSSIBLE

    def test_a_crosswalk_maps_holders_and_disputed_ground(self, polygons, tmp_path):
        table = tmp_path / "cross.csv"
        table.write_text("name,actor\n1,river-guard\n2,contested\n3,-\n", "utf-8")
        told = {"crosswalk": table, "holder": "code", "date": "2017-06-04"}
        (held,) = polygons(square(40.5, 34.2, code=1), **told).claims
        assert held.subject.id == "river-guard"
        (disputed,) = polygons(square(40.5, 34.2, code=2), **told).claims
        assert (disputed.predicate, disputed.subject) == ("contests", None)
        assert polygons(square(40.5, 34.2, code=3), **told).claims == ()

    @pytest.mark.parametrize(
        ("feature", "why"),
        [
            ({"type": "Feature", "properties": {}, "geometry": None}, "geometry"),
            (square(40, 34, date="2017-06-04"), "no property holder"),
            (square(40, 34, holder="x"), "say date=NAME"),
            (square(400, 34, holder="x", date="2017-06-04"), "no degrees"),
            (
                {"type": "Feature", "properties": {"holder": "x"},
                 "geometry": {"type": "Point", "coordinates": [40, 34]}},
                "no polygon",
            ),
        ],
    )  # fmt: skip
    def test_a_feature_that_cannot_be_used_is_refused(self, polygons, feature, why):
        loaded = polygons(feature)
        (rejected,) = loaded.rejected
        assert rejected.where.endswith("feature 1")
        assert why in rejected.why

    @pytest.mark.parametrize("text", ["{", "[]", '{"type": "Feature"}'])
    def test_what_is_no_collection_is_refused(self, load, text):
        with pytest.raises(BadInput, match="JSON"):
            load(ControlPolygons(), text, name="a.geojson")


@given(st.dates(min_value=date(1970, 1, 1), max_value=date(2068, 12, 31)))
def test_a_day_is_read_in_every_way_it_is_written(day):
    forms = ("%Y-%m-%d", "%d %B %Y", "%d-%b-%Y", "%d-%b-%y", "%Y%m%d", "%Y-%m-%d 00:00:00.000")
    assert {read_date(day.strftime(f), "day") for f in forms} == {day}
