"""Shapes of contacts, their people and addresses, statements, and items (invoice-api.md §3.3, §4, §13)."""

from mock_invoice.openapi.words import DAY, MAYBE_ID, TIME
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

Keys = dict[str, Shape | str]

_STANDING = choice("active", "inactive")
_PORTAL = choice("enabled", "disabled")


def _texts(*names: str) -> Keys:
    return dict.fromkeys(names, TEXT)


def _amounts(*names: str) -> Keys:
    return dict.fromkeys(names, NUMBER)


ADDRESS: Keys = _texts(
    *("attention", "address", "street2", "city", "state", "state_code", "zip", "country", "country_code", "county"),
    *("phone", "fax"),
)
#: What a contact and its row in a list have alike.
_CONTACT: Keys = {
    "contact_id": ID,
    "contact_name": WORDS,
    **_texts("company_name", "website", "language_code", "source", "first_name", "last_name", "email", "phone"),
    **_texts("mobile", "payment_terms_label", "twitter", "facebook", "gst_treatment", "gst_no", "place_of_contact"),
    "contact_type": choice("customer", "vendor"),
    "customer_sub_type": choice("business", "individual"),
    "status": _STANDING,
    "is_linked_with_zohocrm": FLAG,
    "payment_terms": WHOLE,
    "payment_terms_id": MAYBE_ID,
    "currency_id": ID,
    "currency_code": WORDS,
    **_amounts("outstanding_receivable_amount", "outstanding_receivable_amount_bcy"),
    **_amounts("unused_credits_receivable_amount", "unused_credits_receivable_amount_bcy"),
    **_amounts("outstanding_payable_amount", "unused_credits_payable_amount"),
    "portal_status": _PORTAL,
    "custom_fields": array_of("FieldValue"),
    "custom_field_hash": "FieldHash",
    "created_time": TIME,
    "last_modified_time": TIME,
}
#: What an item and its row have alike.
_ITEM: Keys = {
    "item_id": ID,
    "name": WORDS,
    "item_name": WORDS,
    **_texts("unit", "source", "zcrm_product_id", "description", "tax_name", "account_id", "account_name"),
    **_texts("purchase_description", "sku", "image_name"),
    "status": _STANDING,
    "is_linked_with_zohocrm": FLAG,
    **_amounts("rate", "purchase_rate", "tax_percentage"),
    "tax_id": MAYBE_ID,
    "item_type": choice("sales", "purchases", "sales_and_purchases", "inventory"),
    "product_type": choice("goods", "service", "digital_service"),
    **dict.fromkeys(("can_be_sold", "can_be_purchased", "track_inventory", "has_attachment"), FLAG),
    "item_tax_preferences": array_of(OBJECT),
    "tags": array_of(OBJECT),
    "created_time": TIME,
    "last_modified_time": TIME,
}


def shapes() -> dict[str, Shape]:
    return {
        "Contact": keyed({**_CONTACT, **_contact_alone()}, description="A customer or a vendor, with all about him."),
        "ContactRow": keyed(
            {
                **_CONTACT,
                **_texts("customer_name", "vendor_name", "language_code_formatted", "contact_type_formatted"),
                **_texts("portal_status_formatted"),
                "created_time_formatted": DAY,
                "last_modified_time_formatted": DAY,
                "has_attachment": FLAG,
            },
            description="A contact in the list; ids of CRM records are not in it.",
        ),
        "ContactPerson": _person(),
        "Address": keyed({"address_id": MAYBE_ID, **ADDRESS}, description="An address of a contact."),
        "Statement": _statement(),
        "Item": keyed({**_ITEM, **_item_alone()}, description="Something that is sold."),
        "ItemRow": keyed(_ITEM, description="An item in the list."),
    }


def _contact_alone() -> Keys:
    summary = an_object(
        currency_id=ID,
        currency_code=WORDS,
        currency_symbol=WORDS,
        price_precision=COUNT,
        is_base_currency=FLAG,
        currency_name_formatted=WORDS,
        outstanding_receivable_amount=NUMBER,
        unused_credits_receivable_amount=NUMBER,
    )
    documents = ("invoice", "estimate", "creditnote")
    kinds = [f"{one}{kind}" for one in documents for kind in ("", "_email")]
    templates = _texts(*(f"{kind}_template_{what}" for kind in kinds for what in ("id", "name")))
    return {
        **_texts("contact_salutation", "designation", "department", "contact_number", "notes", "created_by_name"),
        **_texts("zcrm_account_id", "zcrm_contact_id", "crm_owner_id", "owner_id", "owner_name", "currency_symbol"),
        **_texts("pricebook_id", "pricebook_name"),
        **dict.fromkeys(("has_transaction", "is_crm_customer", "is_taxable", "track_1099"), FLAG),
        "payment_reminder_enabled": FLAG,
        **dict.fromkeys(("primary_contact_id", "tax_id", "tax_exemption_id"), MAYBE_ID),
        **_amounts("credit_limit", "credit_limit_exceeded_amount", "opening_balance_amount"),
        **_amounts("unused_retainer_payments", "outstanding_payable_amount_bcy", "unused_credits_payable_amount_bcy"),
        "price_precision": COUNT,
        "default_templates": keyed(templates),
        "billing_address": "Address",
        "shipping_address": "Address",
        "addresses": array_of("Address"),
        "contact_persons": array_of("ContactPerson"),
        "created_date": {"type": "string", "examples": ["09 Oct 2026"]},
        "customer_currency_summaries": array_of(summary, least=1),
        **dict.fromkeys(("documents", "cards", "bank_accounts", "tags"), array_of(OBJECT)),
    }


def _person() -> Shape:
    return keyed(
        {
            "contact_person_id": ID,
            "contact_id": ID,
            **_texts("salutation", "first_name", "last_name", "email", "phone", "mobile", "department", "designation"),
            **_texts("skype", "fax", "photo_url", "zcrm_contact_id"),
            **dict.fromkeys(("is_primary_contact", "is_added_in_portal", "can_invite"), FLAG),
            "communication_preference": an_object(is_email_enabled=FLAG),
        },
        description="A person of a contact.",
    )


def _statement() -> Shape:
    row = an_object(
        date=DAY,
        transaction_type=choice("invoice", "write_off", "customer_payment", "creditnote", "refund"),
        transaction_id=ID,
        transaction_number=TEXT,
        amount=NUMBER,
        payment=NUMBER,
        balance=NUMBER,
    )
    return keyed(
        {
            "contact_id": ID,
            "contact_name": WORDS,
            "start_date": DAY,
            "end_date": DAY,
            "currency_id": ID,
            **_texts("currency_code", "currency_symbol"),
            "price_precision": COUNT,
            **_amounts("opening_balance", "invoiced_amount", "amount_received", "balance_due"),
            "transactions": array_of(row),
        },
        description="Ours: a customer's statement of account, in his currency.",
    )


def _item_alone() -> Keys:
    return {
        **_texts("crm_owner_id", "tax_type", "group_id", "hsn_or_sac"),
        **_amounts("sales_rate", "pricebook_rate"),
        "is_taxable": FLAG,
        "unit_id": MAYBE_ID,
        "tax_exemption_id": MAYBE_ID,
        "created_at": TIME,
        "documents": array_of(OBJECT),
        "integration_references": array_of(OBJECT),
        "custom_fields": array_of("FieldValue"),
        "custom_field_hash": "FieldHash",
    }
