"""Marchland: who holds what, who stands with whom, and whether the road is open.

    import marchland as ml
    with ml.open("sample:levant") as t:
        print(t.control("Abu Kamal", on="2021-03-02"))

Public names are imported when first used, so that ``import marchland`` stays quick.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from marchland.claims import Claim, Modality, PlaceRef, Ref, Report, Source
    from marchland.dates import Span
    from marchland.errors import MarchlandError
    from marchland.estimate import Estimate
    from marchland.scenario import compare
    from marchland.theatre import Theatre
    from marchland.theatre import open_theatre as open  # noqa: A004
    from marchland.vocabulary import Actor, Place, Vocabulary

__version__ = "0.1.0"

_HOMES = {
    "Actor": "marchland.vocabulary:Actor",
    "Claim": "marchland.claims:Claim",
    "Estimate": "marchland.estimate:Estimate",
    "MarchlandError": "marchland.errors:MarchlandError",
    "Modality": "marchland.claims:Modality",
    "Place": "marchland.vocabulary:Place",
    "PlaceRef": "marchland.claims:PlaceRef",
    "Ref": "marchland.claims:Ref",
    "Report": "marchland.claims:Report",
    "Source": "marchland.claims:Source",
    "Span": "marchland.dates:Span",
    "Theatre": "marchland.theatre:Theatre",
    "Vocabulary": "marchland.vocabulary:Vocabulary",
    "compare": "marchland.scenario:compare",
    "open": "marchland.theatre:open_theatre",
}

__all__ = [
    "Actor",
    "Claim",
    "Estimate",
    "MarchlandError",
    "Modality",
    "Place",
    "PlaceRef",
    "Ref",
    "Report",
    "Source",
    "Span",
    "Theatre",
    "Vocabulary",
    "__version__",
    "compare",
    "open",
]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'marchland' has no attribute {name!r}")
    module, _, attribute = _HOMES[name].partition(":")
    return getattr(import_module(module), attribute)
