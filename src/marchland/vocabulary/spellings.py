"""Other spellings that one name has when its letters are brought over from Arabic or Kurdish.

The same name is Saraqib and Saraqeb, Mayadin and Mayadeen, Khan Shaykhun and Khan Sheikhoun, Tal
Afar, Tel Afar and Talafar: each pair is one Arabic spelling. The rule: a spelling is offered only
where it changes no consonant, so that two different names do not fall together by it.
"""

import re
from collections.abc import Iterator
from itertools import product

ROMANISED = frozenset(
    {
        *("IQ", "SY", "LB", "JO", "PS", "SA", "KW", "YE", "OM", "AE", "QA", "BH"),
        *("EG", "LY", "SD", "TN", "DZ", "MA", "IR", "AF"),
    }
)
"""Countries whose names reach English text through such a transcription."""

_MOST = 48
_WHOLE = {
    "tal": ("Tal", "Tel", "Tall", "Tell"),
    "tall": ("Tal", "Tel", "Tall", "Tell"),
    "tel": ("Tal", "Tel", "Tall", "Tell"),
    "tell": ("Tal", "Tel", "Tall", "Tell"),
    "ain": ("Ain", "Ayn", "Ein"),
    "ayn": ("Ain", "Ayn", "Ein"),
    "deir": ("Deir", "Dayr", "Dair", "Der"),
    "dayr": ("Deir", "Dayr", "Dair", "Der"),
    "abu": ("Abu", "Abou"),
    "jabal": ("Jabal", "Jebel"),
    "jebel": ("Jabal", "Jebel"),
    "umm": ("Umm", "Um"),
}
_VOWELS = re.compile(r"ou|oo|ee|ei|ey|ai|ay|u|(?<=[^aeiou])[ie](?=[^aeiou]$)")
_SOUNDS = {
    "long u": ("u", "ou", "oo"),
    "long i": ("i", "ee", "e"),
    "ay": ("ay", "ai", "ei", "ey"),
}
_SOUND = {s: name for name, spellings in _SOUNDS.items() for s in spellings}
_SHORTEST = 5
_ENGLISH = frozenset({"International", "Military", "Greater", "Middle", "Upper", "Euphrates"})


def variants(name: str) -> Iterator[str]:
    """Other spellings of a romanised name; none for one in another script or with digits.

    Examples
    --------
    >>> "Saraqeb" in set(variants("Saraqib")), "Khan Sheikhoun" in set(variants("Khan Shaykhun"))
    (True, True)
    >>> "Talafar" in set(variants("Tal Afar"))
    True
    """
    if not name.isascii() or any(c.isdigit() for c in name) or "(" in name:
        return
    words = name.split()
    choices = [_WHOLE.get(w.lower()) or _spellings(w) for w in words]
    offered = {name}
    for combination in product(*choices):
        spelled = [" ".join(combination)]
        # Short words run into the next one: Talafar, Abukamal, never "Khanshaykhun".
        if len(combination) == 2 and words[0].lower() in _WHOLE and "-" not in combination[1]:
            spelled.append(combination[0] + combination[1].lower())
        for text in spelled:
            if text not in offered:
                offered.add(text)
                yield text
        if len(offered) > _MOST:
            return


def _spellings(word: str) -> tuple[str, ...]:
    if len(word) < _SHORTEST or word[0].islower() or word.isupper() or word in _ENGLISH:
        return (word,)
    found = list(_VOWELS.finditer(word))[:2]
    parts: list[tuple[str, ...]] = []
    at = 0
    for match in found:
        parts.append((word[at : match.start()],))
        parts.append(_SOUNDS[_SOUND[match[0]]])
        at = match.end()
    parts.append((word[at:],))
    return tuple(dict.fromkeys((word, *("".join(p) for p in product(*parts)))))
