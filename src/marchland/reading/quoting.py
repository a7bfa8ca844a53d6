"""Finding a quote in a text that prints it a little differently.

White space, line breaks, hyphens and dashes, and the shapes of quotation marks are no part of what
is compared; every letter, digit and other mark is. What is found begins and ends where a word does.
"""

from collections.abc import Iterator

_MARKS = dict.fromkeys("‘’‚‛′`´", "'") | dict.fromkeys("“”„‟″«»", '"')
_HYPHENS = frozenset("-‐‑‒–—―−\u00ad\u200b\u200c\u200d\u2060\ufeff")


def find_quote(text: str, quote: str) -> list[tuple[int, int]]:
    """Where a quote stands in a text: half-open offsets in characters, in order.

    Examples
    --------
    >>> find_quote("The army re-took al‑Qaim\\n on Friday.", "retook al-Qaim on Friday")
    [(9, 35)]
    >>> find_quote("The army took Rawa.", "army took Raw")
    []
    """
    bare, at = _skeleton(text)
    asked, _ = _skeleton(quote)
    return list(_occurrences(text, bare, at, asked)) if asked else []


def words_in(quote: str) -> int:
    """How many words a quote has."""
    shown = "".join(c if c.isalnum() else " " for c in quote)
    return len(shown.split())


def _occurrences(text: str, bare: str, at: list[int], asked: str) -> Iterator[tuple[int, int]]:
    found = bare.find(asked)
    while found >= 0:
        begin, end = at[found], at[found + len(asked) - 1] + 1
        if not (_inside(text, begin) or _inside(text, end)):
            yield begin, end
        found = bare.find(asked, found + 1)


def _inside(text: str, offset: int) -> bool:
    """Whether an offset lies within a word."""
    return 0 < offset < len(text) and text[offset - 1].isalnum() and text[offset].isalnum()


def _skeleton(text: str) -> tuple[str, list[int]]:
    """What is compared, and where each character of it stands."""
    kept = [
        (_MARKS.get(c, c), i) for i, c in enumerate(text) if not c.isspace() and c not in _HYPHENS
    ]
    return "".join(c for c, _ in kept), [i for _, i in kept]
