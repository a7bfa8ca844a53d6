"""Statements that say nothing else: what somebody says, where no rule reads it as more.

The content of a speech is read as claims with that speaker. Only a speech in which no other claim
was found becomes a ``says`` of its own.
"""

from collections.abc import Collection, Iterator, Sequence

from marchland.claims import Ref
from marchland.reading.attribution import Speech
from marchland.reading.findings import Finding
from marchland.reading.grammar import verb_frame
from marchland.reading.link import Linker
from marchland.reading.tree import Tree

_JUDGING = frozenset(
    [
        "condemn",
        "criticize",
        "criticise",
        "praise",
        "welcome",
        "urge",
        "call",
        "demand",
        "express",
        "denounce",
        "thank",
        "congratulate",
    ]
)
_PRIOR = 0.35


def find_statements(
    tree: Tree,
    linker: Linker,
    speeches: Sequence[Speech],
    first: int,
    last: int,
    taken: Collection[int],
) -> Iterator[tuple[Finding, Ref]]:
    """``says`` findings of a sentence, each with its speaker."""
    done: set[int] = set()
    for speech in speeches:
        if speech.speaker is None or speech.verb is None or not first <= speech.verb < last:
            continue
        if speech.verb in done or any(speech.covers(t) for t in taken):
            continue
        if speech.last - speech.first < 3:
            continue
        done.add(speech.verb)
        speaker = linker.actor(speech.speaker, loose=True)
        if speaker is not None:
            yield _says(tree, speaker, speech.verb, speech.first, speech.last), speaker
    for i in range(first, last):
        if (
            tree.pos[i] == "VERB"
            and tree.lemmas[i] in _JUDGING
            and i not in taken
            and i not in done
        ):
            for token in verb_frame(tree, i).get("A0")[:1]:
                speaker = linker.actor(token)
                if speaker is not None and tree.right[i] > i + 1:
                    yield _says(tree, speaker, i, i, min(tree.right[i], last - 1)), speaker


def _says(tree: Tree, speaker: Ref, verb: int, first: int, last: int) -> Finding:
    return Finding(
        predicate="says",
        rule="says",
        prior=_PRIOR,
        trigger=verb,
        first=min(first, last),
        last=max(first, last),
        subject=speaker,
    )
