"""Training texts made from `templates.txt`: paragraphs about invented events, with their claims."""

import random
import re
from importlib import resources

from tools.train_reader.gold import Marked

from marchland.claims import Report, Source
from marchland.reading.files import Document

_MARK = re.compile(r"\[([^\]]+)\]\(([^)]*)\)")
_ACTORS = (
    *(
        "the army",
        "government forces",
        "the rebels",
        "rebel fighters",
        "the militants",
        "tribesmen",
    ),
    *("the Northern Front", "the Lions Brigade", "the Homeland Party", "the National Guard"),
    *("the police", "the coalition", "the Border Guard", "the People's Army", "the opposition"),
    *("the Free Youth Movement", "local militias", "the Islamic State", "Hezbollah", "al-Qaeda"),
    *("the United Nations", "NATO", "the African Union", "the Red Cross", "Russia", "France"),
    *("the United States", "Turkey", "Iran", "Ethiopia", "Sudan", "Ukraine", "Pakistan", "Mali"),
    *("Saudi Arabia", "Chad", "Israel", "Egypt", "China", "the United Kingdom", "Yemen"),
)
_FIRST = (
    "Ahmed",
    "Maria",
    "Samuel",
    "Olena",
    "Yusuf",
    "Grace",
    "Pavel",
    "Amina",
    "Karim",
    "Daniel",
)
_LAST = (
    "Okafor",
    "Haddad",
    "Petrenko",
    "Diallo",
    "Rahmani",
    "Costa",
    "Nasser",
    "Tesfaye",
    "Yilmaz",
)
_PLACES = (
    *("Goma", "Bunia", "Kidal", "Gao", "Sirte", "Misrata", "Taiz", "Hodeidah", "Marib", "Mekelle"),
    *("Aksum", "Kunduz", "Ghazni", "Herat", "Kherson", "Izium", "Bakhmut", "Kismayo", "Baidoa"),
    *("Maiduguri", "Gwoza", "Kobani", "Manbij", "Tikrit", "Fallujah", "Sinjar", "Nyala", "Geneina"),
    *("Shusha", "Agdam", "Tavush", "Sukhumi", "Gori", "Myitkyina", "Lashio", "Cucuta", "Arauca"),
)
_AROUND = (
    *(
        "{}",
        "{}",
        "{}",
        "{}",
        "{}",
        "the town of {}",
        "the city of {}",
        "{} airport",
        "{} province",
    ),
    *("the outskirts of {}", "villages around {}", "eastern {}", "the {} district"),
)
_DAYS = (
    *("on Monday", "on Friday", "last week", "on 14 May", "in March", "this month", "overnight"),
    *("early on Sunday", "in recent days", "on Tuesday evening"),
)
_MODALITY = {"denied", "possible", "intended", "unlikely"}


def invented(count: int, *, seed: int) -> list[tuple[Document, list[Marked]]]:
    """Texts of two or three paragraphs, the same for the same seed."""
    lines = [
        line
        for line in (resources.files(__package__) / "templates.txt")
        .read_text(encoding="utf-8")
        .splitlines()
        if line and not line.startswith("#")
    ]
    draw = random.Random(seed)
    order: list[str] = []
    made = []
    for number in range(count):
        text, marked = "", []
        for _ in range(draw.randint(2, 3)):
            if text:
                text += "\n\n"
            for _ in range(draw.randint(2, 3)):
                if not order:
                    order = draw.sample(lines, len(lines))
                text, found = _sentence(order.pop(), draw, text)
                marked += found
                text += " "
        made.append((_document(f"invented-{number}", text), marked))
    return made


def _document(name: str, text: str) -> Document:
    source = Source(id="invented", name="Invented")
    report = Report.of(text.encode(), title=name, source=source, published=None)
    return Document(report=report, text=text, body=0)


def _sentence(template: str, draw: random.Random, before: str) -> tuple[str, list[Marked]]:
    """A template filled in, behind the text before it, and its claims."""
    actors = draw.sample(_ACTORS, 3)
    persons = [f"{draw.choice(_FIRST)} {last}" for last in draw.sample(_LAST, 2)]
    named = draw.sample(_PLACES, 3)
    fill: dict[str, tuple[str, tuple[str, ...]]] = {}
    for slot, actor in zip("ABC", actors, strict=True):
        fill[slot] = actor, (actor.removeprefix("the "), actor)
    for slot, person in zip("MN", persons, strict=True):
        fill[slot] = person, (person,)
    for slot, place in zip("PQR", named, strict=True):
        shown = draw.choice(_AROUND).format(place)
        fill[slot] = shown, (shown.removeprefix("the "), place)
    fill["T"] = draw.choice(_DAYS), ()
    text, marked = before, []
    for at, part in enumerate(template.split(" ~ ")):
        text += " " if at else ""
        start = len(text)
        here = 0
        for mark in _MARK.finditer(part):
            text += _filled(part[here : mark.start()], fill, first=len(text) == start)
            begin = len(text)
            said = mark.group(1)
            text += said if begin > start else said[:1].upper() + said[1:]
            last_word = begin + len(said.split(" ")[0])
            marked += _claims(mark.group(2), fill, (begin, last_word))
            here = mark.end()
        text += _filled(part[here:], fill, first=len(text) == start)
    return text, marked


def _filled(part: str, fill: dict[str, tuple[str, tuple[str, ...]]], *, first: bool) -> str:
    for slot, (shown, _) in fill.items():
        part = part.replace(f"{{{slot}}}-", shown.removeprefix("the ") + "-")
        part = part.replace(f"The {{{slot}}}", f"The {shown.removeprefix('the ')}")
        part = part.replace(f"{{{slot}}}", shown)
    return part[:1].upper() + part[1:] if first else part


def _claims(
    told: str, fill: dict[str, tuple[str, tuple[str, ...]]], span: tuple[int, int]
) -> list[Marked]:
    predicate, *rest = told.split()
    firm = next((w[1:] for w in rest if w.startswith("!")), "asserted")
    assert firm in {*_MODALITY, "asserted"}
    voice = next((w[1:] for w in rest if w.startswith("/")), "")
    subject, object_, place = [w for w in rest if w[0] not in "!/"]

    def names(slot: str) -> tuple[str, ...]:
        return () if slot == "-" else fill[slot][1] if slot in fill else (slot,)

    return [
        Marked(
            predicate=predicate,
            subject=names(subject),
            object=names(object_),
            place=names(where),
            speaker=names(voice) if voice else (names(subject) if predicate == "says" else ()),
            besides=(),
            modality=firm,
            statement=predicate == "says",
            optional=False,
            span=span,
            exact=True,
        )
        for where in place.split("+")
    ]
