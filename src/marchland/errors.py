"""Every error Marchland raises on purpose.

    MarchlandError
    ├── UnknownName      a name that no actor or place answers to; carries the nearest candidates
    ├── AmbiguousName    a name that several answer to; lists them
    ├── InvalidClaim     a claim that breaks the record's rules
    ├── BadInput         a file, row, date or option that can't be used; names the file and row
    ├── LedgerError      the ledger can't be opened, read or written
    ├── MissingExtra     an optional package is needed; gives the line that installs it
    └── ReadingStopped   a reader can't go on: a limit is reached, an endpoint refuses

The rule: a message says what is wrong, where, and what to do about it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path


class MarchlandError(Exception):
    """Base of every error that a user can cause or mend."""


class UnknownName(MarchlandError):
    """A name that no known actor or place answers to.

    Parameters
    ----------
    name
        The name as asked for.
    candidates
        The nearest known names, best first.
    what
        ``"place"``, ``"actor"`` or ``"name"``.
    """

    def __init__(self, name: str, candidates: Sequence[str] = (), *, what: str = "name") -> None:
        self.name, self.candidates, self.what = name, tuple(candidates), what
        near = f" Did you mean {_either(self.candidates)}?" if self.candidates else ""
        super().__init__(f"No {what} called {name!r} is known.{near}")


class AmbiguousName(MarchlandError):
    """A name that several actors or places answer to.

    Parameters
    ----------
    name
        The name as asked for.
    candidates
        Ids or names that would be unambiguous, best first.
    what
        ``"place"``, ``"actor"`` or ``"name"``.
    """

    def __init__(self, name: str, candidates: Sequence[str], *, what: str = "name") -> None:
        self.name, self.candidates, self.what = name, tuple(candidates), what
        super().__init__(
            f"{name!r} could be more than one {what}: {', '.join(self.candidates)}. "
            "Ask again with one of these ids."
        )


class InvalidClaim(MarchlandError):
    """A claim that breaks the rules of the claim record."""


class BadInput(MarchlandError):
    """Input that can't be used.

    Parameters
    ----------
    message
        What is wrong and what to do.
    path
        The file at fault, when there is one.
    row
        The row or line in that file, counted from 1 with the header as row 1.
    """

    def __init__(
        self, message: str, *, path: str | Path | None = None, row: int | None = None
    ) -> None:
        self.path, self.row, self.message = path, row, message
        where = "" if path is None else f"{path}{'' if row is None else f', row {row}'}: "
        super().__init__(where + message)


class LedgerError(MarchlandError):
    """The ledger can't be opened, read or written."""


class MissingExtra(MarchlandError):
    """An optional dependency is not installed.

    Parameters
    ----------
    extra
        Name of the extra in ``pip install 'marchland[extra]'``.
    purpose
        What it would have been used for.
    """

    def __init__(self, extra: str, purpose: str) -> None:
        self.extra = extra
        super().__init__(
            f"{purpose} needs an optional package. Install it: pip install 'marchland[{extra}]'"
        )


class ReadingStopped(MarchlandError):
    """A reader can't go on with any report; what was read so far is kept."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rejected:
    """One piece of input that was not taken in: collected, never raised.

    Parameters
    ----------
    where
        The file and row, report or claim.
    why
        What is wrong with it.
    """

    where: str
    why: str


def _either(names: Sequence[str]) -> str:
    if len(names) < 2:
        return "".join(names)
    return f"{', '.join(names[:-1])} or {names[-1]}"
