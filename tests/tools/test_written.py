"""Training texts in our own words: what a file may say, and that every one of ours can be read."""

from pathlib import Path

import pytest
from tools.train_reader.written import FOLDER, FOLDERS, WrongLine, reports, written

HEAD = "=== A town changes hands | newspaper | 2019-04-03\n"
TEXT = (
    "The Northern Army said it had retaken Dorvan from the rebels.\n\nThe rebels denied it.\n---\n"
)
CLAIM = "captures ; Northern Army = army & police ; rebels ; Dorvan ; Northern Army ; reported ; "


def one(folder: Path, told: str) -> Path:
    path = folder / "some.txt"
    path.write_text(told, encoding="utf-8")
    return path


def test_a_claim_points_at_the_word_that_says_it(tmp_path: Path) -> None:
    ((document, marked),) = reports(
        one(tmp_path, HEAD + TEXT + CLAIM + "it had [retaken] Dorvan\n")
    )
    (claim,) = marked
    assert claim.span is not None
    assert document.text[slice(*claim.span)] == "retaken"
    assert claim.subject == ("Northern Army", "army")
    assert claim.besides == ("police",)
    assert str(document.report.published) == "2019-04-03"


@pytest.mark.parametrize(
    ("line", "why"),
    [
        (CLAIM + "it had retaken Dorvan", "no word in brackets"),
        (CLAIM + "it had [lost] Dorvan", "stands 0 times"),
        (CLAIM + "[rebels]", "stands 2 times"),
        ("captures ; army ; rebels", "3 fields, wants 7"),
        ("grabs" + CLAIM.removeprefix("captures") + "had [retaken]", "no predicate 'grabs'"),
        (CLAIM.replace("reported", "said") + "had [retaken]", "no modality 'said'"),
        (CLAIM.replace("Dorvan", "Sarkan") + "had [retaken]", "place 'Sarkan' is not in the text"),
    ],
)
def test_a_wrong_line_is_named(tmp_path: Path, line: str, why: str) -> None:
    with pytest.raises(WrongLine, match=why.replace("[", r"\[")) as error:
        list(reports(one(tmp_path, f"Invented.\n\n{HEAD}{TEXT}{line}\n")))
    assert "some.txt, line 3" in str(error.value)


def test_every_file_of_ours_can_be_read() -> None:
    told = [one for folder in FOLDERS for one in written(folder)]
    assert len({document.report.title for document, _ in told}) == len(told)
    assert all(marked for _, marked in told)
    for path in FOLDER.rglob("*.txt"):
        assert "Invented reports" in path.read_text(encoding="utf-8").split("===")[0], path.name
