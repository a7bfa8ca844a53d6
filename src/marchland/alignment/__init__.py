"""Alignment: claims to who stands with whom, with odds."""

from marchland.alignment.answers import AlignmentEstimate, Coalition, Member, Tie
from marchland.alignment.backing import backing_in, kinds_of_backing
from marchland.alignment.network import AlignmentNetwork, infer_alignment
from marchland.alignment.settings import AlignmentSettings

__all__ = [
    "AlignmentEstimate",
    "AlignmentNetwork",
    "AlignmentSettings",
    "Coalition",
    "Member",
    "Tie",
    "backing_in",
    "infer_alignment",
    "kinds_of_backing",
]
