"""The list of contacts (invoice-api.md §2.3, §3.3)."""

from typing import Any

from sqlalchemy import ColumnElement, bindparam, exists, func, or_, select, type_coerce
from sqlalchemy.orm import InstrumentedAttribute
from sqlalchemy.types import BigInteger

from mock_invoice import state
from mock_invoice.access import current_organization
from mock_invoice.contacts.model import Contact
from mock_invoice.contacts.sums import ZERO, amounts, credits_left, owed_rows, receivables, unused_rows
from mock_invoice.database import Units
from mock_invoice.envelope import seconds_text
from mock_invoice.filters import NOBODY, Exact, Made, Texts
from mock_invoice.invoices.model import Invoice
from mock_invoice.lists import TODAY, Listing, Rows
from mock_invoice.settings.custom_fields import Shown, ValueRows, as_hash, shown_values, value_rows
from mock_invoice.settings.payment_terms import TermIds, term_ids

COLUMNS = (
    Contact.id, Contact.contact_name, Contact.company_name, Contact.website, Contact.language_code,
    Contact.contact_type, Contact.status, Contact.customer_sub_type, Contact.source, Contact.payment_terms,
    Contact.payment_terms_label, Contact.currency_id, Contact.twitter, Contact.facebook, Contact.first_name,
    Contact.last_name, Contact.email, Contact.phone, Contact.mobile, Contact.zcrm_account_id,
    Contact.zcrm_contact_id, Contact.portal_status, Contact.gst_treatment, Contact.gst_no, Contact.place_of_contact,
    type_coerce(Contact.created_time, BigInteger).label("created"),
    type_coerce(Contact.last_modified_time, BigInteger).label("modified"),
)  # fmt: skip


#: Sums as they are read, and values of custom fields.
Beside = tuple[tuple[Any, ...], tuple[Any, ...], ValueRows]


def beside(contact_ids: list[int]) -> Beside:
    return owed_rows(contact_ids), unused_rows(contact_ids), value_rows("contact", contact_ids)


def render(rows: Rows, beside: Beside) -> list[dict[str, Any]]:
    """Rows without the zcrm ids: the vendor's lists do not show them."""
    owed, unused, values = receivables(beside[0]), credits_left(beside[1]), shown_values("contact", beside[2])
    zone, terms, currencies = current_organization().time_zone, term_ids(), state.current().currencies
    shown = []
    for row in rows:
        code = currencies[row.currency_id].currency_code
        shown.append(_row(row, code, zone, terms, owed.get(row.id), unused.get(row.id), values[row.id]))
    return shown


def _row(
    row: Any, code: str, zone: str, term_ids: TermIds, receivable: Any, credit: Any, custom_fields: Shown
) -> dict[str, Any]:
    """The row's values in the order of `COLUMNS`: taken by name they would cost as much as all the rest."""
    (
        record_id, name, company_name, website, language_code, contact_type, status, sub_type, source, days,
        terms_label, currency_id, twitter, facebook, first_name, last_name, email, phone, mobile, zcrm_account_id,
        zcrm_contact_id, portal_status, gst_treatment, gst_no, place_of_contact, created_seconds, modified_seconds,
    ) = row  # fmt: skip
    outstanding, outstanding_base = amounts(receivable, currency_id) if receivable else (0, 0)
    unused, unused_base = amounts(credit, currency_id) if credit else (0, 0)
    created, modified = seconds_text(created_seconds, zone), seconds_text(modified_seconds, zone)
    return {
        "contact_id": str(record_id),
        "contact_name": name,
        "customer_name": name,
        "vendor_name": name,
        "company_name": company_name,
        "website": website,
        "language_code": language_code,
        "language_code_formatted": language_code,
        "contact_type": contact_type,
        "contact_type_formatted": contact_type.title(),
        "status": status,
        "customer_sub_type": sub_type,
        "source": source,
        "is_linked_with_zohocrm": bool(zcrm_account_id or zcrm_contact_id),
        "payment_terms": days,
        "payment_terms_id": term_ids.get((days, terms_label), ""),
        "payment_terms_label": terms_label,
        "currency_id": str(currency_id),
        "currency_code": code,
        "twitter": twitter,
        "facebook": facebook,
        "outstanding_receivable_amount": outstanding,
        "outstanding_receivable_amount_bcy": outstanding_base,
        "unused_credits_receivable_amount": unused,
        "unused_credits_receivable_amount_bcy": unused_base,
        "outstanding_payable_amount": 0,
        "unused_credits_payable_amount": 0,
        "first_name": first_name,
        "last_name": last_name,
        "email": email,
        "phone": phone,
        "mobile": mobile,
        "gst_treatment": gst_treatment,
        "gst_no": gst_no,
        "place_of_contact": place_of_contact,
        "portal_status": portal_status,
        "portal_status_formatted": portal_status.title(),
        "created_time": created,
        "created_time_formatted": created[:10],
        "last_modified_time": modified,
        "last_modified_time_formatted": modified[:10],
        "custom_fields": custom_fields,
        "custom_field_hash": as_hash(custom_fields),
        "has_attachment": False,
    }


def _owes(*also: ColumnElement[bool]) -> ColumnElement[bool]:
    return exists().where(Invoice.customer_id == Contact.id, Invoice.state == "sent", Invoice.balance > ZERO, *also)


def _owed_in_all(balance: InstrumentedAttribute[Any]) -> Any:
    return (
        select(func.coalesce(func.sum(balance, type_=Units), 0))
        .where(Invoice.customer_id == Contact.id, Invoice.state == "sent")
        .scalar_subquery()
    )


def _repeated(column: InstrumentedAttribute[str]) -> ColumnElement[bool]:
    """Whether another contact of the organization has the same text there. [DESIGN: what the vendor compares]"""
    table: Any = Contact.__table__.alias()
    own = table.c[column.key]
    wanted = select(own).where(table.c.organization_id == bindparam("of_organization"), own != "")
    return column.in_(wanted.group_by(own).having(func.count() > 1))


CONTACTS = Listing(
    key="contacts",
    report_name="Contacts",
    model=Contact,
    columns=COLUMNS,
    render=render,
    beside=beside,
    filters=(
        Texts(
            {
                "contact_name": Contact.contact_name,
                "company_name": Contact.company_name,
                "first_name": Contact.first_name,
                "last_name": Contact.last_name,
                "address": Contact.address_text,
                "email": Contact.email,
                "phone": Contact.phone,
            }
        ),
        Exact(
            {
                "contact_type": Contact.contact_type,
                "zcrm_contact_id": Contact.zcrm_contact_id,
                "zcrm_account_id": Contact.zcrm_account_id,
            }
        ),
        # Vendors are not synchronized, so no contact has a CRM vendor.
        Made({"zcrm_vendor_id": lambda _: NOBODY}),
    ),
    sorts={
        "contact_name": Contact.contact_name,
        "first_name": Contact.first_name,
        "last_name": Contact.last_name,
        "email": Contact.email,
        "outstanding_receivable_amount": _owed_in_all(Invoice.bcy_balance),
    },
    sort_column="contact_name",
    statuses={
        "Status.All": None,
        "Status.Active": Contact.status == "active",
        "Status.Inactive": Contact.status == "inactive",
        "Status.Crm": or_(Contact.zcrm_account_id != "", Contact.zcrm_contact_id != ""),
        "Status.Duplicate": or_(_repeated(Contact.email), _repeated(Contact.company_name)),
        "Status.PortalEnabled": Contact.portal_status == "enabled",
        "Status.PortalDisabled": Contact.portal_status != "enabled",
        "Status.CreditLimitExceed": (Contact.credit_limit > ZERO)
        & (_owed_in_all(Invoice.balance) > Contact.credit_limit),
        "Invoice.Unpaid": _owes(),
        "Invoice.OverDue": _owes(Invoice.due_date < TODAY),
    },
    search=(Contact.contact_name, Contact.notes),
    ids_parameter="contact_ids",
)
