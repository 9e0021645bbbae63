"""A kind of record that can be imported: how its pages speak of it, and the importer behind them."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from flask import url_for

from simulator.csv_import.reading import OVERWRITE, SKIP
from simulator.csv_import.running import Target
from web.errors import PRODUCTS
from web.i18n import _

#: (value, label, explanation)
Option = tuple[str, str, str]
#: What may become of a line whose record is there already, in either product.
SKIPPED: Option = (SKIP, _("Skip duplicates"), _("A line whose record is there already is left out."))
OVERWRITTEN: Option = (
    OVERWRITE,
    _("Overwrite duplicates"),
    _("It overwrites the fields of that record that it names."),
)


@dataclass(frozen=True)
class Into:
    """The importer with what the pages have to know of its fields.

    Attributes:
        labels: the fields by name, in the order in which they are offered.
        picklists: those that may get new values.
        dates: those whose cells are dates.
    """

    target: Target
    labels: dict[str, str]
    picklists: list[str] = field(default_factory=list)
    dates: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Door:
    """Accounts of the CRM, items of Invoice, and so on.

    Attributes:
        endpoint: of the list; those of the import begin with it.
        duplicates: what may become of a line whose record is there already, the usual choice first.
        open: makes the importer for the person signed in; refused when he may not import here.
    """

    product: str
    endpoint: str
    title: str
    one: str
    duplicates: tuple[Option, ...]
    open: Callable[[], Into]

    @property
    def product_name(self) -> str:
        return PRODUCTS[self.product]

    @property
    def many(self) -> str:
        return self.title.lower()

    def at(self, page: str = "", **values: Any) -> str:
        """The address of one of its pages."""
        return url_for(f"{self.endpoint}_import{page}", **values)

    def record(self, record_id: str) -> str:
        return url_for(f"{self.endpoint}_record", record_id=record_id)
