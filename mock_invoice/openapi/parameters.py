"""Parameters of Invoice's routes; those of a list are read from the list itself."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from mock_invoice.filters import DAY_COMPARISONS, TEXT_LIMIT, CreatedDays, Days, Exact, Filter, IdFilter, Numbers, Texts
from mock_invoice.lists import Listing
from simulator.openapi import Parameter
from simulator.shapes import FLAG, ID, ID_LIST, NUMBER, POSITIVE, WORDS, choice

_DATE = {"type": "string", "format": "date"}
_SHORT = {**WORDS, "maxLength": TEXT_LIMIT}

ORGANIZATION_ID = Parameter(
    "organization_id", "The organization, where the user has several; or in the header.", {**ID, "maxLength": 18}
)
ORGANIZATION_HEADER = Parameter(
    "X-com-zoho-invoice-organizationid", "The same as `organization_id`.", {**ID, "maxLength": 18}, where="header"
)
PAGE = Parameter("page", "Which page, from 1.", POSITIVE)
PER_PAGE = Parameter("per_page", "How many on a page; beyond 200 there are 200.", POSITIVE)
PAGED = (PAGE, PER_PAGE)
SORT_ORDER = Parameter("sort_order", "A ascending, D descending.", choice("A", "D"))
SEND = Parameter("send", "Mails it to the customer at once.", FLAG)
OWN_NUMBER = Parameter(
    "ignore_auto_number_generation", "Takes the number of the body instead of the next one of the series.", FLAG
)
ACCEPT = Parameter("accept", "Another format than JSON; the header Accept says it too.", choice("pdf", "html"))
AS_FILE = Parameter("accept", "The page as a file; the header Accept says it too.", choice("csv", "xlsx"))
PDF_ONLY = Parameter("accept", "`pdf` for the statement on paper.", choice("pdf"))
PRINT = Parameter("print", "A page to print.", FLAG)
UPSERTED = (
    Parameter("X-Unique-Identifier-Key", "A unique custom field, by its api_name.", WORDS, "header", True),
    Parameter("X-Unique-Identifier-Value", "Whose record is meant: the value in that field.", WORDS, "header", True),
    Parameter("X-Upsert", "true makes the record where there is none.", choice("true", "false"), "header"),
)
FROM_DAY = Parameter("start_date", "The first day; that of the last day's month unless given.", _DATE)
TO_DAY = Parameter("end_date", "The last day; today unless given.", _DATE)
PERIOD = (FROM_DAY, TO_DAY)
AS_OF = Parameter("date", "As of which day invoices are aged; today unless given.", _DATE)
OF_CUSTOMER = Parameter("customer_id", "Whose.", ID)
SEND_ATTACHMENT = Parameter("send_attachment", "false leaves the PDF out.", FLAG)
RESPONSE_OPTION = Parameter(
    "response_option",
    "0 rows, 1 rows with count and sums, 2 the count, 3 count and sums, 4 rows and sums.",
    choice("0", "1", "2", "3", "4"),
)
SALES_ORDER = Parameter("salesorder_id", "The sales order.", ID, required=True)
FOR_INVOICE = Parameter("invoice_id", "An invoice it is applied to at once.", ID)
FOREIGN_ONLY = Parameter("filter_by", "All but the base currency.", choice("Currencies.ExcludeBaseCurrency"))
TAXES_FILTER = Parameter("filter_by", "Taxes.Active unless given.", choice("Taxes.Active", "Taxes.All"))
FROM_DATE = Parameter("from_date", "Only rates from this day on.", _DATE)
CURRENT_ONLY = Parameter("is_current_date", "Only the rate that holds today.", FLAG)
CAN_SEND_IN_MAIL = Parameter("can_send_in_mail", "Whether the files go along with mails.", FLAG)
FOR_CUSTOMER_TOO = Parameter("is_update_customer", "true changes the customer's address too.", FLAG)
MAIL_TEMPLATE = Parameter("email_template_id", "The template the text comes from.", ID)


def many(name: str, most: int) -> Parameter:
    return Parameter(name, f"Comma list of ids, {most} at most.", ID_LIST, required=True)


def of_list(listing: Listing) -> tuple[Parameter, ...]:
    """What a list takes: its pages, its order and its filters (invoice-api.md §2.3)."""
    filters = listing.statuses
    statuses = sorted(listing.statuses_in_one_word)
    columns = sorted({name for name, _ in listing.orders})
    return (
        *PAGED,
        AS_FILE,
        Parameter("sort_column", f"{listing.sort_column} unless given.", choice(*columns)),
        SORT_ORDER,
        Parameter("filter_by", f"{listing.default_filter} unless given.", choice(*filters)),
        Parameter("status", "The same in one word.", choice(*statuses)),
        Parameter("search_text", "A text in one of the main fields.", _SHORT),
        Parameter("last_modified_time", "Changed at this time or later.", {"type": "string", "format": "date-time"}),
        *(
            (Parameter(listing.ids_parameter, "Comma list of ids, 200 at most.", ID_LIST),)
            * bool(listing.ids_parameter)
        ),
        *(parameter for one in listing.filters for parameter in _of_filter(one)),
    )


TEXT_WORDS = {
    "": "Is.", "_startswith": "Starts so.", "_contains": "Has it.", "_in": "Is one of these, with commas.",
    "_not_in": "Is none of these, with commas.",
}  # fmt: skip


def _of_filter(one: Filter) -> Iterator[Parameter]:
    if isinstance(one, Texts):
        yield from _with_endings(one.columns, {ending: TEXT_WORDS[ending] for ending in one.suffixes}, _SHORT)
    elif isinstance(one, Numbers):
        yield from _with_endings(one.columns, dict.fromkeys(one.comparisons, "Compared as its name says."), NUMBER)
    elif isinstance(one, Days | CreatedDays):
        yield from _with_endings(one.columns, dict.fromkeys(DAY_COMPARISONS, "Compared as its name says."), _DATE)
    elif isinstance(one, IdFilter):
        yield from (Parameter(name, "The id of another record.", ID) for name in one.columns)
    elif isinstance(one, Exact):
        yield from (Parameter(name, "Is.", _SHORT) for name in one.columns)
    else:
        yield from (Parameter(name, "Is.", _SHORT) for name in one.makers)


def _with_endings(names: Iterable[str], endings: Mapping[str, str], schema: Mapping[str, Any]) -> Iterator[Parameter]:
    for name in names:
        yield from (Parameter(f"{name}{ending}", words, schema) for ending, words in endings.items())
