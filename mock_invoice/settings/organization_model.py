"""An organization: one tenant with its edition, base currency and time zone."""

from datetime import date
from typing import Any

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from mock_invoice.database import Base, Json, Key
from mock_invoice.settings.currency_model import Currency

EDITIONS = ("global", "us")
#: What an organization says of itself that nothing here depends on, as old clients index it (§13).
DETAILS: dict[str, str] = {
    "country_code": "",
    "field_separator": " ",
    "industry_type": "",
    "industry_size": "",
    "company_id_label": "Company ID",
    "company_id_value": "",
    "tax_id_label": "Tax ID",
    "tax_id_value": "",
    "org_address": "",
    "remit_to_address": "",
    "tax_basis": "accrual",
}


class Organization(Base):
    """One Invoice tenant. The edition is ours to show: the integration has no triggers in the U.S. one."""

    name: Mapped[str] = mapped_column(String(100))
    contact_name: Mapped[str] = mapped_column(String(100), default="")
    email: Mapped[str] = mapped_column(String(100), default="")
    edition: Mapped[str] = mapped_column(String(10), default="global")
    time_zone: Mapped[str] = mapped_column(String(60))
    fiscal_year_start_month: Mapped[str] = mapped_column(String(10), default="january")
    language_code: Mapped[str] = mapped_column(String(10), default="en")
    country: Mapped[str] = mapped_column(String(60), default="")
    phone: Mapped[str] = mapped_column(String(50), default="")
    fax: Mapped[str] = mapped_column(String(50), default="")
    website: Mapped[str] = mapped_column(String(200), default="")
    portal_name: Mapped[str] = mapped_column(String(100), default="")
    date_format: Mapped[str] = mapped_column(String(30), default="dd MMM yyyy")
    address: Mapped[dict[str, str]] = mapped_column(Json, default=dict)
    #: What is only kept and shown, by key.
    details: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
    is_default_org: Mapped[bool] = mapped_column(default=False)
    is_org_active: Mapped[bool] = mapped_column(default=True)
    account_created_date: Mapped[date]
    currency_id: Mapped[int] = mapped_column(Key, ForeignKey("currency.id"))

    currency: Mapped[Currency] = relationship(lazy="joined", innerjoin=True)
