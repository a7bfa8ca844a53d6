"""The naive rule that a model has to beat: the last claim wins."""

from collections.abc import Mapping, Sequence
from datetime import date

from marchland.claims import Claim
from marchland.control.evidence import Says, observe
from marchland.control.settings import ControlSettings
from marchland.vocabulary import Vocabulary

BELIEF = 0.7


def last_claim(
    claims: Sequence[Claim],
    vocabulary: Vocabulary,
    *,
    on: date,
    as_of: date,
    settings: ControlSettings = ControlSettings(),  # noqa: B008
) -> Mapping[str, tuple[str, float]]:
    """Per place the holder that the last claim up to `on` names, believed at 0.7.

    Returns
    -------
        Place id to holder id and odds; places without a claim are left out.
    """
    known = [c for c in claims if c.published is not None and c.published <= as_of]
    day = on.toordinal()
    last: dict[str, tuple[int, str, str]] = {}
    for o in observe(known, vocabulary, settings=settings):
        if o.says in (Says.HOLDS, Says.CONTESTED) and o.day <= day:
            who = "contested" if o.says is Says.CONTESTED else o.who
            mark = (o.day, o.claim.id, who)
            if o.place not in last or mark > last[o.place]:
                last[o.place] = mark
    return {place: (who, BELIEF) for place, (_, _, who) in last.items()}
