"""Letters for PDF. Its own fonts know Latin letters only; for others a font of the machine is taken, if there is one.

Scripts whose letters join or are reordered (Arabic, Devanagari) stand letter by letter: shaping needs a library more.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

OWN = "helvetica"
FOLDERS = (
    "/usr/share/fonts", "/usr/local/share/fonts", "~/.local/share/fonts", "~/.fonts", "/Library/Fonts",
    "/System/Library/Fonts/Supplemental", "C:/Windows/Fonts",
)  # fmt: skip
#: In the order they are tried; those further down have letters that the upper ones do not.
WANTED = (
    "DejaVuSans.ttf", "NotoSans-Regular.ttf", "LiberationSans-Regular.ttf", "FreeSans.ttf", "Arial Unicode.ttf",
    "arial.ttf", "NotoSansCJK-Regular.ttc", "DroidSansFallbackFull.ttf", "wqy-microhei.ttc", "msyh.ttc", "msgothic.ttc",
    "malgun.ttf", "NotoSansThai-Regular.ttf", "NotoSansHebrew-Regular.ttf", "unifont.ttf",
)  # fmt: skip
#: How many are put into one PDF.
MOST = 3


@dataclass
class Letters:
    """A font family of a PDF and what it can write."""

    family: str = OWN
    known: set[int] = field(default_factory=set)

    def printable(self, value: Any) -> str:
        """The text with a question mark for each letter that there is no font for."""
        text = str(value)
        if self.family == OWN:
            return text.replace("€", "EUR ").encode("latin-1", "replace").decode("latin-1")
        return "".join(letter if ord(letter) in self.known or letter == "\n" else "?" for letter in text)


def letters_for(pdf: Any, texts: Iterable[Any]) -> Letters:
    """What a PDF with these texts is written in: its own font where that will do."""
    needed = {ord(letter) for text in texts for letter in str(text) if letter.isprintable()} - {ord("€")}
    if max(needed, default=0) < 256 or not (found := _fonts_of_machine()):
        return Letters()
    letters = Letters()
    families: list[str] = []
    for place, path in enumerate(found):
        family = f"machine{place}"
        pdf.add_font(family, "", path)
        has = set(pdf.fonts[family].cmap)
        if not families or needed & has - letters.known:
            pdf.add_font(family, "B", path)
            families.append(family)
            letters.known |= has
        if needed <= letters.known or len(families) == MOST:
            break
    letters.family = families[0]
    pdf.set_fallback_fonts(families[1:], exact_match=False)
    return letters


@cache
def _fonts_of_machine() -> tuple[Path, ...]:
    by_name: dict[str, Path] = {}
    for folder in FOLDERS:
        for path in Path(folder).expanduser().rglob("*.tt[fc]"):
            by_name.setdefault(path.name, path)
    return tuple(by_name[name] for name in WANTED if name in by_name)
