"""What a report has named before stands for what a later sentence leaves out."""

from marchland.claims import Claim


def places(claims: list[Claim], predicate: str) -> list[str]:
    return [c.place.name if c.place else "-" for c in claims if c.predicate == predicate]


def test_a_clash_is_where_the_sentence_before_was(read) -> None:
    text = (
        "Hezbollah fighters controlled most of the city of Belqas. "
        "On Monday heavy clashes broke out between Hezbollah and the Syrian army."
    )
    assert places(read(text), "fights") == ["Belqas"]


def test_a_known_place_of_the_sentence_comes_before_one_named_earlier(read) -> None:
    text = "Hezbollah left Hama on Sunday. In Homs its fighters clashed with the Syrian army."
    assert places(read(text), "fights") == ["Homs"]


def test_what_is_joined_by_as_well_as_is_of_the_list(read) -> None:
    text = "Hezbollah captured Homs, as well as Hama and Idlib."
    assert places(read(text), "captures") == ["Homs", "Hama", "Idlib"]


def test_whose_control_a_place_was_taken_from(read) -> None:
    claims = read("The Syrian army recaptured Homs from ISIS control.")
    assert [(c.object.name if c.object else "-") for c in claims if c.predicate == "captures"] == [
        "Islamic State"
    ]


def test_a_place_under_attack_is_where_it_is(read) -> None:
    claims = [c for c in read("Homs came under attack from ISIS.") if c.predicate == "assaults"]
    assert [(c.subject.name, c.place.name) for c in claims if c.subject and c.place] == [
        ("Islamic State", "Homs")
    ]


def test_a_clash_of_nobody_named_is_between_the_two_sides_named_before(read) -> None:
    text = (
        "Hezbollah fighters reached Homs, where the Syrian army had a base. "
        "Clashes broke out near Homs."
    )
    fights = [c for c in read(text) if c.predicate == "fights"]
    assert fights
    assert {c.subject.name for c in fights if c.subject} | {
        c.object.name for c in fights if c.object
    } == {"Hezbollah", "Syrian Arab Army"}
    assert all(c.p_read < 0.5 for c in fights)


def test_positions_in_a_town_are_where_the_town_is(read) -> None:
    assert places(read("Turkish jets bombed ISIS positions in Hama."), "assaults") == ["Hama"]
