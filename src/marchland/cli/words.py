"""How the command line words things: odds, weights, counts, names, assumptions.

The rule: no odds are printed as 0 % or 100 %, since nothing is certain.
"""

from collections.abc import Mapping

from marchland.claims import Claim
from marchland.vocabulary import Vocabulary


def signed(weight: float) -> str:
    """A weight with its sign, two decimals; what rounds to nothing has none.

    Examples
    --------
    >>> signed(0.231), signed(-0.08), signed(-0.0004)
    ('+0.23', '-0.08', ' 0.00')
    """
    return f"{weight:+.2f}" if abs(weight) >= 0.005 else " 0.00"


def count(n: int, noun: str) -> str:
    """A number with its noun.

    Examples
    --------
    >>> count(1, "claim"), count(2, "day"), count(2, "country")
    ('1 claim', '2 days', '2 countries')
    """
    if n == 1:
        return f"1 {noun}"
    after_consonant = noun.endswith("y") and noun[-2] not in "aeou"
    return f"{n} {noun[:-1]}ies" if after_consonant else f"{n} {noun}s"


def name_of(id: str | None, vocabulary: Vocabulary) -> str:
    """The name of a place or actor; the id itself where nobody has it, "not known" for None."""
    if id is None:
        return "not known"
    thing = vocabulary.find_place(id) or vocabulary.find_actor(id)
    return thing.name if thing else id


def assumptions(given: Mapping[str, str], vocabulary: Vocabulary) -> str:
    """Assumptions in words, as ``Abu Kamal = Islamic State``; empty where there are none."""
    return "; ".join(
        f"{name_of(k, vocabulary)} = {name_of(v, vocabulary)}" for k, v in given.items()
    )


def quoted(claim: Claim) -> str:
    """A claim with its source, the words it rests on, and its id."""
    words = f': "{" ".join(claim.quote.split())}"' if claim.quote else ""
    return f"{claim}{words}  {claim.id}"
