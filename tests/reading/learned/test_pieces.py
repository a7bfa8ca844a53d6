"""Words fall into the longest pieces that the list has."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marchland.reading.learned.pieces import UNKNOWN, WordPieces

PIECES = WordPieces({"al": 1, "##bu": 2, "##kamal": 3, "abu": 4, "-": 5, "kamal": 6, "albu": 7})


def test_the_longest_piece_comes_first() -> None:
    assert PIECES(["albukamal"]) == [[7, 3]]


def test_case_and_accents_make_no_difference() -> None:
    assert PIECES(["ÁBU"]) == PIECES(["abu"]) == [[4]]


def test_punctuation_stands_alone() -> None:
    assert PIECES(["Abu-Kamal"]) == [[4, 5, 6]]


@pytest.mark.parametrize("word", ["xyz", "", "\u200b", "kamalx", "a" * 200])
def test_what_has_no_pieces_is_unknown(word: str) -> None:
    assert PIECES([word]) == [[UNKNOWN]]


@given(st.lists(st.text(max_size=30), max_size=10))
def test_every_word_has_at_least_one_piece(words: list[str]) -> None:
    assert all(PIECES(words))
    assert len(PIECES(words)) == len(words)


def test_a_list_is_read_line_by_line(tmp_path: Path) -> None:
    (tmp_path / "pieces.txt").write_text("abu\n##kamal\n", encoding="utf-8")
    assert WordPieces.load(tmp_path / "pieces.txt")(["abukamal"]) == [[0, 1]]
