"""The kinds of documents, and rows of the documents themselves (invoice-api.md §5, §6, §7.1, §7.3)."""

from collections.abc import Iterator
from dataclasses import dataclass

from tests.invoice.endpoints.rows import (
    ANY_STATUS,
    BAD_PAGE,
    IN_USE,
    INVALID,
    MISSING,
    NO_ID,
    NO_INPUT,
    NO_OBJECT,
    NOTHING_MANDATORY,
    STATUS_REFUSED,
    UNKNOWN_ID,
    Case,
    Own,
    Row,
    about,
    absent,
    bad,
    bad_parameter,
    but,
    gives,
    gone,
    in_status,
    looks,
    makes,
    nowhere,
    refusal,
    says,
    without,
)


@dataclass(frozen=True)
class Kind:
    """What the vendor calls a kind of document, and what its statuses refuse.

    Attributes:
        unedited: messages of statuses in which no line can be changed.
        kept: statuses in which it cannot be deleted, and the message.
        closed: the status in which nothing of it can be changed.
    """

    key: str
    thing: str
    label: str
    report: str
    said: tuple[str, str, str]
    mailed: str
    statuses: tuple[str, ...]
    unedited: tuple[tuple[str, str], ...]
    kept: tuple[tuple[str, ...], str]
    closed: str
    fresh: str = "draft"
    opened: str = "sent"
    unmailed: tuple[Case, ...] = ()

    @property
    def draft(self) -> str:
        return f"draft_{self.key}"

    @property
    def one(self) -> str:
        return f"/{self.key}s/$draft_{self.key}"

    @property
    def path(self) -> str:
        return f"/{self.key}s"


ESTIMATES = Kind(
    "estimate", "Quote", "Quote", "Quotes",
    ("The quote has been created.", "Quote information has been updated.", "The quote has been deleted."),
    "Your estimate has been sent.",
    ("draft", "sent", "accepted", "declined", "expired", "invoiced"),
    unedited=(("invoiced", "An invoiced quote cannot be edited."),),
    kept=(("invoiced",), "The quote cannot be deleted, as it was converted."),
    closed="invoiced",
)  # fmt: skip
INVOICES = Kind(
    "invoice", "Invoice", "Invoice", "Invoices",
    ("The invoice has been created.", "Invoice information has been updated.", "The invoice has been deleted."),
    "Your invoice has been sent.",
    ("draft", "sent", "overdue", "partially_paid", "paid", "void"),
    unedited=(
        ("void", "A void invoice cannot be edited."),
        ("paid", "line_items cannot be changed, as the invoice is paid."),
    ),
    kept=(
        ("partially_paid", "paid", "credited"),
        "The invoice cannot be deleted, as payments or credits are applied to it. Delete those first.",
    ),
    closed="void",
    unmailed=in_status("The status of this invoice cannot be changed to sent, as it is {}.", "draft_invoice", "void"),
)  # fmt: skip
ORDERS = Kind(
    "salesorder", "Sales order", "Sales Order", "Sales Orders",
    ("Sales Order Created Successfully.", "Sales Order Updated Successfully.", "Sales Order Deleted Successfully."),
    "Your sales order has been sent.",
    ("draft", "open", "overdue", "partially_invoiced", "invoiced", "void"),
    unedited=(
        ("void", "A void sales order cannot be edited."),
        ("invoiced", "line_items cannot be changed, as the sales order is invoiced."),
    ),
    kept=(
        ("partially_invoiced", "invoiced"), "The sales order cannot be deleted, as an invoice was made from it.",
    ),
    closed="void",
    opened="open",
)  # fmt: skip
CREDIT_NOTES = Kind(
    "creditnote", "Credit note", "Credit Note", "Credit Notes",
    ("Credit note has been created.", "Credit note information has been updated.", "The credit note has been deleted."),
    "Your credit note has been sent.",
    ("draft", "open", "closed", "void"),
    unedited=(
        ("void", "A void credit note cannot be edited."),
        ("closed", "line_items cannot be changed, as the credit note is closed."),
    ),
    kept=(
        ("closed", "applied"),
        "The credit note cannot be deleted, as it was applied or refunded. Take that back first.",
    ),
    closed="void",
    fresh="open",
    opened="open",
)  # fmt: skip
KINDS = (ESTIMATES, ORDERS, INVOICES, CREDIT_NOTES)


def _own(kind: Kind) -> Iterator[Row]:
    path, key = kind.path, kind.key
    lines = [{"item_id": "$item", "quantity": 2}]
    yield Row(
        f"GET {path}",
        f"{path}?filter_by=Status.Void&sort_column=date" if kind is not ESTIMATES else f"{path}?status=accepted",
        works=gives(
            {
                f"{key}s.*.{key}_id": [f"$void_{key}" if kind is not ESTIMATES else "$accepted_estimate"],
                f"{key}s.0.customer_name": "Acme",
                f"{key}s.0.total": 100,
                "page_context.report_name": kind.report,
                "page_context.has_more_page": False,
            }
        ),
        missing=NOTHING_MANDATORY,
        wrong=(BAD_PAGE, bad_parameter("filter_by", "Status.Nice"), bad_parameter("sort_column")),
        unknown=NO_ID,
        elsewhere=Own(200, {f"{key}s": [], "page_context.page": 1}),
    )
    inactive = refusal(404, UNKNOWN_ID, "The Customer is not accessible")
    idle = refusal(404, UNKNOWN_ID, "The Item is not accessible")
    right = {"customer_id": "$contact", "line_items": lines, "reference_number": "R-1"}
    yield Row(
        f"POST {path}",
        path,
        body=right,
        works=makes(
            kind.said[0],
            {
                f"{key}.total": 200,
                f"{key}.status": kind.fresh,
                f"{key}.customer_name": "Acme",
                f"{key}.{key}_id": "$made",
            },
        ),
        then=looks(f"{path}/$made", {f"{key}.reference_number": "R-1", f"{key}.line_items.0.rate": 100}),
        missing=(without("customer_id"), without("line_items")),
        wrong=(
            bad("date", "soon"),
            bad("customer_id"),
            bad("line_items"),
            bad("line_items.0.quantity", "many"),
            NO_OBJECT,
        ),
        unknown=(
            nowhere("customer_id", "Customer"),
            nowhere("line_items.0.item_id", "Item"),
            nowhere("salesperson_id", "Salesperson"),
        ),
        status=(
            but(inactive, body={**right, "customer_id": "$inactive_contact"}),
            but(idle, body={**right, "line_items": [{"item_id": "$inactive_item"}]}),
        ),
    )
    unedited = tuple(
        about(f"${kind.draft}", f"${one}_{key}", refusal(400, STATUS_REFUSED, words)) for one, words in kind.unedited
    )
    code = {"X-Unique-Identifier-Key": "cf_code", "X-Unique-Identifier-Value": "C-1"}
    yield Row(
        f"PUT {path}",
        path,
        body={"line_items": lines},
        headers=code,
        works=says(kind.said[1], {f"{key}.{key}_id": f"${kind.draft}", f"{key}.total": 200}),
        then=looks(kind.one, {f"{key}.total": 200, f"{key}.custom_field_hash.cf_code": "C-1"}),
        missing=but(refusal(400, INVALID, "Invalid value passed for X-Unique-Identifier-Key"), headers={}),
        wrong=(bad("line_items"), bad("date", "soon")),
        unknown=but(
            refusal(404, UNKNOWN_ID, f"{kind.thing} does not exist."),
            headers={**code, "X-Unique-Identifier-Value": "C-0"},
        ),
        status=but(
            refusal(400, STATUS_REFUSED, kind.unedited[0][1]), headers={**code, "X-Unique-Identifier-Value": "C-2"}
        ),
        elsewhere=refusal(400, INVALID, "Invalid value passed for X-Unique-Identifier-Key"),
    )
    yield Row(
        f"GET {path}/{{{kind.key}_id}}",
        kind.one,
        works=gives(
            {f"{key}.{key}_id": f"${kind.draft}", f"{key}.status": "draft", f"{key}.line_items.0.name": "Desk"}
        ),
        missing=NOTHING_MANDATORY,
        wrong=(
            bad_parameter("print", "maybe"),
            about(kind.one, f"{kind.one}?accept=xls", refusal(406, 90_406, "This format is not available here.")),
        ),
        unknown=absent(kind.thing),
        status=ANY_STATUS,
    )
    yield Row(
        f"PUT {path}/{{{kind.key}_id}}",
        kind.one,
        body={"line_items": lines, "notes": "Thanks"},
        works=says(kind.said[1], {f"{key}.total": 200, f"{key}.notes": "Thanks"}),
        then=looks(kind.one, {f"{key}.total": 200, f"{key}.notes": "Thanks", f"{key}.status": "draft"}),
        missing=but(refusal(400, MISSING, "Invalid value passed for line_items"), body={"line_items": []}),
        wrong=(bad("line_items"), bad("line_items.0.rate", "much"), bad("customer_id"), NO_OBJECT),
        unknown=(*absent(kind.thing), nowhere("customer_id", "Customer"), nowhere("line_items.0.item_id", "Item")),
        status=unedited,
    )
    kept, words = kind.kept
    yield Row(
        f"DELETE {path}/{{{kind.key}_id}}",
        kind.one,
        works=says(kind.said[2]),
        then=gone(kind.one, kind.thing),
        missing=NO_INPUT,
        wrong=NO_INPUT,
        unknown=absent(kind.thing),
        status=in_status(words, kind.draft, *kept, code=IN_USE),
    )


ROWS = tuple(row for kind in KINDS for row in _own(kind))
