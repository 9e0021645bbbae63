"""Customer payments as the API shows them, and their list (invoice-api.md §7.2)."""

from collections import defaultdict
from typing import Any

from sqlalchemy import select, type_coerce
from sqlalchemy.types import BigInteger

from mock_invoice import state
from mock_invoice.access import base_currency, current_organization
from mock_invoice.contacts.model import Contact
from mock_invoice.database import AboutRecords
from mock_invoice.envelope import day_text, seconds_text, time_text, units_number
from mock_invoice.filters import Days, IdFilter, Numbers, Texts
from mock_invoice.invoices.model import Invoice
from mock_invoice.lists import Listing, Rows
from mock_invoice.payments.model import Payment, PaymentApplication
from mock_invoice.payments.refunds import refunds_of, shown_refund
from mock_invoice.settings.currency_model import Currency
from mock_invoice.settings.custom_fields import Shown, as_hash, values_of
from simulator.money import from_units, round_to

#: Payments, each with the number of an invoice it was for.
NumberRows = tuple[tuple[int, str], ...]
NOT_EMULATED: dict[str, Any] = {
    "account_id": "",
    "account_name": "",
    "tax_account_id": "",
    "tax_account_name": "",
    "tax_amount_withheld": 0,
    "discount_amount": 0,
    "template_id": "",
    "template_name": "",
    "online_transaction_id": "",
}


def payment_detail(payment: Payment, custom_fields: Shown | None = None) -> dict[str, Any]:
    organization = current_organization()
    currency = state.current().currencies[payment.currency_id]
    if custom_fields is None:
        custom_fields = values_of("customer_payment", [payment.id])[payment.id]
    created = time_text(payment.created_time, organization.time_zone)
    modified = time_text(payment.last_modified_time, organization.time_zone)
    return {
        **NOT_EMULATED,
        "payment_id": str(payment.id),
        "payment_number": payment.number,
        "customer_id": str(payment.customer_id),
        "customer_name": payment.customer.contact_name,
        "payment_mode": payment.payment_mode,
        "date": day_text(payment.date),
        "amount": payment.amount,
        "bcy_amount": round_to(payment.amount * payment.exchange_rate, base_currency().price_precision),
        "unused_amount": payment.unused_amount,
        "bank_charges": payment.bank_charges,
        "currency_id": str(currency.id),
        "currency_code": currency.currency_code,
        "currency_symbol": currency.currency_symbol,
        "exchange_rate": payment.exchange_rate,
        "description": payment.description,
        "reference_number": payment.reference_number,
        "payment_status": "paid",
        "payment_refunds": [shown_refund(payment, one) for one in refunds_of(payment.id)],
        "invoices": [_application(one) for one in payment.applications],
        "custom_fields": custom_fields,
        "custom_field_hash": as_hash(custom_fields),
        "created_time": created,
        "last_modified_time": modified,
        "updated_time": modified,
    }


def _application(application: PaymentApplication) -> dict[str, Any]:
    invoice = application.invoice
    return {
        "invoice_payment_id": str(application.id),
        "invoice_id": str(invoice.id),
        "invoice_number": invoice.number,
        "amount_applied": application.amount_applied,
        "tax_amount_withheld": 0,
        "discount_amount": 0,
        "total": invoice.total,
        "balance": invoice.balance,
        "date": day_text(invoice.date),
        "due_date": day_text(invoice.due_date),
    }


COLUMNS = (
    Payment.id, Payment.number, Payment.customer_id, Payment.payment_mode, Payment.date, Payment.currency_id,
    Payment.reference_number, Payment.description,
    type_coerce(Payment.amount, BigInteger).label("amount"),
    type_coerce(Payment.unused_amount, BigInteger).label("unused"),
    Payment.exchange_rate, Contact.contact_name, Currency.currency_code, Currency.currency_symbol,
    type_coerce(Payment.created_time, BigInteger).label("created"),
    type_coerce(Payment.last_modified_time, BigInteger).label("modified"),
)  # fmt: skip


_NUMBERS = AboutRecords(
    lambda among: (
        select(PaymentApplication.payment_id, Invoice.number)
        .join(Invoice, Invoice.id == PaymentApplication.invoice_id)
        .where(among(PaymentApplication.payment_id))
        .order_by(PaymentApplication.id)
    )
)


def number_rows(payment_ids: list[int]) -> NumberRows:
    """The numbers of the invoices that payments were for."""
    return tuple(_NUMBERS.rows(payment_ids))


def render(rows: Rows, stored: NumberRows) -> list[dict[str, Any]]:
    numbers = _by_payment(stored)
    organization = current_organization()
    places = base_currency().price_precision
    return [_row(row, numbers[row.id], organization.time_zone, places) for row in rows]


def _by_payment(stored: NumberRows) -> dict[int, list[str]]:
    found: dict[int, list[str]] = defaultdict(list)
    for payment_id, number in stored:
        found[payment_id].append(number)
    return found


def _row(row: Any, numbers: list[str], zone: str, places: int) -> dict[str, Any]:
    return {
        "payment_id": str(row.id),
        "payment_number": row.number,
        "invoice_numbers": ", ".join(numbers),
        "customer_id": str(row.customer_id),
        "customer_name": row.contact_name,
        "payment_mode": row.payment_mode,
        "date": day_text(row.date),
        "amount": units_number(row.amount),
        "bcy_amount": round_to(from_units(row.amount) * row.exchange_rate, places),
        "unused_amount": units_number(row.unused),
        "bcy_unused_amount": round_to(from_units(row.unused) * row.exchange_rate, places),
        "currency_id": str(row.currency_id),
        "currency_code": row.currency_code,
        "currency_symbol": row.currency_symbol,
        "account_id": "",
        "account_name": "",
        "description": row.description,
        "reference_number": row.reference_number,
        "created_time": seconds_text(row.created, zone),
        "last_modified_time": seconds_text(row.modified, zone),
        "has_attachment": False,
        "custom_fields": [],
    }


def _by_mode(mode: str) -> Any:
    return Payment.payment_mode == mode


PAYMENTS = Listing(
    key="customerpayments",
    report_name="Payments Received",
    model=Payment,
    columns=COLUMNS,
    render=render,
    beside=number_rows,
    joins=((Contact, Contact.id == Payment.customer_id), (Currency, Currency.id == Payment.currency_id)),
    filters=(
        Texts(
            {
                "customer_name": Contact.contact_name,
                "reference_number": Payment.reference_number,
                "notes": Payment.description,
                "payment_mode": Payment.payment_mode,
            }
        ),
        Numbers({"amount": Payment.amount}),
        Days({"date": Payment.date}),
        IdFilter({"customer_id": Payment.customer_id}),
    ),
    sorts={"date": Payment.date, "amount": Payment.amount, "customer_name": Contact.contact_name},
    sort_column="date",
    sort_order="D",
    default_filter="PaymentMode.All",
    statuses={
        "PaymentMode.All": None,
        "PaymentMode.Check": _by_mode("check"),
        "PaymentMode.Cash": _by_mode("cash"),
        "PaymentMode.BankTransfer": _by_mode("banktransfer"),
        "PaymentMode.Paypal": _by_mode("paypal"),
        "PaymentMode.CreditCard": _by_mode("creditcard"),
        "PaymentMode.GoogleCheckout": _by_mode("googlecheckout"),
        "PaymentMode.Credit": _by_mode("credit"),
        "PaymentMode.BankRemittance": _by_mode("bankremittance"),
        "PaymentMode.AutoTransaction": _by_mode("autotransaction"),
        "PaymentMode.Others": _by_mode("others"),
    },
    search=(Payment.number, Payment.reference_number, Contact.contact_name),
)
