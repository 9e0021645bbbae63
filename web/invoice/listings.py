"""The lists of the Invoice workspace as tables: columns, statuses, and the filters that figures lead to."""

from dataclasses import dataclass

from web.i18n import _


@dataclass(frozen=True)
class Listing:
    """One list: where it comes from, its columns, and the statuses it can be narrowed to."""

    key: str
    title: str
    one: str
    id_field: str
    #: (heading, field, how it is written)
    columns: tuple[tuple[str, str, str], ...]
    #: (label, value in the address, Invoice's filter)
    statuses: tuple[tuple[str, str, str], ...]
    #: What the API calls the list, where the screens call it otherwise.
    path: str = ""
    #: Further filters that figures lead to, as `statuses`; told as a chip.
    counted: tuple[tuple[str, str, str], ...] = ()
    #: The key of the rows in the API's answer, where it is not the path.
    rows: str = ""

    @property
    def api_key(self) -> str:
        return self.path or self.key

    @property
    def rows_key(self) -> str:
        return self.rows or self.api_key

    @property
    def endpoint(self) -> str:
        return f"invoice.{self.key}"

    @property
    def tabs(self) -> list[tuple[str, str | None]]:
        """The statuses to choose from, all of them first."""
        return [(_("All"), None), *((label, value) for label, value, _filter in self.statuses)]

    @property
    def filters(self) -> dict[str, str]:
        """Invoice's filter by the value in the address."""
        return {value: wire for _label, value, wire in (*self.statuses, *self.counted)}


ACTIVE = ((_("Active"), "active", "Status.Active"), (_("Inactive"), "inactive", "Status.Inactive"))

LISTS = {
    listing.key: listing
    for listing in (
        Listing(
            "contacts",
            _("Contacts"),
            _("contact"),
            "contact_id",
            (
                (_("Name"), "contact_name", ""),
                (_("Company"), "company_name", ""),
                (_("Email"), "email", "address"),
                (_("Phone"), "phone", "number"),
                (_("Receivables"), "outstanding_receivable_amount", "money"),
                (_("Status"), "status", "status"),
            ),
            ACTIVE,
        ),
        Listing(
            "items",
            _("Items"),
            _("item"),
            "item_id",
            (
                (_("Name"), "name", ""),
                (_("SKU"), "sku", ""),
                (_("Unit"), "unit", ""),
                (_("Rate"), "rate", "money"),
                (_("Status"), "status", "status"),
            ),
            ACTIVE,
        ),
        Listing(
            "estimates",
            _("Estimates"),
            _("estimate"),
            "estimate_id",
            (
                (_("Number"), "estimate_number", "number"),
                (_("Date"), "date", "day"),
                (_("Customer"), "customer_name", "customer"),
                (_("Reference"), "reference_number", ""),
                (_("Status"), "status", "status"),
                (_("Expires"), "expiry_date", "day"),
                (_("Amount"), "total", "money"),
            ),
            (
                (_("Draft"), "draft", "Status.Draft"),
                (_("Sent"), "sent", "Status.Sent"),
                (_("Accepted"), "accepted", "Status.Accepted"),
                (_("Declined"), "declined", "Status.Declined"),
                (_("Invoiced"), "invoiced", "Status.Invoiced"),
                (_("Expired"), "expired", "Status.Expired"),
            ),
            counted=(
                (_("Once sent"), "reached_sent", "Reached.Sent"),
                (_("Once accepted"), "reached_accepted", "Reached.Accepted"),
                (_("Once invoiced"), "reached_invoiced", "Reached.Invoiced"),
                (_("Paid in full"), "reached_paid", "Reached.Paid"),
            ),
        ),
        Listing(
            "salesorders",
            _("Sales orders"),
            _("sales order"),
            "salesorder_id",
            (
                (_("Number"), "salesorder_number", "number"),
                (_("Date"), "date", "day"),
                (_("Customer"), "customer_name", "customer"),
                (_("Reference"), "reference_number", ""),
                (_("Status"), "status", "status"),
                (_("Expected shipment"), "shipment_date", "day"),
                (_("Amount"), "total", "money"),
            ),
            (
                (_("Draft"), "draft", "Status.Draft"),
                (_("Open"), "open", "Status.Open"),
                (_("Overdue"), "overdue", "Status.OverDue"),
                (_("Partially invoiced"), "partially_invoiced", "Status.PartiallyInvoiced"),
                (_("Invoiced"), "invoiced", "Status.Invoiced"),
                (_("Void"), "void", "Status.Void"),
            ),
        ),
        Listing(
            "payments",
            _("Payments"),
            _("payment"),
            "payment_id",
            (
                (_("Number"), "payment_number", "number"),
                (_("Date"), "date", "day"),
                (_("Customer"), "customer_name", "customer"),
                (_("Invoice"), "invoice_numbers", ""),
                (_("Mode"), "payment_mode", "mode"),
                (_("Reference"), "reference_number", ""),
                (_("Amount"), "amount", "money"),
                (_("Unused"), "unused_amount", "money"),
            ),
            (),
            path="customerpayments",
        ),
        Listing(
            "invoices",
            _("Invoices"),
            _("invoice"),
            "invoice_id",
            (
                (_("Number"), "invoice_number", "number"),
                (_("Date"), "date", "day"),
                (_("Customer"), "customer_name", "customer"),
                (_("Reference"), "reference_number", ""),
                (_("Status"), "status", "status"),
                (_("Due"), "due_date", "day"),
                (_("Amount"), "total", "money"),
                (_("Balance"), "balance", "money"),
            ),
            (
                (_("Draft"), "draft", "Status.Draft"),
                (_("Sent"), "sent", "Status.Sent"),
                (_("Unpaid"), "unpaid", "Status.Unpaid"),
                (_("Overdue"), "overdue", "Status.OverDue"),
                (_("Paid"), "paid", "Status.Paid"),
                (_("Void"), "void", "Status.Void"),
            ),
            counted=((_("All but void"), "invoiced", "Status.NotVoid"),),
        ),
        Listing(
            "creditnotes",
            _("Credit notes"),
            _("credit note"),
            "creditnote_id",
            (
                (_("Number"), "creditnote_number", "number"),
                (_("Date"), "date", "day"),
                (_("Customer"), "customer_name", "customer"),
                (_("Reference"), "reference_number", ""),
                (_("Status"), "status", "status"),
                (_("Amount"), "total", "money"),
                (_("Balance"), "balance", "money"),
            ),
            (
                (_("Draft"), "draft", "Status.Draft"),
                (_("Open"), "open", "Status.Open"),
                (_("Closed"), "closed", "Status.Closed"),
                (_("Void"), "void", "Status.Void"),
            ),
        ),
        Listing(
            "recurringinvoices",
            _("Recurring invoices"),
            _("recurring invoice"),
            "recurring_invoice_id",
            (
                (_("Name"), "recurrence_name", ""),
                (_("Customer"), "customer_name", "customer"),
                (_("Unit"), "recurrence_frequency", ""),
                (_("Last made"), "last_sent_date", "day"),
                (_("Next"), "next_invoice_date", "day"),
                (_("Status"), "status", "status"),
                (_("Amount"), "total", "money"),
            ),
            (
                (_("Active"), "active", "Status.Active"),
                (_("Stopped"), "stopped", "Status.Stopped"),
                (_("Expired"), "expired", "Status.Expired"),
            ),
            rows="recurring_invoices",
        ),
    )
}
