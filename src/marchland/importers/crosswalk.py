"""Names of a data set's actors to the theatre's: a table of two columns, ``name`` and ``actor``.

The rule: a theatre's own crosswalk comes before the one that ships with Marchland, and both before
looking the name up in the vocabulary. What none of them knows keeps its name and an id that starts
with ``?``; it is listed, never guessed.
"""

import csv
import io
from collections import Counter
from collections.abc import Mapping, Sequence
from importlib.resources import files
from pathlib import Path

from marchland.claims import Ref
from marchland.errors import BadInput
from marchland.importers.base import Names

_SHIPPED = files("marchland.vocabulary") / "data" / "crosswalks"
_LISTED = 12
NOBODY = "-"
"""What a crosswalk writes for a name that is no actor, such as "Civilians"."""


def read_crosswalk(path: Path | str) -> dict[str, str]:
    """A crosswalk file: names of the data set to actor ids or names.

    Raises
    ------
    BadInput
        If it can't be read or lacks one of the columns ``name`` and ``actor``.
    """
    try:
        text = Path(path).read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise BadInput(f"the crosswalk can't be read: {error}", path=Path(path)) from error
    return _table(text, Path(path))


def shipped(name: str) -> dict[str, str]:
    """The crosswalk that ships for an importer; empty where there is none."""
    file = _SHIPPED / f"{name}.csv"
    return _table(file.read_text("utf-8"), Path(str(file))) if file.is_file() else {}


def _table(text: str, path: Path) -> dict[str, str]:
    rows = csv.DictReader(io.StringIO(text))
    if not {"name", "actor"} <= set(rows.fieldnames or ()):
        raise BadInput("a crosswalk has the columns name,actor", path=path, row=1)
    found = {}
    for number, row in enumerate(rows, start=2):
        name, actor = (" ".join((row[k] or "").split()) for k in ("name", "actor"))
        if not name or not actor:
            raise BadInput("name or actor is empty", path=path, row=number)
        found[name.casefold()] = actor
    return found


class Crosswalk:
    """Looks up a data set's actors.

    Parameters
    ----------
    tables
        Names to actors, the first that knows a name decides.
    countries
        ISO 3166-1 alpha-2 codes; they decide between namesakes in the vocabulary.

    Raises
    ------
    BadInput
        If a table names an actor that the vocabulary does not know.
    """

    def __init__(
        self,
        vocabulary: Names,
        tables: Sequence[Mapping[str, str]] = (),
        *,
        countries: Sequence[str] = (),
    ) -> None:
        self._vocabulary, self._countries = vocabulary, tuple(countries)
        self._tables = tables
        self._made: dict[str, Ref | None] = {}
        self.unmapped: Counter[str] = Counter()

    def actor(self, name: str, *also: str) -> Ref | None:
        """The actor of a name; None for an empty one, or one that is nobody.

        Parameters
        ----------
        also
            Shorter forms of the name to look up where the whole one is not known.
        """
        text = " ".join(name.split())
        if not text:
            return None
        if text not in self._made:
            self._made[text] = self._make(text, also)
        found = self._made[text]
        if found is not None and not found.resolved:
            self.unmapped[text] += 1
        return found

    def _make(self, text: str, also: Sequence[str]) -> Ref | None:
        for table in self._tables:
            for form in (text, *also):
                told = table.get(form.casefold())
                if told == NOBODY:
                    return None
                if told is not None:
                    return self._known(told, text)
        for form in (text, *also):
            id_ = self._vocabulary.resolve_actor(form, countries=self._countries).id
            actor = self._vocabulary.find_actor(id_) if id_ else None
            if actor is not None:
                return Ref(id=actor.id, name=actor.name, text=text)
        return Ref.unresolved(text)

    def _known(self, told: str, text: str) -> Ref:
        actor = self._vocabulary.find_actor(told)
        if actor is None:
            id_ = self._vocabulary.resolve_actor(told, countries=self._countries).id
            actor = self._vocabulary.find_actor(id_) if id_ else None
        if actor is None:
            raise BadInput(
                f"the crosswalk maps {text!r} to {told!r}, which is no actor of this theatre; add "
                "it to actors.csv or write another"
            )
        return Ref(id=actor.id, name=actor.name, text=text)

    def warnings(self) -> list[str]:
        """The names that nobody could map, most frequent first."""
        if not self.unmapped:
            return []
        shown = ", ".join(f"{n} ({k})" for n, k in self.unmapped.most_common(_LISTED))
        more = len(self.unmapped) - _LISTED
        rest = f" and {more} more" if more > 0 else ""
        return [
            f"actors that no crosswalk and no vocabulary knows: {shown}{rest}; their claims keep "
            "the name and bear on no odds. Map them in a crosswalk (columns name,actor)"
        ]
