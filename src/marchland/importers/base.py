"""What an importer is, and what it gives back."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Protocol, Self

from marchland.claims import Claim
from marchland.errors import Rejected
from marchland.geo import Point
from marchland.vocabulary.model import Actor, Place, Resolution


class Names(Protocol):
    """What an importer asks of a vocabulary."""

    @property
    def own_places(self) -> frozenset[str]: ...

    def find_actor(self, id: str) -> Actor | None: ...

    def find_place(self, id: str) -> Place | None: ...

    def resolve_actor(
        self, name: str, *, countries: Sequence[str] = (), on: date | None = None
    ) -> Resolution: ...

    def resolve_place(
        self,
        name: str,
        *,
        countries: Sequence[str] = (),
        near: Sequence[Point] = (),
        kinds: Sequence[str] = (),
    ) -> Resolution: ...

    def extended(self, *, actors: Iterable[Actor] = (), places: Iterable[Place] = ()) -> Self: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Loaded:
    """What came out of a data set.

    Parameters
    ----------
    claims
        Each one once, in the order of the data set.
    places, actors
        Those that it brings and the vocabulary lacks: the ledger's own from now on.
    rejected
        Rows that can't be used, with the file, the row and the reason.
    warnings
        What the user should know, such as columns that nothing was read from.
    """

    claims: tuple[Claim, ...]
    places: tuple[Place, ...] = ()
    actors: tuple[Actor, ...] = ()
    rejected: tuple[Rejected, ...] = ()
    warnings: tuple[str, ...] = ()


class Importer(Protocol):
    """A part behind the door ``marchland.importers``; made without arguments."""

    def load(self, path: Path, *, vocabulary: Names, strict: bool = False) -> Loaded:
        """Read a data set.

        Parameters
        ----------
        strict
            Stop at the first row that can't be used.

        Raises
        ------
        BadInput
            If the file can't be read at all; with `strict` also at the first bad row.
        """
        ...
