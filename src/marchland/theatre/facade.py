"""The theatre: one folder, all the questions.

    with marchland.open("sample:levant") as t:
        t.control("Abu Kamal", on="2021-03-02")

It wires the floors together and decides nothing itself. Whenever `as_of` is left out it is the day
of the latest report in the ledger, and every answer prints it.
"""

from marchland.theatre.looking_up import LookingUp
from marchland.theatre.showing import Showing
from marchland.theatre.taking_in import TakingIn
from marchland.theatre.ties import TieQuestions


class Theatre(Showing, TieQuestions, LookingUp, TakingIn):
    """A vocabulary, a ledger and roads, and the questions one asks of them.

    Made by `open_theatre`. Answers are pure functions of what the ledger holds: same ledger
    revision, same question, same seed, same bytes.
    """
