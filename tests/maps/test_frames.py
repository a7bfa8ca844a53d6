"""What a map shows of a day."""

from datetime import date

from marchland.maps import Frame, corridor_summary, frame_of, place_detail, place_layer, road_layer
from marchland.theatre import Theatre
from marchland.vocabulary.model import Place

NOW, AS_OF = "2021-06-01", "2022-02-01"


def frame(vale: Theatre) -> Frame:
    answers = vale.control_all(on=NOW, as_of=AS_OF)
    road = vale.corridor(on=NOW, as_of=AS_OF)
    return frame_of(answers, road, vocabulary=vale.vocabulary)


def test_a_place_tells_the_odds_of_every_holder_and_they_sum_to_one(vale: Theatre) -> None:
    for estimate in vale.control_all(on=NOW, as_of=AS_OF):
        shown = place_detail(estimate)
        assert {o["who"] for o in shown["odds"]} == set(estimate.p)
        assert abs(sum(o["p"] for o in shown["odds"]) - 1) < 0.01
        assert [o["p"] for o in shown["odds"]] == sorted(o["p"] for o in shown["odds"])[::-1]
        assert shown["odds"][0]["who"] == shown["best"]
        assert (shown["claims"], shown["sources"]) == (estimate.n_claims, estimate.n_sources)


def test_before_anybody_wrote_nothing_is_known(vale: Theatre) -> None:
    field = vale.control_field(start=NOW, end=NOW, as_of="2020-12-31")
    shown = place_detail(field.estimate("ollenby", date.fromisoformat(NOW)))
    assert shown["best"] is None
    assert shown["word"] == "not known"
    assert shown["claims"] == 0
    assert shown["because"] == []


def test_the_road_is_told_status_first_with_its_route_and_weakest_points(vale: Theatre) -> None:
    road = vale.corridor(on=NOW, as_of=AS_OF)
    shown = corridor_summary(road, vocabulary=vale.vocabulary)
    assert shown["status"] == road.status
    assert shown["road"] == "Pellisk \u2013 Joruvel"
    assert [s["place"] for s in shown["route"]] == [s.place for s in road.route]
    assert shown["route"][0]["name"] == "Pellisk"
    assert shown["route"][0]["held_by"] == "Tessmar"
    assert [w["place"] for w in shown["weakest"]] == [c.place for c in road.chokepoints][:5]
    assert sum(shown["p"].values()) > 0.99


def test_a_day_holds_every_place_asked_about_and_the_road(vale: Theatre) -> None:
    shown = frame(vale)
    assert (shown["on"], shown["as_of"]) == (NOW, AS_OF)
    assert set(shown["held"]) == {
        e.about["place"]["id"] for e in vale.control_all(on=NOW, as_of=AS_OF)
    }
    assert shown["corridor"]["status"] == "open"


def test_a_place_without_a_point_is_not_drawn(vale: Theatre) -> None:
    wide = vale.vocabulary.extended(places=[Place(id="nowhere-yet", name="Nowhere yet")])
    layer = place_layer(wide, ["nowhere-yet", "ollenby", "no-such-id"])
    assert list(layer) == ["ollenby"]
    assert layer["ollenby"]["name"] == "Ollenby"


def test_only_roads_are_drawn_as_roads(vale: Theatre) -> None:
    drawn = {(r["from"], r["to"]) for r in road_layer(vale.roads)}
    assert drawn == {(k.start, k.end) for k in vale.roads.links if k.mode == "road"}
