"""One event is one claim, however many words of a sentence tell it."""

from marchland.claims import Claim


def said(claims: list[Claim], predicate: str) -> list[tuple[str, str, str]]:
    return [
        tuple(ref.name if ref else "-" for ref in (c.subject, c.object, c.place))
        for c in claims
        if c.predicate == predicate
    ]


def test_a_strike_that_kills_is_one_attack_with_its_doer_and_its_place(read) -> None:
    found = said(read("Israeli strikes near Homs killed ten soldiers."), "assaults")
    assert found == [("Israel", "ten soldiers", "Homs")]


def test_a_strike_may_stand_behind_by(read) -> None:
    found = said(read("Ten civilians were killed by Israeli airstrikes in Homs."), "assaults")
    assert [f[0] for f in found] == ["Israel"]


def test_what_a_strike_was_aimed_at_comes_before_its_dead(read) -> None:
    found = said(read("Israeli airstrikes on Hezbollah killed nine fighters."), "assaults")
    assert [f[:2] for f in found] == [("Israel", "Hezbollah")]


def test_the_attack_again_is_no_further_attack(read) -> None:
    once = "Hezbollah attacked Homs on Monday. "
    assert len(said(read(once + "The attack lasted two hours."), "assaults")) == 1
    assert len(said(read(once + "Another attack hit Hama."), "assaults")) == 2


def test_whose_a_weapon_is_attacks(frame_of) -> None:
    tree, frame = frame_of("ISIS rockets hit the town.", "hit")
    assert "ISIS" in [tree.words[t] for t in frame.get("A0")]
