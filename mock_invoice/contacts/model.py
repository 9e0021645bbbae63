"""The tables of contacts: the customer, his people, his further addresses."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from mock_invoice.database import Base, Json, Key, Moment, Record
from simulator.money import Money

ADDRESS_KEYS = (
    "address_id", "attention", "address", "street2", "city", "state", "state_code", "zip", "country", "country_code",
    "county", "phone", "fax",
)  # fmt: skip
#: What a contact shows of its primary person (§3.4: they mirror him; the same keys in a contact's body are ignored).
MIRRORED = ("salutation", "first_name", "last_name", "email", "phone", "mobile", "designation", "department")


def unique_when_set(name: str, column: str) -> Index:
    """At most one record of an organization per CRM record; any number without one."""
    condition = text(f"{column} <> ''")
    return Index(name, "organization_id", column, unique=True, sqlite_where=condition)


class Contact(Record):
    """A customer (or vendor)."""

    __table_args__ = (
        Index("uq_contact_name", "organization_id", "contact_type", "contact_name", unique=True),
        Index("ix_contact_list", "organization_id", "contact_name", "id"),
        Index("ix_contact_modified", "organization_id", "last_modified_time"),
        unique_when_set("uq_contact_zcrm_account", "zcrm_account_id"),
        unique_when_set("uq_contact_zcrm_contact", "zcrm_contact_id"),
    )

    contact_name: Mapped[str] = mapped_column(String(200))
    company_name: Mapped[str] = mapped_column(String(200), default="")
    contact_type: Mapped[str] = mapped_column(String(10), default="customer")
    customer_sub_type: Mapped[str] = mapped_column(String(10), default="business")
    status: Mapped[str] = mapped_column(String(10), default="active")
    source: Mapped[str] = mapped_column(String(20), default="api")
    website: Mapped[str] = mapped_column(String(200), default="")
    language_code: Mapped[str] = mapped_column(String(10), default="")
    contact_number: Mapped[str] = mapped_column(String(50), default="")
    notes: Mapped[str] = mapped_column(Text, default="")
    facebook: Mapped[str] = mapped_column(String(100), default="")
    twitter: Mapped[str] = mapped_column(String(100), default="")
    currency_id: Mapped[int] = mapped_column(Key, ForeignKey("currency.id"))
    payment_terms: Mapped[int] = mapped_column(default=0)
    payment_terms_label: Mapped[str] = mapped_column(String(200), default="Due on Receipt")
    payment_reminder_enabled: Mapped[bool] = mapped_column(default=True)
    #: 0 is none; in the customer's currency.
    credit_limit: Mapped[Decimal] = mapped_column(Money, default=Decimal(0))
    portal_status: Mapped[str] = mapped_column(String(10), default="disabled")
    gst_treatment: Mapped[str] = mapped_column(String(60), default="")
    gst_no: Mapped[str] = mapped_column(String(30), default="")
    place_of_contact: Mapped[str] = mapped_column(String(60), default="")
    is_taxable: Mapped[bool] = mapped_column(default=True)
    track_1099: Mapped[bool] = mapped_column(default=False)
    tax_id: Mapped[int | None] = mapped_column(Key, ForeignKey("tax.id"))
    tax_exemption_id: Mapped[int | None] = mapped_column(Key, ForeignKey("tax_exemption.id"))
    owner_id: Mapped[str] = mapped_column(String(30), default="")
    crm_owner_id: Mapped[str] = mapped_column(String(30), default="")
    zcrm_account_id: Mapped[str] = mapped_column(String(30), default="")
    zcrm_contact_id: Mapped[str] = mapped_column(String(30), default="")
    created_by_id: Mapped[int] = mapped_column(Key)
    created_by_name: Mapped[str] = mapped_column(String(100))
    primary_contact_id: Mapped[int | None] = mapped_column(Key)
    salutation: Mapped[str] = mapped_column(String(25), default="")
    first_name: Mapped[str] = mapped_column(String(100), default="")
    last_name: Mapped[str] = mapped_column(String(100), default="")
    email: Mapped[str] = mapped_column(String(100), default="")
    phone: Mapped[str] = mapped_column(String(50), default="")
    mobile: Mapped[str] = mapped_column(String(50), default="")
    designation: Mapped[str] = mapped_column(String(100), default="")
    department: Mapped[str] = mapped_column(String(50), default="")
    #: Ids of templates by kind of document; what is not there is the standard one.
    default_templates: Mapped[dict[str, str]] = mapped_column(Json, default=dict)
    billing_address: Mapped[dict[str, Any]] = mapped_column(Json)
    shipping_address: Mapped[dict[str, Any]] = mapped_column(Json)
    address_text: Mapped[str] = mapped_column(Text, default="")

    persons: Mapped[list["ContactPerson"]] = relationship(
        back_populates="contact", cascade="all, delete-orphan", order_by="ContactPerson.id"
    )
    addresses: Mapped[list["Address"]] = relationship(cascade="all, delete-orphan", order_by="Address.id")

    @property
    def is_linked_with_crm(self) -> bool:
        return bool(self.zcrm_account_id or self.zcrm_contact_id)

    @property
    def is_active(self) -> bool:
        return self.status == "active"

    def mirror_primary(self) -> None:
        """Copies the primary person's facts, which the contact shows as its own; without persons they are empty."""
        primary = next((one for one in self.persons if one.is_primary_contact), None)
        self.primary_contact_id = primary.id if primary else None
        for key in MIRRORED:
            setattr(self, key, getattr(primary, key) if primary else "")

    def note_portal(self) -> None:
        """The portal is open to a customer as long as one of his people is let in."""
        self.portal_status = "enabled" if any(one.is_added_in_portal for one in self.persons) else "disabled"

    def note_addresses(self) -> None:
        """Keeps the text that `address` searches look through."""
        parts = [one.get(key, "") for one in (self.billing_address, self.shipping_address) for key in ADDRESS_KEYS[1:]]
        self.address_text = " ".join(part for part in parts if part)


class ContactPerson(Base):
    """A person under a customer."""

    __table_args__ = (unique_when_set("uq_person_zcrm_contact", "zcrm_contact_id"),)

    organization_id: Mapped[int] = mapped_column(Key, ForeignKey("organization.id"))
    contact_id: Mapped[int] = mapped_column(Key, ForeignKey("contact.id"), index=True)
    salutation: Mapped[str] = mapped_column(String(25), default="")
    first_name: Mapped[str] = mapped_column(String(100), default="")
    last_name: Mapped[str] = mapped_column(String(100), default="")
    email: Mapped[str] = mapped_column(String(100), default="")
    phone: Mapped[str] = mapped_column(String(50), default="")
    mobile: Mapped[str] = mapped_column(String(50), default="")
    designation: Mapped[str] = mapped_column(String(100), default="")
    department: Mapped[str] = mapped_column(String(50), default="")
    skype: Mapped[str] = mapped_column(String(50), default="")
    fax: Mapped[str] = mapped_column(String(50), default="")
    is_primary_contact: Mapped[bool] = mapped_column(default=False)
    is_added_in_portal: Mapped[bool] = mapped_column(default=False)
    zcrm_contact_id: Mapped[str] = mapped_column(String(30), default="")
    created_time: Mapped[datetime] = mapped_column(Moment)

    contact: Mapped[Contact] = relationship(back_populates="persons")


class Address(Base):
    """A further address of a contact, beside its billing and shipping address."""

    contact_id: Mapped[int] = mapped_column(Key, ForeignKey("contact.id"), index=True)
    parts: Mapped[dict[str, Any]] = mapped_column(Json)
