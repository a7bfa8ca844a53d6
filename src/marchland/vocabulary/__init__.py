"""The vocabulary: actors, places, predicates, and what names mean."""

from marchland.vocabulary.base import Name
from marchland.vocabulary.fold import fold
from marchland.vocabulary.model import (
    Actor,
    Answer,
    Candidate,
    Place,
    Predicate,
    Resolution,
)
from marchland.vocabulary.vocabulary import Vocabulary

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
