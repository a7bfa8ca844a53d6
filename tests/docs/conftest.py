"""The documentation's pages, and what stands in them."""

import re
import shlex
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
_FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_INLINE = re.compile(r"`(marchland [^`\n]+(?:\n[^`\n]+)?)`")


@dataclass(frozen=True, slots=True)
class Line:
    """A command as a page has it, whole where it stands in a block of commands."""

    page: str
    text: str
    words: tuple[str, ...]
    whole: bool


@dataclass(frozen=True, slots=True)
class Page:
    """A Markdown page, by its path in the checkout."""

    name: str
    text: str

    def blocks(self, *languages: str) -> list[str]:
        """The fenced blocks of some languages."""
        return [body for language, body in _FENCE.findall(self.text) if language in languages]

    @property
    def prose(self) -> str:
        """The page without its fenced blocks."""
        return _FENCE.sub("", self.text)

    def commands(self) -> Iterator[Line]:
        """Commands of ``marchland`` and ``make`` in blocks and in running text."""
        for block in self.blocks("console", "sh"):
            for line in block.splitlines():
                text = line.removeprefix("$ ").strip()
                words = tuple(shlex.split(text, comments=True))
                if words and words[0] in ("marchland", "make"):
                    yield Line(self.name, text, words, whole=True)
        for found in _INLINE.finditer(self.prose):
            text = " ".join(found[1].split())
            yield Line(self.name, text, tuple(shlex.split(text)), whole=False)


@pytest.fixture(scope="session")
def root() -> Path:
    """The checkout."""
    return ROOT


def _read_pages() -> dict[str, Page]:
    files = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]
    names = sorted(f.relative_to(ROOT).as_posix() for f in files)
    return {name: Page(name, (ROOT / name).read_text("utf-8")) for name in names}


@pytest.fixture(scope="session")
def pages() -> dict[str, Page]:
    """Every page of the checkout, by its path."""
    return _read_pages()


@pytest.fixture(scope="session")
def page(pages: dict[str, Page]) -> Callable[[str], Page]:
    """One page by its path."""
    return lambda name: pages[name]


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """One test a command line or page, named after it."""
    if "line" in metafunc.fixturenames:
        lines = [line for p in _read_pages().values() for line in p.commands()]
        unique = {(line.page, line.text): line for line in lines}
        metafunc.parametrize(
            "line", unique.values(), ids=[f"{page}: {text}" for page, text in unique]
        )
    if "one_page" in metafunc.fixturenames:
        found = _read_pages()
        metafunc.parametrize("one_page", found.values(), ids=list(found))
