"""What may settle an invoice, whether a payment or a credit note, and what that does to it (invoice-api.md §6.4)."""

from decimal import Decimal
from typing import Any

from mock_invoice.access import base_currency, current_organization
from mock_invoice.documents.status import OPEN_INVOICES
from mock_invoice.errors import NotFound, PaymentRefused
from mock_invoice.find import find_or_none
from mock_invoice.invoices.model import Invoice
from simulator import clock


def invoice_to_settle(entry: dict[str, Any], source: Any) -> tuple[Invoice, Decimal]:
    """The invoice that an entry of a body names, and the amount for it.

    `source` is the payment or credit note: whatever has a customer and a currency.

    Raises:
        NotFound: an unknown invoice.
        PaymentRefused: another customer's or currency's invoice, a void one, or more than its balance.
    """
    invoice = find_or_none(Invoice, entry.get("invoice_id"))
    if invoice is None:
        raise NotFound("Invoice")
    amount = entry.get("amount_applied") or Decimal(0)
    status = invoice.status(clock.today(current_organization().time_zone))
    if status not in (*OPEN_INVOICES, "draft"):
        raise PaymentRefused(f"Invoice {invoice.number} is {status}; nothing can be applied to it.")
    if invoice.customer_id != source.customer_id:
        raise PaymentRefused(f"Invoice {invoice.number} is not this customer's.")
    if invoice.currency_id != source.currency_id:
        raise PaymentRefused(f"Invoice {invoice.number} is in another currency.")
    if amount > invoice.balance:
        raise PaymentRefused(f"The amount applied is more than the balance of invoice {invoice.number}.")
    return invoice, amount


def settle(invoice: Invoice, *, paid: Decimal = Decimal(0), credited: Decimal = Decimal(0)) -> None:
    """Adds to what settles an invoice. Anything applied to a draft makes it a sent one;
    [MEM] for payments."""
    if invoice.state == "draft":
        invoice.state, invoice.issued_date = "sent", invoice.date
    invoice.payment_made += paid
    invoice.credits_applied += credited
    invoice.settle(base_currency().price_precision)
    invoice.touch()


def unsettle(invoice: Invoice, *, paid: Decimal = Decimal(0), credited: Decimal = Decimal(0)) -> None:
    """Takes back what settled an invoice, whatever its status."""
    invoice.payment_made -= paid
    invoice.credits_applied -= credited
    invoice.settle(base_currency().price_precision)
    invoice.touch()
