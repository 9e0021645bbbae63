"""Orders of edits, payments, credits and status changes as nobody plans them: the sums always meet (§5.6, §6.4)."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from decimal import Decimal
from typing import Any, ClassVar

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import func, select

from mock_invoice.access import enter
from mock_invoice.contacts.rules import create_contact
from mock_invoice.contacts.sums import credits_of, receivables_of
from mock_invoice.credit_notes import apply as crediting
from mock_invoice.credit_notes import rules as credit_rules
from mock_invoice.credit_notes.model import CreditApplication, CreditNote
from mock_invoice.database import db
from mock_invoice.documents.schema import CREDIT_NOTE, INVOICE, ORDER
from mock_invoice.errors import ApiError
from mock_invoice.invoices import rules as invoice_rules
from mock_invoice.invoices.model import Invoice as InvoiceRow
from mock_invoice.invoices.model import InvoiceLine
from mock_invoice.payments import rules as payment_rules
from mock_invoice.payments.apply import applications_of
from mock_invoice.payments.model import Payment, PaymentApplication
from mock_invoice.payments.refunds import REFUND, Refund, create_refund, delete_refund, refunds_of
from mock_invoice.payments.schema import PAYMENT
from mock_invoice.sales_orders import rules as order_rules
from mock_invoice.sales_orders.model import SalesOrder
from mock_invoice.settings.tax_model import Tax
from mock_invoice.settings.user_model import User
from tests.invoice.conftest import Invoice

ZERO = Decimal(0)
cents = st.integers(1, 12_000).map(lambda value: Decimal(value) / 100)
choice = st.integers(0, 5)
bodies = st.fixed_dictionaries(
    {
        "line_items": st.lists(
            st.fixed_dictionaries({"name": st.just("Work"), "rate": cents.map(str), "quantity": st.integers(1, 3),
                                   "taxed": st.booleans()}), min_size=1, max_size=3,
        ),
        "discount": st.sampled_from(("", "10%", "0.5")),
        "adjustment": st.sampled_from(("0", "0.37", "-0.01")),
    }
)  # fmt: skip


class Undone(Exception):
    """Takes back everything a run did."""


class Ledger(RuleBasedStateMachine):
    """One customer's documents; whatever is refused leaves no trace."""

    caller: ClassVar[Invoice]

    def __init__(self) -> None:
        super().__init__()
        self.stack = ExitStack()
        self.stack.enter_context(_undone(self.caller))

    @initialize()
    def begin(self) -> None:
        enter(db.session.scalars(select(User.id)).all()[0])
        self.customer = create_contact({"contact_name": "Acme"})[0]
        self.tax_id = str(db.session.scalars(select(Tax.id).where(Tax.tax_name == "VAT")).one())
        self.stock()

    def stock(self) -> None:
        """Something to begin with: two invoices, one of them settled in part, an order, money and a credit left."""
        plain = {"line_items": [{"name": "Work", "rate": "30.05", "quantity": 2, "taxed": True}]}
        body = self.body(plain)
        first, _ = invoice_rules.create_invoice(INVOICE.load(body), send=True)
        invoice_rules.create_invoice(INVOICE.load(body))
        order_rules.create_order(ORDER.load(body), send=True)
        note, _ = credit_rules.create_credit_note(CREDIT_NOTE.load(body))
        crediting.apply_credit(note, [{"invoice_id": first.id, "amount_applied": Decimal(7)}])
        parts = [{"invoice_id": str(first.id), "amount_applied": "9.01"}]
        money = {"customer_id": str(self.customer.id), "amount": "40", "invoices": parts}
        payment, _ = payment_rules.create_payment(PAYMENT.load(money))
        create_refund(payment, REFUND.load({"amount": "3"}))

    def teardown(self) -> None:
        self.stack.close()

    def attempt(self, act: Callable[[], Any]) -> None:
        try:
            with db.session.begin_nested():
                act()
                db.session.flush()
        except ApiError:
            db.session.expire_all()

    def all(self, model: Any) -> list[Any]:
        wanted = select(model).where(model.customer_id == self.customer.id).order_by(model.id)
        return list(db.session.scalars(wanted))

    def one(self, model: Any, place: int) -> Any:
        rows = self.all(model)
        return rows[place % len(rows)] if rows else None

    def body(self, given: dict[str, Any]) -> dict[str, Any]:
        lines = [
            {
                **{key: value for key, value in line.items() if key != "taxed"},
                "tax_id": self.tax_id if line["taxed"] else "",
            }
            for line in given["line_items"]
        ]
        return {**given, "line_items": lines, "customer_id": str(self.customer.id)}

    @rule(given=bodies, send=st.booleans())
    def add_invoice(self, given: dict[str, Any], send: bool) -> None:
        self.attempt(lambda: invoice_rules.create_invoice(INVOICE.load(self.body(given)), send=send))

    @rule(given=bodies)
    def add_credit_note(self, given: dict[str, Any]) -> None:
        self.attempt(lambda: credit_rules.create_credit_note(CREDIT_NOTE.load(self.body(given))))

    @rule(given=bodies)
    def add_order(self, given: dict[str, Any]) -> None:
        self.attempt(lambda: order_rules.create_order(ORDER.load(self.body(given)), send=True))

    @rule(place=choice, part=st.sampled_from((0, 0, 1)))
    def invoice_order(self, place: int, part: int) -> None:
        if (order := self.one(SalesOrder, place)) is None:
            return
        body: dict[str, Any] = {"salesorder_id": str(order.id)}
        if part:
            line = order.lines[0]
            body["line_items"] = [
                {"name": "Work", "rate": str(line.rate), "quantity": 1, "salesorder_item_id": line.id}
            ]
        self.attempt(lambda: invoice_rules.create_invoice(INVOICE.load(body), send=True))

    @rule(place=choice, given=bodies)
    def edit_invoice(self, place: int, given: dict[str, Any]) -> None:
        if (row := self.one(InvoiceRow, place)) is not None:
            self.attempt(lambda: invoice_rules.update_invoice(row, INVOICE.load(self.body(given))))

    @rule(place=choice, given=bodies)
    def edit_credit_note(self, place: int, given: dict[str, Any]) -> None:
        if (row := self.one(CreditNote, place)) is not None:
            self.attempt(lambda: credit_rules.update_credit_note(row, CREDIT_NOTE.load(self.body(given))))

    @rule(place=choice, action=st.sampled_from(("sent", "void", "draft", "writeoff", "cancel", "delete")))
    def move_invoice(self, place: int, action: str) -> None:
        if (row := self.one(InvoiceRow, place)) is None:
            return
        acts: dict[str, Callable[[], Any]] = {
            "writeoff": lambda: invoice_rules.write_off(row),
            "cancel": lambda: invoice_rules.cancel_write_off(row),
            "delete": lambda: invoice_rules.delete_invoice(row),
        }
        self.attempt(acts.get(action, lambda: invoice_rules.change_status(row, action)))

    @rule(place=choice, action=st.sampled_from(("open", "void", "draft", "delete")))
    def move_credit_note(self, place: int, action: str) -> None:
        if (row := self.one(CreditNote, place)) is None:
            return
        if action == "delete":
            self.attempt(lambda: credit_rules.delete_credit_note(row))
        else:
            self.attempt(lambda: credit_rules.move_credit_note(row, action))

    def parts(self, amount: Decimal, places: list[int]) -> list[dict[str, Any]]:
        """Up to half of the amount for each of some invoices, never more than they owe."""
        rows = [row for place in places if (row := self.one(InvoiceRow, place)) is not None]
        return [
            {"invoice_id": str(row.id), "amount_applied": str(min(row.balance, (amount / 2).quantize(Decimal("0.01"))))}
            for row in rows
        ]

    @rule(amount=cents, places=st.lists(choice, max_size=2))
    def pay(self, amount: Decimal, places: list[int]) -> None:
        body = {"customer_id": str(self.customer.id), "amount": str(amount), "invoices": self.parts(amount, places)}
        self.attempt(lambda: payment_rules.create_payment(PAYMENT.load(body)))

    @rule(place=choice, amount=cents, places=st.none() | st.lists(choice, max_size=2))
    def edit_payment(self, place: int, amount: Decimal, places: list[int] | None) -> None:
        if (row := self.one(Payment, place)) is not None:
            more = {} if places is None else {"invoices": self.parts(amount, places)}
            self.attempt(lambda: payment_rules.update_payment(row, PAYMENT.load({"amount": str(amount), **more})))

    @rule(place=choice)
    def delete_payment(self, place: int) -> None:
        if (row := self.one(Payment, place)) is not None:
            self.attempt(lambda: payment_rules.delete_payment(row))

    @rule(place=choice, bill=choice, amount=cents)
    def credit(self, place: int, bill: int, amount: Decimal) -> None:
        if (row := self.one(CreditNote, place)) is not None:
            self.attempt(lambda: crediting.apply_credit(row, _loaded(self.parts(min(amount, row.balance), [bill]))))

    @rule(bill=choice)
    def take_credits_off(self, bill: int) -> None:
        if (row := self.one(InvoiceRow, bill)) is not None:
            self.attempt(lambda: crediting.detach_credits(row))

    @rule(model=st.sampled_from((Payment, CreditNote)), place=choice, amount=cents)
    def refund(self, model: Any, place: int, amount: Decimal) -> None:
        if (row := self.one(model, place)) is not None:
            self.attempt(lambda: create_refund(row, REFUND.load({"amount": str(amount)})))

    @precondition(lambda self: self.all(Refund))
    @rule(model=st.sampled_from((Payment, CreditNote)), place=choice)
    def take_refund_back(self, model: Any, place: int) -> None:
        row = self.one(model, place)
        if row is not None and (refunds := refunds_of(row.id)):
            self.attempt(lambda: delete_refund(row, refunds[0]))

    @invariant()
    def sums_meet(self) -> None:
        if not hasattr(self, "customer"):
            return
        db.session.flush()
        db.session.expire_all()
        for row in self.all(InvoiceRow):
            _check_invoice(row)
        for row in self.all(Payment):
            applied = sum((one.amount_applied for one in row.applications), ZERO)
            refunded = sum((one.amount for one in refunds_of(row.id)), ZERO)
            assert row.unused_amount >= 0
            assert row.amount == applied + refunded + row.unused_amount
        for row in self.all(CreditNote):
            assert row.credits_used == sum((one.amount_applied for one in row.applications), ZERO)
            assert row.refunded == sum((one.amount for one in refunds_of(row.id)), ZERO)
            assert row.balance == row.total - row.credits_used - row.refunded >= 0
        for row in self.all(SalesOrder):
            _check_order(row)

    @invariant()
    def the_customer_owes_what_his_documents_say(self) -> None:
        if not hasattr(self, "customer"):
            return
        key = self.customer.id
        owed = sum((one.balance for one in self.all(InvoiceRow) if one.state == "sent"), ZERO)
        unused = sum((one.unused_amount for one in self.all(Payment)), ZERO)
        unused += sum((one.balance for one in self.all(CreditNote) if one.state == "open"), ZERO)
        currency = self.customer.currency_id
        assert receivables_of([key]).get(key, {}).get(currency, (ZERO, ZERO))[0] == owed
        assert credits_of([key]).get(key, {}).get(currency, (ZERO, ZERO))[0] == unused


def _loaded(parts: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{**one, "amount_applied": Decimal(one["amount_applied"])} for one in parts]


def _check_invoice(row: InvoiceRow) -> None:
    lines = sum((one.item_total for one in row.lines), ZERO)
    taxes = sum((Decimal(one["tax_amount"]) for one in row.taxes), ZERO)
    assert row.sub_total == lines
    assert row.tax_total == taxes
    assert row.total == lines - row.discount_total + taxes + row.shipping_charge + row.adjustment
    paid = db.session.scalar(
        select(func.sum(PaymentApplication.amount_applied)).where(PaymentApplication.invoice_id == row.id)
    )
    credited = db.session.scalar(
        select(func.sum(CreditApplication.amount_applied)).where(CreditApplication.invoice_id == row.id)
    )
    assert (row.payment_made, row.credits_applied) == (paid or ZERO, credited or ZERO)
    assert row.balance == row.total - row.payment_made - row.credits_applied - row.write_off_amount
    assert 0 <= row.balance <= row.total
    status = row.status(row.date)
    if row.state in ("draft", "void"):
        assert not paid
        assert not credited
        assert status == row.state
    else:
        assert (status == "paid") is (row.balance == 0)
        assert (status == "partially_paid") is (row.balance > 0 and bool(paid or credited))
    assert (row.last_payment_date is not None) is bool(applications_of(row.id))


def _check_order(row: SalesOrder) -> None:
    for line in row.lines:
        counted = db.session.scalar(
            select(func.sum(InvoiceLine.quantity))
            .join(InvoiceRow, InvoiceRow.id == InvoiceLine.invoice_id)
            .where(InvoiceLine.salesorder_item_id == line.id, InvoiceRow.state != "void")
        )
        assert line.quantity_invoiced == (counted or ZERO) <= line.quantity
    left = [line for line in row.lines if line.quantity_invoiced < line.quantity]
    started = any(line.quantity_invoiced for line in row.lines)
    assert row.invoiced_status == ("" if not started else "partially_invoiced" if left else "invoiced")


@contextmanager
def _undone(caller: Invoice) -> Iterator[None]:
    try:
        with caller.app.extensions["worlds"].transaction(caller.world):
            yield
            raise Undone
    except Undone:
        pass


@pytest.mark.requirement("X1", "G4")
def test_lines_taxes_payments_and_credits_always_meet_total_and_balance(invoice: Invoice) -> None:
    Ledger.caller = invoice
    run_state_machine_as_test(
        Ledger,
        settings=settings(
            max_examples=500, stateful_step_count=6, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )
