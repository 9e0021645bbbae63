"""What the CRM's answers and bodies have in common: an array under the resource's name, an outcome for each thing."""

from simulator.openapi import Answers, Content
from simulator.shapes import BINARY, Shape, an_object, array_of, or_null, ref

DOWNLOAD = Content({"application/x-download": BINARY})
NAMED_0: Shape = or_null("Named")


def listed(key: str, of: Shape | str, *, info: bool = False) -> Shape:
    """An answer with an array under the resource's name, as all the vendor's are."""
    return an_object(**{key: array_of(of), **({"info": ref("Info")} if info else {})})


def sent(key: str, of: Shape | str, most: int = 1, **also: Shape) -> Shape:
    """A body with an array under the resource's name."""
    return an_object(**{key: array_of(of, most, 1)}, also=also)


def told(key: str = "data", done: int = 200) -> Answers:
    """Answers of a write: an outcome for each thing sent, 207 where some failed."""
    outcomes = listed(key, "Outcome")
    return Answers({done: outcomes, 207: outcomes})
