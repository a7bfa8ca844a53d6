"""A ledger that another program is writing to still answers; the answer's record is left out."""

import sqlite3
from pathlib import Path

from marchland.theatre import make_like, open_theatre, sample_folder


def test_an_answer_is_given_while_another_program_writes(tmp_path: Path) -> None:
    make_like(tmp_path / "mine", sample_folder("vale"))
    with open_theatre(tmp_path / "mine") as mine:
        mine.load("claims", sample_folder("vale") / "facts.csv")
    other = sqlite3.connect(tmp_path / "mine" / "ledger.sqlite", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with open_theatre(tmp_path / "mine") as mine:
        answer = mine.alignment("tessmar", "vale-front", on="2021-06-01", as_of="2022-01-01")
        assert answer.p
        other.execute("ROLLBACK")
        other.close()
        mine.alignment("tessmar", "vale-front", on="2021-06-01", as_of="2022-01-01")
        assert mine.ledger.estimate(answer.id)
