"""Alignment: claims to who stands with whom, with odds."""

from marchland.alignment.network import (
    AlignmentEstimate,
    AlignmentNetwork,
    Coalition,
    Member,
    Tie,
    infer_alignment,
)
from marchland.alignment.settings import AlignmentSettings

__all__ = [
    "AlignmentEstimate",
    "AlignmentNetwork",
    "AlignmentSettings",
    "Coalition",
    "Member",
    "Tie",
    "infer_alignment",
]
