"""Tables of sponsorship and alliance: who backs whom with what, who is allied from when to when."""

from datetime import date
from pathlib import Path

from marchland.alignment import infer_alignment
from marchland.alignment.backing import backing_of
from marchland.importers.relations import CowAlliances, UcdpExternalSupport
from marchland.vocabulary import Actor, Vocabulary

VOCABULARY = Vocabulary.load(None).extended(actors=[Actor(id="guard", name="River Guard")])
SUPPORT = """year,actor_name,ext_name,ext_sup,ext_w,ext_f,ext_t
2016,River Guard,Government of Iran,1,1,0,1
2017,River Guard,Government of Iran,1,0,1,0
2018,River Guard,,0,0,0,0
soon,River Guard,Government of Iran,1,0,0,0
"""
ALLIANCES = """state_name1,state_name2,dyad_st_day,dyad_st_month,dyad_st_year,dyad_end_day,\
dyad_end_month,dyad_end_year,defense,neutrality,nonaggression,entente
Iran,Iraq,1,3,2010,31,5,2012,1,0,0,0
Iran,Turkey,1,3,2010,,,,0,0,1,1
Iran,Jordan,31,2,2010,,,,1,0,0,0
"""


def test_support_is_backing_of_a_kind_in_a_year(tmp_path: Path) -> None:
    path = tmp_path / "esd.csv"
    path.write_text(SUPPORT, "utf-8")
    loaded = UcdpExternalSupport().load(path, vocabulary=VOCABULARY)
    assert [c.predicate for c in loaded.claims] == ["backs", "backs"]
    first, second = loaded.claims
    assert first.subject is not None
    assert first.subject.id == "iran"
    assert backing_of([first]) == ("arms", "training")
    assert backing_of([second]) == ("money",)
    assert (first.valid.start, first.valid.end) == (date(2016, 1, 1), date(2017, 1, 1))
    assert len(loaded.rejected) == 1
    assert "row 5" in loaded.rejected[0].where
    network = infer_alignment(loaded.claims, VOCABULARY, as_of=date(2020, 1, 1))
    assert network.tie("iran", "guard", date(2017, 6, 1)).p["aligned"] > 0.8
    assert network.tie("iran", "guard", date(2019, 6, 1)).best is None


def test_alliances_by_type_and_day(tmp_path: Path) -> None:
    path = tmp_path / "alliances.csv"
    path.write_text(ALLIANCES, "utf-8")
    loaded = CowAlliances().load(path, vocabulary=VOCABULARY)
    assert [(c.predicate, c.object and c.object.id) for c in loaded.claims] == [
        ("allied_with", "iraq"),
        ("deals_with", "turkey"),
    ]
    assert loaded.claims[0].valid.end == date(2012, 6, 1)
    assert loaded.claims[1].valid.end is None
    assert "no day" in loaded.rejected[0].why
