"""Text made fit for a terminal.

The rule: nothing that came out of a report, a table or a file name reaches the terminal as a
control character.
"""

import re

_UNSEEN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
"""Control characters, embedded and overriding directions, and halves of characters."""


def visible(text: object) -> str:
    """Text with its control characters spelt out, so that it can't steer a terminal.

    Line ends and tabs stay. So do Arabic, Hebrew and their marks; what overrides the direction of
    the text around it does not.

    Examples
    --------
    >>> print(visible("Abu" + chr(27) + "[31m Kamal"))
    Abu\\x1b[31m Kamal
    """
    return _UNSEEN.sub(lambda found: ascii(found[0])[1:-1], str(text))
