"""How one sentence was read, for an analyst: names, claims, what was dropped, the parse."""

import textwrap
from collections.abc import Iterator

from marchland.reading.reader import Explained
from marchland.vocabulary import Vocabulary

_WIDTH = 100
_INDENT = " " * 11


def lay_out(sentence: Explained, vocabulary: Vocabulary) -> str:
    """The sentence; what its names mean; what was read, by which rule; what not, and why."""
    lines = [" ".join(sentence.sentence.split())]
    lines += [f"  name     {text} = {_meaning(what, vocabulary)}" for text, what in sentence.names]
    lines += [line for text in sentence.findings for line in _claim(text)]
    lines += [f"  dropped  {text}" for text in sentence.dropped]
    if not sentence.findings and not sentence.dropped:
        lines.append("  nothing  no rule speaks of what it says")
    if sentence.parse:
        words = " ".join(f"{w}/{p}<{d}:{h}>" for w, p, d, h in sentence.parse)
        lines.append(_wrapped("  parse    ", words))
    return "\n".join(lines) + "\n"


def _claim(text: str) -> Iterator[str]:
    said, _, how = text.partition("   ")
    yield f"  claim    {said}"
    if how:
        yield f"{_INDENT}{how}"


def _meaning(ids: str, vocabulary: Vocabulary) -> str:
    """What a name can mean: "Mosul, a city (mosul)"; several where the sentence decides."""
    told = []
    for named in ids.split(" or "):
        place, actor = vocabulary.find_place(named), vocabulary.find_actor(named)
        if place is not None and actor is None:
            told.append(f"{place.name}, {place.kind} ({named})")
        elif actor is not None:
            told.append(f"{actor.name}, {actor.kind} ({named})")
        else:
            told.append(named)
    if len(told) > 1:
        return " or ".join(told) + "; which is meant is decided by where it stands"
    return told[0]


def _wrapped(head: str, words: str) -> str:
    return textwrap.fill(
        words,
        width=_WIDTH,
        initial_indent=head,
        subsequent_indent=_INDENT,
        break_long_words=False,
        break_on_hyphens=False,
    )
