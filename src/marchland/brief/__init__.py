"""Briefs: written answers in which every statement cites the passages it rests on."""

from marchland.brief.model import Brief, Citation, Section, Statement
from marchland.brief.write import write_brief

__all__ = ["Brief", "Citation", "Section", "Statement", "write_brief"]
