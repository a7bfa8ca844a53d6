"""A small vocabulary of real actors and places to import against, apart from any sample."""

import dataclasses

import pytest

from marchland.vocabulary.model import Actor, Answer, Candidate, Place, Resolution


@dataclasses.dataclass(frozen=True)
class SmallVocabulary:
    """Answers by id and by exact name; two of one name are ambiguous."""

    actors: tuple[Actor, ...] = ()
    places: tuple[Place, ...] = ()

    @property
    def own_places(self):
        return frozenset(p.id for p in self.places)

    def find_actor(self, id):
        return next((a for a in self.actors if a.id == id), None)

    def find_place(self, id):
        return next((p for p in self.places if p.id == id), None)

    def members_of(self, area_id):
        found = self.find_place(area_id)
        return found.members if found else ()

    def resolve_actor(self, name, *, countries=(), on=None):
        return self._resolve(self.actors, name)

    def resolve_place(self, name, *, countries=(), near=(), kinds=()):
        return self._resolve(self.places, name)

    def extended(self, *, actors=(), places=()):
        return SmallVocabulary((*self.actors, *actors), (*self.places, *places))

    @staticmethod
    def _resolve(known, name):
        found = [
            x for x in known if name.casefold() in {n.casefold() for n in (x.name, *x.aliases)}
        ]
        if len(found) == 1:
            return Resolution(name=name, answer=Answer.RESOLVED, id=found[0].id)
        answer = Answer.AMBIGUOUS if found else Answer.UNKNOWN
        candidates = [Candidate(id=x.id, name=x.name, kind=x.kind, score=1.0) for x in found]
        return Resolution(name=name, answer=answer, candidates=tuple(candidates))


@pytest.fixture
def vocabulary():
    return SmallVocabulary(
        actors=(
            Actor(id="northern-army", name="Northern Army", aliases=("the army",)),
            Actor(id="river-guard", name="River Guard"),
        ),
        places=(
            Place(id="ford", name="Ford", aliases=("The Ford", "الفورد"), lat=34.5, lon=41.0),
            Place(id="mill-north", name="Mill", lat=34.0, lon=40.0),
            Place(id="mill-south", name="Mill", lat=33.0, lon=40.0),
        ),
    )
