"""Web pages: the article without menus and footers, and the page's own metadata."""

import codecs
import logging
import re
from pathlib import Path
from typing import Any

import trafilatura

from marchland.errors import BadInput
from marchland.reading.calendar_words import full_day
from marchland.reading.formats.extracted import Extracted
from marchland.reading.formats.plain import decode

_log = logging.getLogger(__name__)

_CHARSET = re.compile(rb"<meta[^>]{0,200}charset\s*=\s*[\"']?\s*([\w-]+)", re.IGNORECASE)
# Dates are looked for in the page's own metadata only, and no clock is asked: without these the
# extractor would take any date it finds and bound it by today's.
_DATES = {"extensive_search": False, "original_date": True, "max_date": "2100-01-01"}


def read_web(content: bytes, path: Path) -> Extracted:
    """The article of an HTML page.

    Raises
    ------
    BadInput
        If the page holds no article.
    """
    page = _decode(content, path)
    if "</html>" not in page.lower() and "</body>" not in page.lower():
        _log.warning("%s: the page has no end; it may be cut short", path)
    found: Any = trafilatura.bare_extraction(
        page,
        with_metadata=True,
        include_comments=False,
        include_tables=True,
        date_extraction_params=dict(_DATES),
    )
    text = (found.text or "").strip() if found else ""
    if not text:
        raise BadInput(
            "no article found in the page. Save its text as a txt file instead.", path=path
        )
    published = full_day(found.date) if found.date else None
    return Extracted(
        text=text.replace("\n", "\n\n"),
        title=found.title or None,
        source=found.sitename or found.hostname or None,
        published=published,
        date_from="page metadata" if published else "none",
        url=found.url or None,
    )


def _decode(content: bytes, path: Path) -> str:
    named = _CHARSET.search(content[:4096])
    if named and not content.startswith((codecs.BOM_UTF8, codecs.BOM_UTF16_LE)):
        try:
            return content.decode(codecs.lookup(named[1].decode("ascii")).name)
        except (LookupError, UnicodeDecodeError):
            _log.warning("%s: is not in the encoding it names, %s", path, named[1].decode())
    return decode(content, path)
