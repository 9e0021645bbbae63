"""The columns that all documents share, and their lines."""

import datetime as dt
from decimal import Decimal
from typing import Any

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, declared_attr, mapped_column, relationship

from mock_invoice.contacts.model import Contact
from mock_invoice.database import Base, Json, Key, Record
from simulator.money import Money

ITEM_LEVEL, ENTITY_LEVEL = "item_level", "entity_level"


class Document(Record):
    """A transaction with a customer: lines, sums and a number."""

    __abstract__ = True

    number: Mapped[str] = mapped_column(String(100))
    customer_id: Mapped[int] = mapped_column(Key, ForeignKey("contact.id"))
    #: Copies for lists, kept when the customer is renamed or moved: a document shows what it was made with. [DESIGN]
    billing_address: Mapped[dict[str, Any]] = mapped_column(Json)
    shipping_address: Mapped[dict[str, Any]] = mapped_column(Json)
    contact_person_ids: Mapped[list[str]] = mapped_column(Json)
    state: Mapped[str] = mapped_column(String(20))
    date: Mapped[dt.date]
    reference_number: Mapped[str] = mapped_column(String(100), default="")
    currency_id: Mapped[int] = mapped_column(Key, ForeignKey("currency.id"))
    exchange_rate: Mapped[Decimal] = mapped_column(Money)
    discount: Mapped[str] = mapped_column(String(30), default="")
    discount_type: Mapped[str] = mapped_column(String(20))
    is_discount_before_tax: Mapped[bool]
    is_inclusive_tax: Mapped[bool]
    shipping_charge: Mapped[Decimal] = mapped_column(Money)
    #: The tax on the shipping charge as it was then, and what it came to.
    shipping_tax: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
    shipping_tax_amount: Mapped[Decimal] = mapped_column(Money, default=Decimal(0))
    #: What lines without a tax of their own are taxed with.
    tax_id: Mapped[int | None] = mapped_column(Key)
    adjustment: Mapped[Decimal] = mapped_column(Money)
    adjustment_description: Mapped[str] = mapped_column(String(100), default="")
    sub_total: Mapped[Decimal] = mapped_column(Money)
    sub_total_inclusive_of_tax: Mapped[Decimal] = mapped_column(Money)
    sub_total_exclusive_of_discount: Mapped[Decimal] = mapped_column(Money)
    discount_total: Mapped[Decimal] = mapped_column(Money)
    discount_percent: Mapped[Decimal] = mapped_column(Money)
    discount_applied_on_amount: Mapped[Decimal] = mapped_column(Money)
    tax_total: Mapped[Decimal] = mapped_column(Money)
    taxes: Mapped[list[dict[str, str]]] = mapped_column(Json)
    total: Mapped[Decimal] = mapped_column(Money)
    bcy_total: Mapped[Decimal] = mapped_column(Money)
    notes: Mapped[str] = mapped_column(Text, default="")
    terms: Mapped[str] = mapped_column(Text, default="")
    salesperson_id: Mapped[int | None] = mapped_column(Key)
    salesperson_name: Mapped[str] = mapped_column(String(100), default="")
    zcrm_potential_id: Mapped[str] = mapped_column(String(30), default="")
    zcrm_potential_name: Mapped[str] = mapped_column(String(200), default="")
    crm_owner_id: Mapped[str] = mapped_column(String(30), default="")
    #: Empty is the kind's standard template.
    template_id: Mapped[str] = mapped_column(String(30), default="")
    has_attachment: Mapped[bool] = mapped_column(default=False)
    #: Kept and shown: customers pay nothing here by themselves.
    allow_partial_payments: Mapped[bool] = mapped_column(default=False)
    #: What mails about it start from; empty is the template's.
    custom_subject: Mapped[str] = mapped_column(Text, default="")
    custom_body: Mapped[str] = mapped_column(Text, default="")
    is_emailed: Mapped[bool] = mapped_column(default=False)
    is_viewed_by_client: Mapped[bool] = mapped_column(default=False)
    created_by_id: Mapped[int] = mapped_column(Key)
    created_by_name: Mapped[str] = mapped_column(String(100))
    last_modified_by_id: Mapped[int] = mapped_column(Key)

    lines: Any

    @property
    def shipping_charge_tax_id(self) -> int | None:
        return int(self.shipping_tax["tax_id"]) if self.shipping_tax else None

    @declared_attr
    def customer(cls) -> Mapped[Contact]:
        return relationship(Contact)


class Line(Base):
    """One line: an item or free text, with the tax as it was when the line was written."""

    __abstract__ = True

    item_order: Mapped[int]
    item_id: Mapped[int | None] = mapped_column(Key, ForeignKey("item.id"), index=True)
    name: Mapped[str] = mapped_column(String(100), default="")
    description: Mapped[str] = mapped_column(Text, default="")
    unit: Mapped[str] = mapped_column(String(50), default="")
    sku: Mapped[str] = mapped_column(String(100), default="")
    rate: Mapped[Decimal] = mapped_column(Money)
    quantity: Mapped[Decimal] = mapped_column(Money)
    discount: Mapped[str] = mapped_column(String(30), default="")
    discount_amount: Mapped[Decimal] = mapped_column(Money)
    #: A tax or a group of taxes, so no foreign key: both are looked for when the line is written.
    tax_id: Mapped[int | None] = mapped_column(Key, index=True)
    tax_name: Mapped[str] = mapped_column(String(100), default="")
    tax_percentage: Mapped[Decimal] = mapped_column(Money)
    #: The taxes of a group, as they were when the line was written; empty for a single tax.
    tax_parts: Mapped[list[dict[str, Any]]] = mapped_column(Json)
    tax_amount: Mapped[Decimal] = mapped_column(Money)
    item_total: Mapped[Decimal] = mapped_column(Money)
