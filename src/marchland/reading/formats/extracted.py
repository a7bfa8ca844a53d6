"""What a format reader hands back: the text, and what the file says about itself."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True, kw_only=True)
class Extracted:
    """The text of one report and the defaults found beside it.

    Parameters
    ----------
    text
        The text that offsets point into.
    body
        Where the running text begins in it.
    published, date_from
        The day of publication, and where it was found.
    rests_on
        The source that the report says its facts rest on.
    row
        The line or item of the file that holds it, counted from 1; None if it is the file.
    """

    text: str
    body: int = 0
    title: str | None = None
    source: str | None = None
    published: date | None = None
    date_from: str = "none"
    url: str | None = None
    rests_on: str | None = None
    row: int | None = None
