"""Control: claims to who holds what, with odds."""

from marchland.control.baseline import RULES, Rule, SimpleRule, last_claim, simple_rule
from marchland.control.changes import HandOver, when_changed
from marchland.control.contradictions import Contradiction, contradictions
from marchland.control.evidence import can_be_held
from marchland.control.field import ControlField
from marchland.control.infer import infer_control
from marchland.control.settings import ControlSettings

__all__ = [
    "RULES",
    "Contradiction",
    "ControlField",
    "ControlSettings",
    "HandOver",
    "Rule",
    "SimpleRule",
    "can_be_held",
    "contradictions",
    "infer_control",
    "last_claim",
    "simple_rule",
    "when_changed",
]
