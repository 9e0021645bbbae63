"""Rows of refunds, of payments and of credit notes (invoice-api.md §7.2, §7.3)."""

from collections.abc import Iterator
from decimal import Decimal

from tests.invoice.endpoints.rows import (
    ANY_STATUS,
    BAD_PAGE,
    NO_ID,
    NO_INPUT,
    NO_OBJECT,
    NO_STATUS,
    NOTHING_MANDATORY,
    STATUS_REFUSED,
    Case,
    Own,
    Row,
    about,
    absent,
    bad,
    gives,
    gone,
    looks,
    makes,
    refusal,
    says,
    without,
)


def _refunds(module: str, key: str, thing: str, source: str, words: str) -> Iterator[Row]:
    """Refunds of payments and of credit notes; `source` is one that something is left of."""
    id_key, refund = f"{module[:-1].removeprefix('customer')}_id", f"$refund_of_{module[:-1]}"
    has_refund = "$advance" if module == "customerpayments" else "$applied_creditnote"
    path, at = f"/{module}/{{{id_key}}}/refunds", f"/{module}/{has_refund}/refunds"
    is_note = module == "creditnotes"
    yield Row(
        f"GET {path}",
        at,
        works=gives({f"{key}s.*.{key}_id": [refund], f"{key}s.0.amount": 10, "page_context.report_name": "Refunds"}),
        missing=NOTHING_MANDATORY,
        wrong=BAD_PAGE,
        unknown=absent(thing),
        status=ANY_STATUS if is_note else NO_STATUS,
    )
    yield Row(
        f"POST {path}",
        f"/{module}/{source}/refunds",
        body={"amount": "12.5", "refund_mode": "banktransfer"},
        works=makes(
            words, {f"{key}.{key}_id": "$made", f"{key}.amount": Decimal("12.5"), f"{key}.refund_mode": "banktransfer"}
        ),
        then=looks(f"/{module}/{source}/refunds", {f"{key}s.*.{key}_id": ["$made"]}),
        missing=without("amount"),
        wrong=(bad("amount", "much"), bad("refund_mode", "gold"), bad("date", "soon"), NO_OBJECT),
        unknown=absent(thing),
        status=_unrefunded() if is_note else NO_STATUS,
    )
    one = f"{at}/{refund}"
    yield Row(
        f"GET {path}/{{refund_id}}",
        one,
        works=gives({f"{key}.{key}_id": refund, f"{key}.customer_name": "Acme", f"{key}.refund_mode": "cash"}),
        missing=NO_INPUT,
        wrong=NO_INPUT,
        unknown=absent(thing, "Refund"),
        status=ANY_STATUS if is_note else NO_STATUS,
    )
    yield Row(
        f"PUT {path}/{{refund_id}}",
        one,
        body={"amount": 15, "description": "Broken"},
        works=says("The refund information has been saved.", {f"{key}.amount": 15}),
        then=looks(one, {f"{key}.amount": 15, f"{key}.description": "Broken"}),
        missing=NOTHING_MANDATORY,
        wrong=(bad("amount", "much"), bad("amount", 0), bad("date", "soon"), NO_OBJECT),
        unknown=absent(thing, "Refund"),
        status=ANY_STATUS if is_note else NO_STATUS,
    )
    yield Row(
        f"DELETE {path}/{{refund_id}}",
        one,
        works=says("The refund has been successfully deleted."),
        then=gone(one, "Refund"),
        missing=NO_INPUT,
        wrong=NO_INPUT,
        unknown=absent(thing, "Refund"),
        status=ANY_STATUS if is_note else NO_STATUS,
    )


def _unrefunded() -> tuple[Case, ...]:
    """Credit notes that are not open."""
    return tuple(
        about(
            "$open_creditnote",
            f"${status}_creditnote",
            refusal(
                400, STATUS_REFUSED, f"Credit note ${status}_creditnote_number is {status}; it cannot be refunded."
            ),
        )
        for status in ("draft", "closed", "void")
    )


ROWS = (
    *_refunds(
        "customerpayments", "payment_refund", "Payment", "$spare_payment",
        "The refund information for this payment has been saved.",
    ),
    *_refunds(
        "creditnotes", "creditnote_refund", "Credit note", "$open_creditnote",
        "The refund information for this credit note has been saved.",
    ),
    Row(
        "GET /creditnotes/refunds",
        "/creditnotes/refunds",
        works=gives({"creditnote_refunds.*.creditnote_refund_id": ["$refund_of_creditnote"], "page_context.page": 1}),
        missing=NOTHING_MANDATORY,
        wrong=BAD_PAGE,
        unknown=NO_ID,
        elsewhere=Own(200, {"creditnote_refunds": []}),
    ),
)  # fmt: skip
