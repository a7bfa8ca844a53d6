"""Files: every format becomes a document, and what can't be read says why and what to do."""

import io
import json
import logging
import struct
import zipfile
import zlib
from datetime import date
from pathlib import Path

import docx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.pdfgen.canvas import Canvas

from marchland.errors import BadInput
from marchland.reading.clean import clean, clean_sections
from marchland.reading.files import Document, load, load_all, source_named, walk

DAY = date(2017, 6, 15)
STORY = "The army took the town of Rawa. Militias hold the road to the crossing near Abu Kamal."


def written(folder: Path, name: str, content: str | bytes) -> Path:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def png() -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        )

    head = struct.pack(">IIBBBBB", 1, 1, 8, 2, 0, 0, 0)
    pixels = chunk(b"IDAT", zlib.compress(b"\0\0\0\0"))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + pixels + chunk(b"IEND", b"")


def pdf(pages: list[list[str]], *, password: str | None = None, title: str = "") -> bytes:
    buffer = io.BytesIO()
    lock = StandardEncryption(password, canPrint=0) if password else None
    canvas = Canvas(buffer, encrypt=lock, invariant=1)
    if title:
        canvas.setTitle(title)
    for lines in pages:
        for number, line in enumerate(lines):
            canvas.drawString(72, 760 - 14 * number, line)
        canvas.showPage()
    canvas.save()
    return buffer.getvalue()


def word(*paragraphs: str, rows: tuple[tuple[str, ...], ...] = (), title: str = "") -> bytes:
    document = docx.Document()
    document.core_properties.title = title
    for paragraph in paragraphs:
        document.add_paragraph(paragraph)
    if rows:
        table = document.add_table(rows=0, cols=len(rows[0]))
        for row in rows:
            for cell, text in zip(table.add_row().cells, row, strict=True):
                cell.text = text
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


PAGE = f"""<!doctype html><html><head><title>Army takes Rawa - The Example Times</title>
<meta property="og:title" content="Army takes Rawa"><meta property="og:site_name" content="The
 Example Times"><meta property="article:published_time" content="2017-06-15T08:00:00Z">
<link rel="canonical" href="https://example.org/rawa"></head><body><nav>Home News Sport</nav>
<article><h1>Army takes Rawa</h1><p>{STORY}</p><p>{STORY.replace("Rawa", "Ana")} It was the second
town in a week, officials said on Thursday, and they expect to go on to the border.</p></article>
<footer>Copyright 2024</footer></body></html>"""


def refused(path: Path, match: str) -> None:
    with pytest.raises(BadInput, match=match) as caught:
        load(path)
    assert str(path) in str(caught.value)


# What a report says of itself


def test_plain_text_is_kept_to_the_letter(tmp_path: Path) -> None:
    text = "  The army\r\ntook Rawa.\n"
    found = load(written(tmp_path, "a.txt", text))
    assert found.text == text
    assert (found.body, found.date_from, found.report.published) == (0, "none", None)
    assert found.report.source.id == "unknown"


def test_front_matter_gives_title_source_date_and_what_it_rests_on(tmp_path: Path) -> None:
    text = (
        "---\ntitle: Rawa falls\nsource: The Arab Weekly\ndate: 2017-06-15\n"
        "url: https://example.org/a\nrests_on: UCDP\n---\n" + STORY
    )
    found = load(written(tmp_path, "a.txt", text))
    assert found.text == text
    assert found.text[found.body :] == STORY
    assert found.report.title == "Rawa falls"
    assert found.report.source == source_named("The Arab Weekly")
    assert (found.report.published, found.date_from) == (DAY, "front matter")
    assert (found.report.url, found.rests_on) == ("https://example.org/a", "UCDP")


def test_what_is_given_wins(tmp_path: Path) -> None:
    path = written(tmp_path, "a.txt", "---\nsource: A\ndate: 2016-01-01\n---\n" + STORY)
    found = load(path, source="B News", published=DAY, url="https://example.org/b")
    assert (found.report.source.id, found.report.published) == ("b-news", DAY)
    assert (found.date_from, found.report.url) == ("given", "https://example.org/b")


def test_a_ruler_at_the_top_is_no_front_matter(tmp_path: Path) -> None:
    text = "---\nThe army took Rawa\n---\nand more."
    assert load(written(tmp_path, "a.txt", text)).body == 0


@pytest.mark.parametrize(
    ("head", "row"), [("date: 2017-06-31", 2), ("source: A\ndate: soon", 3), ("date: 31", 2)]
)
def test_a_date_that_is_none_is_refused_with_its_row(tmp_path: Path, head: str, row: int) -> None:
    path = written(tmp_path, "a.txt", f"---\n{head}\n---\n{STORY}")
    with pytest.raises(BadInput, match="is not a day") as caught:
        load(path)
    assert caught.value.row == row


def test_front_matter_that_is_no_yaml_is_refused(tmp_path: Path) -> None:
    refused(written(tmp_path, "a.txt", f"---\ntitle: [a\n---\n{STORY}"), "not YAML")


@pytest.mark.parametrize(
    ("head", "day", "origin", "source"),
    [
        (" date 2017-06-15 ", DAY, "date line", "unknown"),
        ("Published: 15 June 2017\n\n", DAY, "date line", "unknown"),
        ("BEIRUT, 15 June 2017 (Reuters) - ", DAY, "dateline", "reuters"),
        ("BEIRUT, Lebanon, June 15, 2017 (AP) — ", DAY, "dateline", "ap"),
        ("BEIRUT (Reuters) - ", None, "none", "reuters"),
        ("date 2017-06-31 ", None, "none", "unknown"),
    ],
)
def test_date_lines_and_datelines_are_defaults(
    tmp_path: Path, head: str, day: date | None, origin: str, source: str
) -> None:
    found = load(written(tmp_path, "a.txt", head + STORY))
    assert (found.report.published, found.date_from) == (day, origin)
    assert found.report.source.id == source
    if day:
        assert found.text[found.body :] == STORY
        assert load(tmp_path / "a.txt", published=date(2020, 1, 1)).date_from == "given"


def test_a_dateline_below_a_headline_dates_the_report(tmp_path: Path) -> None:
    text = f"Rawa falls\n\nBEIRUT, 15 June 2017 (Reuters) - {STORY}"
    found = load(written(tmp_path, "a.txt", text))
    assert (found.report.published, found.date_from) == (DAY, "dateline")
    assert (found.report.title, found.report.source.id) == ("Rawa falls", "reuters")
    assert found.body == 0  # the headline is read too


def test_a_sentence_with_a_dash_is_no_dateline(tmp_path: Path) -> None:
    assert load(written(tmp_path, "a.txt", "ISIS - the group - left Rawa.")).body == 0


def test_a_headline_is_the_title_and_else_the_name_of_the_file(tmp_path: Path) -> None:
    assert load(written(tmp_path, "a.txt", f"Rawa falls\n\n{STORY}")).report.title == "Rawa falls"
    assert load(written(tmp_path, "b.md", f"# Rawa falls\n{STORY}")).report.title == "Rawa falls"
    assert load(written(tmp_path, "c.txt", STORY)).report.title == "c"


def test_the_same_bytes_are_the_same_report(tmp_path: Path) -> None:
    first, second = (load(written(tmp_path, name, STORY)) for name in ("a.txt", "b.txt"))
    assert first.report.id == second.report.id
    assert first.report.sha256 == second.report.sha256


# Encodings


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-32"])
def test_unicode_encodings(tmp_path: Path, encoding: str) -> None:
    text = STORY + " They call it “البوكمال”."
    assert load(written(tmp_path, "a.txt", text.encode(encoding))).text == text


def test_cp1252_is_read_and_said_so(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    text = "“We hold Rawa,” he said – it’s ours."
    with caplog.at_level(logging.WARNING):
        assert load(written(tmp_path, "a.txt", text.encode("cp1252"))).text == text
    assert "cp1252" in caplog.text


def test_cp1256_is_read_and_said_so(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    text = "سيطرت القوات على مدينة البوكمال شرقي سوريا يوم الخميس، وقال الجيش إن الطريق مفتوح. " * 4
    with caplog.at_level(logging.WARNING):
        assert load(written(tmp_path, "a.txt", text.encode("cp1256"))).text == text
    assert "cp1256" in caplog.text


def test_replacement_is_never_silent(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    content = ("سيطرت القوات على المدينة. " * 200).encode() + b"\xff" + STORY.encode()
    with caplog.at_level(logging.WARNING):
        found = load(written(tmp_path, "a.txt", content))
    assert found.text.count("\ufffd") == 1
    assert "1 characters" in caplog.text


def test_text_cut_in_mid_character(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING):
        found = load(written(tmp_path, "a.txt", (STORY + "“").encode()[:-1]))
    assert found.text == STORY
    assert "cut short" in caplog.text


@given(st.text(alphabet=st.characters(codec="utf-8", exclude_characters="\r"), max_size=80))
def test_any_utf8_text_comes_back_as_it_is(
    tmp_path_factory: pytest.TempPathFactory, text: str
) -> None:
    folder = tmp_path_factory.mktemp("any")
    whole = STORY + text
    try:
        assert load(written(folder, "a.txt", whole)).text == whole
    except BadInput:
        # Only what holds more control characters than a text does may be refused.
        assert sum(c < " " for c in text) > 3


def test_control_characters_and_mixed_directions(tmp_path: Path) -> None:
    text = STORY + " \x07\u202bالبوكمال\u202c fell.\x1a"
    found = load(written(tmp_path, "a.txt", text))
    assert found.text == text
    assert clean(found.text).text.endswith("البوكمال fell.")


# Formats


def test_web_page(tmp_path: Path) -> None:
    found = load(written(tmp_path, "a.html", PAGE))
    assert STORY in found.text
    assert "Sport" not in found.text
    assert found.report.title == "Army takes Rawa"
    assert (found.report.published, found.date_from) == (DAY, "page metadata")
    assert found.report.url == "https://example.org/rawa"
    assert "Example Times" in found.report.source.name
    assert load(written(tmp_path, "noname", PAGE)).text == found.text


def test_web_page_in_the_encoding_it_names(tmp_path: Path) -> None:
    page = PAGE.replace("<head>", '<head><meta charset="windows-1252">').replace("week", "“week”")
    found = load(written(tmp_path, "a.html", page.encode("cp1252")))
    assert "“week”" in found.text


def test_pdf_reads_page_by_page(tmp_path: Path) -> None:
    pages = [["The army took the vil-", "lage of Rawa and went on"], ["to the border on Thursday."]]
    found = load(written(tmp_path, "a.pdf", pdf(pages, title="Rawa falls")))
    assert found.report.title == "Rawa falls"
    assert clean(found.text).text == (
        "The army took the village of Rawa and went on to the border on Thursday."
    )


def test_word_file_with_a_table(tmp_path: Path) -> None:
    rows = (("Town", "Holder"), ("Rawa", "Iraqi army"))
    found = load(written(tmp_path, "a.docx", word(STORY, "", rows=rows, title="Towns")))
    assert found.text == f"{STORY}\n\nTown\tHolder\n\nRawa\tIraqi army"
    assert found.report.title == "Towns"


def test_json_lines_are_a_report_each(tmp_path: Path) -> None:
    records = [
        {
            "text": STORY,
            "title": "One",
            "date": "2017-06-15",
            "source": "A",
            "url": "https://e.org",
        },
        {"text": STORY + " Again.", "date": "2017-06"},
        {"body": STORY, "published": "2017-06-15T12:00:00Z", "source": {"id": "b", "name": "B"}},
    ]
    path = written(tmp_path, "a.jsonl", "\n".join(map(json.dumps, records)) + "\n\n")
    first, second, third = load_all(path)
    assert (first.report.title, first.report.source.name, first.report.published) == (
        "One",
        "A",
        DAY,
    )
    assert (first.date_from, first.report.url) == ("record", "https://e.org")
    assert second.report.published == date(2017, 6, 30)
    assert third.report.source.name == "B"
    assert len({d.report.id for d in (first, second, third)}) == 3
    with pytest.raises(BadInput, match="3 reports"):
        load(path)


def test_json_file_with_one_report(tmp_path: Path) -> None:
    assert load(written(tmp_path, "a.json", json.dumps({"text": STORY}))).text == STORY
    listed = written(tmp_path, "b.json", json.dumps([{"text": STORY}, {"text": STORY + "!"}]))
    assert len(list(load_all(listed))) == 2


def test_bad_records_are_named_and_the_good_ones_kept(tmp_path: Path) -> None:
    lines = [
        json.dumps({"text": STORY}),
        "{broken",
        json.dumps({"title": "no text"}),
        json.dumps({"text": STORY, "date": "never"}),
        json.dumps(["not", "an", "object"]),
        json.dumps({"text": "more " + STORY}),
    ]
    path = written(tmp_path, "a.jsonl", "\n".join(lines))
    errors: list[BadInput] = []
    assert len(list(load_all(path, on_error=errors.append))) == 2
    assert [error.row for error in errors] == [2, 3, 4, 5]
    with pytest.raises(BadInput, match="row 2"):
        list(load_all(path))


# What can't be read


@pytest.mark.parametrize("content", [b"", b" \n\t\r\n", b"\xef\xbb\xbf", b"\xff\xfe"])
def test_empty(tmp_path: Path, content: bytes) -> None:
    refused(written(tmp_path, "a.txt", content), "is empty")


def test_no_text_in_it(tmp_path: Path) -> None:
    refused(written(tmp_path, "a.txt", "--- *** ...\n"), "holds no text")
    refused(written(tmp_path, "b.txt", "---\ntitle: A\n---\n\n"), "holds no text")
    refused(written(tmp_path, "a.docx", word("")), "holds no text")


def test_binary(tmp_path: Path) -> None:
    refused(written(tmp_path, "a.txt", png()), "PNG picture")
    refused(written(tmp_path, "b.txt", bytes(range(256)) * 8), "binary")
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("a.csv", "x")
    refused(written(tmp_path, "c.txt", packed.getvalue()), "zip archive")
    refused(written(tmp_path, "d.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)), "Office")
    refused(written(tmp_path, "e.pdf", STORY), "no pdf")


@pytest.mark.parametrize("share", [0.05, 0.3, 0.6])
def test_truncated_pdf(tmp_path: Path, share: float) -> None:
    content = pdf([[STORY]] * 30)
    refused(written(tmp_path, "a.pdf", content[: int(len(content) * share)]), "cut short")


@pytest.mark.parametrize("share", [0.1, 0.5, 0.95])
def test_truncated_word_file(tmp_path: Path, share: float) -> None:
    content = word(*[STORY] * 30)
    refused(written(tmp_path, "a.docx", content[: int(len(content) * share)]), "cut short")


def test_truncated_page(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    cut = PAGE[: PAGE.index("It was the second")]
    with caplog.at_level(logging.WARNING):
        assert STORY in load(written(tmp_path, "a.html", cut)).text
    assert "cut short" in caplog.text
    refused(written(tmp_path, "b.html", PAGE[:200]), "no article")


def test_locked_pdf(tmp_path: Path) -> None:
    refused(written(tmp_path, "a.pdf", pdf([[STORY]], password="secret")), "password")


def test_pdf_of_pictures(tmp_path: Path) -> None:
    buffer = io.BytesIO()
    canvas = Canvas(buffer)
    canvas.rect(100, 100, 200, 200, fill=1)
    canvas.showPage()
    canvas.save()
    refused(written(tmp_path, "a.pdf", buffer.getvalue()), "OCR")


def test_missing_folder_and_size(tmp_path: Path) -> None:
    refused(tmp_path / "none.txt", "not there")
    refused(tmp_path, "folder")
    with pytest.raises(BadInput, match=r"over the limit .*max_bytes"):
        load(written(tmp_path, "a.txt", STORY), max_bytes=10)


def test_word_file_that_unpacks_to_too_much(tmp_path: Path) -> None:
    content = word("word " * 200_000)
    with pytest.raises(BadInput, match="unpacks to"):
        load(written(tmp_path, "a.docx", content), max_bytes=len(content) + 1000)


def test_file_without_permission(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = written(tmp_path, "a.txt", STORY)

    def locked(_: Path) -> bytes:
        raise PermissionError(13, "Permission denied")

    # The tests may run as a user whom no permission stops.
    monkeypatch.setattr(Path, "read_bytes", locked)
    refused(path, r"can't be opened: Permission denied")


# Folders


def test_walk_is_sorted_and_skips_what_is_hidden(tmp_path: Path) -> None:
    for name in ("b.txt", "a.md", ".hidden.txt", "notes"):
        written(tmp_path, name, STORY)
    (tmp_path / "c").mkdir()
    (tmp_path / ".git").mkdir()
    written(tmp_path / "c", "d.txt", STORY)
    written(tmp_path / ".git", "e.txt", STORY)
    found = [path.relative_to(tmp_path).as_posix() for path in walk([tmp_path])]
    assert found == ["a.md", "b.txt", "c/d.txt", "notes"]


def test_walk_ends_on_a_loop_of_links(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    written(tmp_path / "a", "x.txt", STORY)
    (tmp_path / "a" / "up").symlink_to(tmp_path, target_is_directory=True)
    (tmp_path / "round").symlink_to(tmp_path / "round")
    found = [path.name for path in walk([tmp_path])]
    assert sorted(found) == ["round", "x.txt"]
    refused(tmp_path / "round", "not there|can't be opened")


def test_one_bad_file_leaves_the_good_ones(tmp_path: Path) -> None:
    written(tmp_path, "a.txt", STORY)
    written(tmp_path, "b.txt", png())
    written(tmp_path, "c.txt", STORY + " Again.")
    (tmp_path / "d.txt").symlink_to(tmp_path / "gone.txt")
    good: list[Document] = []
    bad: list[BadInput] = []
    for path in walk([tmp_path, tmp_path / "missing.txt"]):
        try:
            good.append(load(path))
        except BadInput as error:
            bad.append(error)
    assert len(good) == 2
    assert [Path(str(e.path)).name for e in bad] == ["b.txt", "d.txt", "missing.txt"]


# Size


def test_long_pdf(tmp_path: Path) -> None:
    path = written(tmp_path, "a.pdf", pdf([[f"Page {n}: the army took Rawa."] for n in range(120)]))
    assert load(path).text.count("\f") == 119


def test_long_text_is_read_whole_and_cleaned_in_sections(tmp_path: Path) -> None:
    text = (STORY + "\n\n") * 30_000
    found = load(written(tmp_path, "a.txt", text))
    assert len(found.text) == len(text)
    sections = clean_sections(found.text)
    assert sum(section.text.count("Rawa") for section in sections) == 30_000
