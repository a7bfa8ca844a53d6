"""brat's standoff format: lines that point into the text beside them.

::

    T1<TAB>Actor 4 12<TAB>the army          what stands at those characters, and what it is
    T2<TAB>captures 13 18<TAB>seized        the word that says a claim
    E1<TAB>captures:T2 subject:T1 place:T3  a claim, with what fills its roles
    R1<TAB>backs Arg1:T4 Arg2:T1            a claim between two, in short
    A1<TAB>modality E1 possible             how firmly; also: speaker by role, valid, p_read
    #1<TAB>AnnotatorNotes E1<TAB>...        a remark, left out

Format: https://brat.nlplab.org/standoff.html. Offsets count characters of the text; a stretch in
several parts ("0 5;9 12") counts from the first to the last.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from marchland.claims import PREDICATES
from marchland.errors import BadInput
from marchland.reading.quoting import find_quote

_ROLES = {
    "subject": "subject",
    "arg1": "subject",
    "agent": "subject",
    "object": "object",
    "arg2": "object",
    "place": "place",
    "location": "place",
    "speaker": "speaker",
    "when": "when",
    "time": "when",
}
_ATTRIBUTES = {
    "modality": "modality",
    "valid": "valid",
    "p_read": "p_read",
    "annotator": "annotator",
}
_PREDICATES = {name.replace("_", ""): name for name in PREDICATES}


@dataclass(slots=True, kw_only=True)
class _Event:
    line: int
    record: dict[str, Any]
    stretches: list[tuple[int, int]] = field(default_factory=list)


def read_standoff(path: Path, text: str) -> list[tuple[int, dict[str, Any]]]:
    """Claims of a standoff file, each with the line it stands on, as records not yet checked.

    Raises
    ------
    BadInput
        If a line can't be read or points at what is not there; it names the line.
    """
    try:
        lines = path.read_text("utf-8-sig").split("\n")
    except UnicodeDecodeError as error:
        raise BadInput(f"is not UTF-8: {error}", path=path) from None
    stretches: dict[str, tuple[int, int]] = {}
    for number, line in enumerate(lines, start=1):
        if line.startswith("T"):
            name, stretch = _stretch(line.rstrip("\r"), path, number, text)
            stretches[name] = stretch
    events: dict[str, _Event] = {}
    for number, line in enumerate(lines, start=1):
        if line[:1] in ("E", "R"):
            name, event = _event(line.rstrip("\r"), path, number, text, stretches)
            events[name] = event
    for number, line in enumerate(lines, start=1):
        if line[:1] in ("A", "M"):
            _attribute(line.rstrip("\r"), path, number, events)
        elif line.strip() and line[:1] not in "TER#*N":
            raise BadInput("is no line of brat's standoff format", path=path, row=number)
    out = []
    for event in events.values():
        begin = min(b for b, _ in event.stretches)
        end = max(e for _, e in event.stretches)
        out.append((event.line, {**event.record, "begin": begin, "end": end}))
    return out


def _stretch(line: str, path: Path, number: int, text: str) -> tuple[str, tuple[int, int]]:
    found = re.fullmatch(r"(T\S+)\t\S+ (\d+) (?:\d+;\d+ )*(\d+)(?:\t(.*))?", line)
    if not found:
        raise BadInput("is no line such as T1<TAB>Actor 4 12<TAB>words", path=path, row=number)
    begin, end = int(found[2]), int(found[3])
    if not 0 <= begin < end <= len(text):
        raise BadInput(
            f"{begin} to {end} lies outside the report of {len(text)} characters",
            path=path,
            row=number,
        )
    whole = ";" not in line.split("\t")[1]
    if whole and found[4] and (0, end - begin) not in find_quote(text[begin:end], found[4]):
        raise BadInput(
            f"from {begin} to {end} stands {text[begin:end]!r}, not {found[4]!r}",
            path=path,
            row=number,
        )
    return found[1], (begin, end)


def _event(
    line: str, path: Path, number: int, text: str, stretches: Mapping[str, tuple[int, int]]
) -> tuple[str, _Event]:
    named, _, rest = line.partition("\t")
    head, *roles = rest.split()[:50] or [""]
    name, _, trigger = head.partition(":")
    predicate = _PREDICATES.get(name.lower().replace("_", "").replace("-", ""))
    if predicate is None:
        raise BadInput(
            f"{name!r} is no predicate; choose from {' '.join(sorted(PREDICATES))}",
            path=path,
            row=number,
        )
    event = _Event(line=number, record={"predicate": predicate})
    for role, target in [("", trigger)] * bool(trigger) + [_pair(r) for r in roles]:
        if target not in stretches:
            raise BadInput(f"{target!r} is marked nowhere", path=path, row=number)
        begin, end = stretches[target]
        event.stretches.append((begin, end))
        if not role:
            continue
        filled = _ROLES.get(role.lower().rstrip("0123456789") or "") or _ROLES.get(role.lower())
        if filled is None:
            raise BadInput(
                f"{role!r} is no role; choose from {' '.join(sorted(set(_ROLES.values())))}",
                path=path,
                row=number,
            )
        if filled in event.record:
            raise BadInput(
                f"has two of {filled}; a claim has one, make it two claims", path=path, row=number
            )
        event.record[filled] = " ".join(text[begin:end].split())
    if not event.stretches:
        raise BadInput("points at nothing in the text", path=path, row=number)
    return named, event


def _pair(word: str) -> tuple[str, str]:
    role, _, target = word.partition(":")
    return role, target


def _attribute(line: str, path: Path, number: int, events: Mapping[str, _Event]) -> None:
    _, _, rest = line.partition("\t")
    name, target, value = [*rest.split(None, 2), "", "", ""][:3]
    if target.startswith("T"):
        return
    if target not in events:
        raise BadInput(f"{target!r} is marked nowhere", path=path, row=number)
    known = _ATTRIBUTES.get(name.lower())
    if known is None:
        raise BadInput(
            f"{name!r} is no attribute of a claim; choose from {' '.join(sorted(_ATTRIBUTES))}",
            path=path,
            row=number,
        )
    given: Any = value.strip()
    if known == "modality":
        given = given.lower()
    if known == "p_read":
        try:
            given = float(given)
        except ValueError:
            raise BadInput(
                f"p_read must be a number, not {given!r}", path=path, row=number
            ) from None
    events[target].record[known] = given
