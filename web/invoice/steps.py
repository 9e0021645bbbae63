"""What can be done with a document by its status; the API decides, this only says what is worth offering."""

from dataclasses import dataclass

from web.i18n import _


@dataclass(frozen=True)
class Step:
    """A status a document can be moved to, as the button says it."""

    label: str
    state: str
    is_main: bool = False


SENT = Step(_("Mark as sent"), "sent", is_main=True)
ACCEPTED, DECLINED = Step(_("Mark as accepted"), "accepted", is_main=True), Step(_("Mark as declined"), "declined")
OPEN = Step(_("Mark as open"), "open", is_main=True)
VOID, DRAFT = Step(_("Void"), "void"), Step(_("Convert to draft"), "draft")

#: Kind and status -> the moves; what is not here has none.
STEPS: dict[tuple[str, str], tuple[Step, ...]] = {
    ("estimates", "draft"): (SENT,),
    ("estimates", "sent"): (ACCEPTED, DECLINED),
    ("estimates", "expired"): (ACCEPTED, DECLINED),
    ("estimates", "accepted"): (DECLINED,),
    ("estimates", "declined"): (ACCEPTED,),
    ("salesorders", "draft"): (OPEN, VOID),
    ("salesorders", "open"): (VOID,),
    ("salesorders", "overdue"): (VOID,),
    ("salesorders", "void"): (OPEN,),
    ("invoices", "draft"): (SENT, VOID),
    **{("invoices", status): (VOID,) for status in ("sent", "viewed", "overdue", "partially_paid", "paid")},
    ("invoices", "void"): (DRAFT,),
    ("creditnotes", "draft"): (OPEN,),
    ("creditnotes", "open"): (VOID,),
    ("creditnotes", "void"): (OPEN, DRAFT),
}

#: Kind and status -> the kinds it can be converted to.
CONVERTED = {
    **{("estimates", status): ("salesorders", "invoices") for status in ("sent", "accepted", "expired")},
    **{("salesorders", status): ("invoices",) for status in ("open", "overdue", "partially_invoiced")},
}
#: What the new document says it is made of.
MADE_OF = {
    ("estimates", "salesorders"): "estimate_id",
    ("estimates", "invoices"): "invoiced_estimate_id",
    ("salesorders", "invoices"): "salesorder_id",
}

#: Statuses in which an invoice can be paid, and in which what is left can be written off.
PAYABLE = ("draft", "sent", "viewed", "overdue", "partially_paid", "unpaid")
OWED = ("sent", "viewed", "overdue", "partially_paid")
#: Kind and status in which nothing can be changed any more.
CLOSED = frozenset((("estimates", "invoiced"), ("salesorders", "void"), ("invoices", "void")))
