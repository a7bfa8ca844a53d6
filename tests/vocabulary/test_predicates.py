"""The table of predicates: the claim record's list, defined, with codes the other schemes have."""

import re

import pytest

from marchland.claims import PREDICATES
from marchland.vocabulary import Predicate, base

PLOVER = {
    "AGREE",
    "CONSULT",
    "SUPPORT",
    "CONCEDE",
    "COOPERATE",
    "AID",
    "RETREAT",
    "REQUEST",
    "ACCUSE",
    "REJECT",
    "THREATEN",
    "PROTEST",
    "SANCTION",
    "MOBILIZE",
    "COERCE",
    "ASSAULT",
}
ACLED = {
    "Government regains territory",
    "Non-state actor overtakes territory",
    "Non-violent transfer of territory",
    "Armed clash",
    "Air/drone strike",
    "Shelling/artillery/missile attack",
    "Suicide bomb",
    "Chemical weapon",
    "Grenade",
    "Remote explosive/landmine/IED",
    "Attack",
    "Abduction/forced disappearance",
    "Sexual violence",
    "Peaceful protest",
    "Protest with intervention",
    "Excessive force against protesters",
    "Violent demonstration",
    "Mob violence",
    "Agreement",
    "Arrests",
    "Change to group/activity",
    "Disrupted weapons use",
    "Headquarters or base established",
    "Looting/property destruction",
    "Other",
}
every = pytest.mark.parametrize("predicate", base.predicates().values(), ids=lambda p: p.id)


def test_they_are_those_of_the_claim_record() -> None:
    assert {p.id: p.kind for p in base.predicates().values()} == dict(PREDICATES)


@every
def test_each_is_defined_and_shown_by_an_example(predicate: Predicate) -> None:
    assert predicate.definition.endswith(".")
    assert predicate.example


@every
def test_codes_are_strings_that_the_schemes_have(predicate: Predicate) -> None:
    codes = dict(predicate.crosswalk)
    assert set(codes) <= {"plover", "cameo", "acled", "ucdp"}
    assert set(codes.get("plover", ())) <= PLOVER
    assert set(codes.get("acled", ())) <= ACLED
    assert set(codes.get("ucdp", ())) <= {"1", "2", "3"}
    for code in codes.get("cameo", ()):
        assert re.fullmatch(r"(0[1-9]|1\d|20)\d{1,2}", code)


def test_ties_that_hold_both_ways_are_marked() -> None:
    both = {p.id for p in base.predicates().values() if p.symmetric}
    assert {"allied_with", "fights", "deals_with", "consults"} <= both
    assert not both & {"backs", "part_of", "commands", "captures", "aids"}
