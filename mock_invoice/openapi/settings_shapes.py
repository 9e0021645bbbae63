"""Shapes of settings: organizations, users, currencies, taxes, custom fields, preferences, reminders (§8)."""

from mock_invoice.documents.status import ORDER_STATUSES
from mock_invoice.openapi.contact_shapes import Keys
from mock_invoice.openapi.words import DAY, MAYBE_DAY, MAYBE_ID, TIME
from mock_invoice.settings.custom_fields import DATA_TYPES, ENTITIES
from mock_invoice.settings.exemption_model import TYPES
from mock_invoice.settings.organization_model import DETAILS, EDITIONS
from mock_invoice.settings.user_model import ROLES
from simulator.shapes import (
    COUNT,
    FLAG,
    ID,
    NUMBER,
    OBJECT,
    TEXT,
    WHOLE,
    WORDS,
    Shape,
    an_object,
    array_of,
    choice,
    keyed,
)  # fmt: skip


def _texts(*names: str) -> Keys:
    return dict.fromkeys(names, TEXT)


def _flags(*names: str) -> Keys:
    return dict.fromkeys(names, FLAG)


def shapes() -> dict[str, Shape]:
    return {
        **_organizations(),
        **_users(),
        **_currencies(),
        **_taxes(),
        "PaymentTerm": an_object(payment_terms_id=ID, payment_terms_label=WORDS, payment_terms=WHOLE),
        "Unit": an_object(unit_id=ID, unit=WORDS),
        "SubStatus": an_object(
            status_id=ID, status_code=WORDS, parent_status=choice(*ORDER_STATUSES), display_name=WORDS
        ),
        "CustomField": _custom_field(),
        **_preferences(),
        **_reminders(),
        "CrmHook": an_object(
            "Ours: where Invoice asks for CRM records; the secret is never shown.", is_connected=FLAG, hook_url=TEXT
        ),
    }


def _organizations() -> dict[str, Shape]:
    address = ("street_address1", "street_address2", "city", "state", "country", "zip")
    row: Keys = {
        "organization_id": ID,
        "name": WORDS,
        **_texts("contact_name", "email", "version", "plan_name", "plan_period", "currency_format"),
        **_texts("country", "country_code"),
        **_texts("phone", "fax", "website", "portal_name", "date_format", "language_code"),
        "edition": choice(*EDITIONS),
        "plan_type": WHOLE,
        **_flags("is_default_org", "is_org_active", "tax_group_enabled"),
        "fiscal_year_start_month": WORDS,
        "account_created_date": DAY,
        "account_created_date_formatted": WORDS,
        "time_zone": WORDS,
        "time_zone_formatted": WORDS,
        "address": keyed(_texts(*address)),
        "currency_id": ID,
        "currency_code": WORDS,
        "currency_symbol": WORDS,
        "price_precision": COUNT,
    }
    detail: Keys = {
        **row,
        **dict.fromkeys(DETAILS, TEXT),
        "user_role": choice(*ROLES),
        "custom_fields": array_of(OBJECT),
        **_flags("is_new_customer_custom_fields", "is_portal_enabled"),
    }
    return {
        "Organization": keyed(detail, description="One tenant, with its plan and its base currency."),
        "OrganizationRow": keyed(row, description="A tenant in the list."),
    }


def _users() -> dict[str, Shape]:
    user: Keys = {
        "user_id": ID,
        "role_id": choice(*ROLES),
        "name": WORDS,
        "email": WORDS,
        "user_role": choice(*ROLES),
        "status": choice("active", "inactive", "invited", "deleted"),
        "is_current_user": FLAG,
        "photo_url": TEXT,
    }
    emails = array_of(an_object(email=WORDS, is_selected=FLAG))
    return {
        "User": keyed({**user, "email_ids": emails, "created_time": TIME}, description="A user of an organization."),
        "UserRow": keyed(user, description="A user in the list."),
        "Role": an_object("Ours: a role that users can have.", role_id=choice(*ROLES), role_name=WORDS, is_admin=FLAG),
    }


def _currencies() -> dict[str, Shape]:
    return {
        "Currency": an_object(
            "A currency with the rate that holds today.",
            currency_id=ID,
            currency_code=WORDS,
            currency_name=WORDS,
            currency_name_formatted=WORDS,
            currency_symbol=WORDS,
            price_precision=COUNT,
            currency_format=WORDS,
            is_base_currency=FLAG,
            exchange_rate=NUMBER,
            effective_date=MAYBE_DAY,
        ),
        "ExchangeRate": an_object(
            "A rate that holds from its day until the next one's.",
            exchange_rate_id=ID,
            currency_id=ID,
            currency_code=WORDS,
            effective_date=DAY,
            rate=NUMBER,
        ),
    }


def _taxes() -> dict[str, Shape]:
    return {
        "Tax": keyed(
            {
                "tax_id": ID,
                "tax_name": WORDS,
                "tax_percentage": NUMBER,
                "tax_type": choice("tax", "compound_tax", "tax_group"),
                **_flags("is_default_tax", "is_value_added", "is_editable", "is_inactive"),
                "tax_authority_id": MAYBE_ID,
                "tax_specific_type": TEXT,
            },
            description="A tax; groups stand in the same list.",
        ),
        "TaxGroup": an_object(
            "Taxes that are taken together.",
            tax_group_id=ID,
            tax_group_name=WORDS,
            tax_group_percentage=NUMBER,
            taxes=array_of("Tax", least=1),
        ),
        "TaxExemption": an_object(
            "Why somebody or something is not taxed.",
            tax_exemption_id=ID,
            tax_exemption_code=WORDS,
            description=TEXT,
            type=choice(*TYPES),
            type_formatted=WORDS,
        ),
        "TaxAuthority": an_object(
            "Whom a tax is paid to.",
            tax_authority_id=ID,
            tax_authority_name=WORDS,
            description=TEXT,
            registration_number_label=TEXT,
        ),
    }


def _custom_field() -> Shape:
    return keyed(
        {
            "customfield_id": ID,
            "field_id": ID,
            "module": choice(*ENTITIES),
            "label": WORDS,
            "api_name": WORDS,
            "data_type": choice(*DATA_TYPES),
            "index": COUNT,
            "options": array_of(TEXT),
            **_flags("is_unique", "is_hidden", "show_on_pdf", "show_in_all_pdf", "is_active"),
        },
        description="Ours: what a custom field is.",
    )


def _preferences() -> dict[str, Shape]:
    numbering: Keys = {
        "auto_generate": FLAG,
        "prefix_string": TEXT,
        "start_at": COUNT,
        "next_number": {"type": "string", "pattern": "^[0-9]+$"},
    }
    document: Keys = {
        **numbering,
        "quantity_precision": COUNT,
        "discount_type": choice("entity_level", "item_level", "none"),
        **_flags("is_discount_before_tax", "is_sales_person_required"),
        **_texts("reference_text", "notes", "terms", "invoice_item_type"),
        "discount_enabled": FLAG,
        "default_template_id": ID,
    }
    of_some = _flags(
        *("terms_to_invoice", "notes_to_invoice", "warn_estimate_to_invoice", "is_shipping_charge_required"),
        *("is_adjustment_required", "is_open_invoice_editable", "warn_convert_to_open"),
        *("warn_create_creditnotes", "attach_expense_receipt_to_invoice"),
    )
    field = an_object(index=COUNT, label=WORDS, show_in_all_pdf=FLAG)
    return {
        "Preferences": keyed(
            {
                **_flags("convert_to_invoice", "attach_pdf_for_email", "notify_me_on_online_payment"),
                **_flags("send_payment_receipt_acknowledgement", "auto_notify_recurring_invoice"),
                **_flags("is_estimate_enabled", "is_project_enabled", "is_salesorder_enabled"),
                **_flags("is_purchaseorder_enabled", "is_pricebooks_enabled", "is_show_powered_by"),
                **_flags("snail_mail_include_payment_stub", "attach_expense_receipt_to_invoice"),
                **_flags("attach_payment_receipt_with_acknowledgement"),
                "estimate_approval_status": TEXT,
                "auto_reminders": array_of(OBJECT),
                "terms": keyed(_texts("invoice_terms", "estimate_terms", "creditnote_terms")),
                "address_formats": keyed(_texts("organization_address_format", "customer_address_format")),
            },
            description="What holds in the whole organization. It is kept and shown; nothing depends on it.",
        ),
        "PreferredFields": an_object(
            "Custom fields by what they are of.",
            invoice=array_of(field),
            contact=array_of(field),
            estimate=array_of(field),
        ),
        "DocumentSettings": keyed(document, of_some, "The numbers of a kind of document, and what else holds for it."),
        "NotesAndTerms": an_object(notes=TEXT, terms=TEXT),
        "OpeningBalance": an_object(opening_balance_id=TEXT, date=TEXT, total=NUMBER, accounts=array_of(OBJECT)),
    }


def _reminders() -> dict[str, Shape]:
    texts: Keys = {"subject": WORDS, "body": WORDS}
    return {
        "AutoReminder": keyed(
            {
                "autoreminder_id": ID,
                "is_enabled": FLAG,
                "type": choice("days_before_due_date", "days_after_due_date"),
                "number_of_days": COUNT,
                "order": COUNT,
                "address_type": choice("remind_me", "remind_customer", "remind_customer_and_cc_me"),
                **texts,
            },
            description="A reminder that the vendor sends by itself; here none is.",
        ),
        "Placeholders": {
            "type": "object",
            "description": "What may stand in a text, by what it is about.",
            "additionalProperties": array_of(an_object(name=WORDS, value=WORDS)),
        },
        "ManualReminder": keyed(
            {
                "manualreminder_id": ID,
                "type": choice("overdue_invoices", "open_invoices"),
                "cc_me": FLAG,
                **texts,
            },
            description="The text that a reminder starts from.",
        ),
    }
