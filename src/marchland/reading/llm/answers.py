"""Answers of a language model: what shape they must have, and the file they are kept in.

An answer is kept as soon as it has come, by a hash of the question, the model and the prompt's
version, so that an interrupted run asks nothing twice, and the same story printed by five outlets
is asked about once. Only answers that can be read are kept.
"""

import hashlib
import json
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from marchland.errors import LedgerError

NAME = "llm-answers.sqlite"
"""Of the file in a theatre's folder."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a model said.

    Parameters
    ----------
    cut
        Whether it ends because it came to the limit of tokens.
    tokens_in, tokens_out
        What the service says it took.
    estimated
        Whether those are our own estimate, because the service does not say.
    kept
        Whether it comes from the file rather than from the service.
    """

    text: str
    cut: bool = False
    tokens_in: int = 0
    tokens_out: int = 0
    estimated: bool = False
    kept: bool = False


def records_of(text: str) -> list[Any]:
    """The claims that an answer lists, none of them checked.

    Takes the JSON out of a Markdown fence or of words around it.

    Raises
    ------
    ValueError
        If it is no JSON object with a list of claims.
    """
    begin, end = text.find("{"), text.rfind("}")
    if begin < 0 or end < begin:
        raise ValueError("the answer holds no JSON object")
    try:
        found = json.loads(text[begin : end + 1])
    except (ValueError, RecursionError) as error:
        raise ValueError(f"the answer is no JSON: {error}") from None
    claims = found.get("claims") if isinstance(found, dict) else None
    if not isinstance(claims, list):
        raise ValueError('the answer has no list "claims"')
    return claims


def key_of(*parts: str) -> str:
    """What an answer is kept by."""
    return hashlib.sha256(json.dumps(parts).encode("utf-8", "surrogatepass")).hexdigest()


class Answers:
    """The file of answers.

    Parameters
    ----------
    path
        Where it is, made when needed; None keeps them in memory.
    """

    def __init__(self, path: Path | None) -> None:
        try:
            self._db = sqlite3.connect(
                ":memory:" if path is None else path, check_same_thread=False, timeout=30
            )
            with self._db:
                self._db.execute(
                    "create table if not exists answers (key text primary key, answer text, "
                    "cut integer, tokens_in integer, tokens_out integer, estimated integer)"
                )
        except sqlite3.Error as error:
            raise LedgerError(
                f"answers can't be kept in {path}: {error}. Move that file away and try again"
            ) from None

    def find(self, key: str) -> Answer | None:
        """The answer to a question asked before."""
        with closing(
            self._db.execute(
                "select answer, cut, tokens_in, tokens_out, estimated from answers where key = ?",
                (key,),
            )
        ) as rows:
            row = rows.fetchone()
        if row is None:
            return None
        return Answer(
            text=row[0],
            cut=bool(row[1]),
            tokens_in=row[2],
            tokens_out=row[3],
            estimated=bool(row[4]),
            kept=True,
        )

    def keep(self, key: str, answer: Answer) -> None:
        """Keep an answer; on disk when this returns."""
        with self._db:
            self._db.execute(
                "insert or replace into answers values (?, ?, ?, ?, ?, ?)",
                (
                    key,
                    answer.text,
                    answer.cut,
                    answer.tokens_in,
                    answer.tokens_out,
                    answer.estimated,
                ),
            )

    def close(self) -> None:
        """Close the file."""
        self._db.close()
