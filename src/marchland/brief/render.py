"""A brief as a page or as Markdown."""

from importlib.resources import files
from typing import TYPE_CHECKING

import jinja2

if TYPE_CHECKING:
    from marchland.brief.model import Brief

_TEMPLATES = jinja2.Environment(
    loader=jinja2.FunctionLoader(
        lambda name: (files("marchland.brief") / "data" / name).read_text(encoding="utf-8")
    ),
    autoescape=jinja2.select_autoescape(["html"]),
    undefined=jinja2.StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_TEMPLATES.filters["one_line"] = lambda text: " ".join((text or "").split())


def to_html(brief: "Brief") -> str:
    """The brief as one self-contained page."""
    return _TEMPLATES.get_template("brief.html").render(brief=brief)


def to_markdown(brief: "Brief") -> str:
    """The brief as Markdown, with numbered sources at the end."""
    return _TEMPLATES.get_template("brief.md").render(brief=brief)
