"""Word files (docx): paragraphs and tables in the order they stand in.

Headers, footers, footnotes and comments are not read.
"""

import io
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import docx
from docx.opc.exceptions import OpcError
from docx.table import Table

from marchland.errors import BadInput
from marchland.reading.formats.extracted import Extracted


def read_word(content: bytes, path: Path, *, max_bytes: int) -> Extracted:
    """The text of a Word file.

    Raises
    ------
    BadInput
        If it is damaged, holds no text, or would unpack to more than `max_bytes`.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            size = sum(entry.file_size for entry in packed.infolist())
            if size > max_bytes:
                raise BadInput(
                    f"unpacks to {size / 2**20:.0f} MB, over the limit of "
                    f"{max_bytes / 2**20:.0f} MB (max_bytes). Split it.",
                    path=path,
                )
        document: Any = docx.Document(io.BytesIO(content))
        blocks = list(_blocks(document))
        title = (document.core_properties.title or "").strip()
    except (zipfile.BadZipFile, OpcError, KeyError, ValueError, SyntaxError, EOFError, OSError):
        raise BadInput(
            "is no whole docx: damaged or cut short. Fetch it again.", path=path
        ) from None
    return Extracted(text="\n\n".join(blocks), title=title or None)


def _blocks(document: Any) -> Iterator[str]:
    for item in document.iter_inner_content():
        if isinstance(item, Table):
            yield from _rows(item)
        elif item.text.strip():
            yield item.text


def _rows(table: Any) -> Iterator[str]:
    for row in table.rows:
        cells: list[str] = []
        known: set[Any] = set()
        for cell in row.cells:
            # A cell merged over several columns is listed once for each of them.
            if cell._tc in known:
                continue
            known.add(cell._tc)
            if words := " ".join(cell.text.split()):
                cells.append(words)
        if cells:
            yield "\t".join(cells)
