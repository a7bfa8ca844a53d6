"""The vocabulary: actors, places, predicates, and what names mean."""

from marchland.vocabulary.fold import fold
from marchland.vocabulary.model import (
    Actor,
    Answer,
    Candidate,
    Place,
    Predicate,
    Resolution,
)
from marchland.vocabulary.vocabulary import Name, Vocabulary

__all__ = [
    "Actor",
    "Answer",
    "Candidate",
    "Name",
    "Place",
    "Predicate",
    "Resolution",
    "Vocabulary",
    "fold",
]
