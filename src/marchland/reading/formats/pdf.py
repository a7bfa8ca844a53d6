"""PDF files: the text layer, page by page, parted by form feeds."""

from pathlib import Path

import pypdfium2

from marchland.errors import BadInput
from marchland.reading.formats.extracted import Extracted

_PASSWORD = "password"


def read_pdf(content: bytes, path: Path) -> Extracted:
    """The text layer of a PDF.

    Raises
    ------
    BadInput
        If it is damaged, locked by a password, or holds pictures of text only.
    """
    try:
        document = pypdfium2.PdfDocument(content)
    except pypdfium2.PdfiumError as error:
        if _PASSWORD in str(error).lower() or "security" in str(error).lower():
            raise BadInput(
                "is locked by a password. Save a copy without one and read that.", path=path
            ) from None
        raise BadInput(
            "is no whole pdf: damaged or cut short. Fetch it again.", path=path
        ) from None
    try:
        pages = [_page(document, number, path) for number in range(len(document))]
        title = (document.get_metadata_dict().get("Title") or "").strip()
    finally:
        document.close()
    text = "\n\f\n".join(pages)
    if sum(c.isalpha() for c in text[:10_000]) < 8 and not any(c.isalpha() for c in text):
        raise BadInput(
            f"its {len(pages)} pages hold pictures, not text. Run text recognition (OCR) over it, "
            "for instance with ocrmypdf, and read the result.",
            path=path,
        )
    return Extracted(text=text, title=title if _says_something(title) else None)


def _page(document: pypdfium2.PdfDocument, number: int, path: Path) -> str:
    try:
        page = document[number]
        reader = page.get_textpage()
    except pypdfium2.PdfiumError:
        raise BadInput(
            f"page {number + 1} can't be read: damaged or cut short. Fetch the file again.",
            path=path,
        ) from None
    try:
        text: str = reader.get_text_range()
    finally:
        reader.close()
        page.close()
    return text.replace("\r\n", "\n")


def _says_something(title: str) -> bool:
    low = title.lower()
    return (
        bool(low)
        and not low.startswith(("untitled", "microsoft word", "(anonymous"))
        and ("." not in low[-6:-2] or " " in low)
    )
