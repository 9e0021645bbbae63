"""Rows of contacts (invoice-api.md §3.1, §3.4)."""

from tests.invoice.endpoints.rows import (
    ANY_STATUS,
    BAD_PAGE,
    INVALID,
    MISSING,
    NO_ID,
    NO_INPUT,
    NO_OBJECT,
    NOTHING_MANDATORY,
    UNKNOWN_ID,
    Own,
    Row,
    about,
    absent,
    bad,
    bad_parameter,
    but,
    gives,
    gone,
    looks,
    makes,
    nowhere,
    refusal,
    says,
    without,
)
from tests.support.answers import Has

ONE = "/contacts/$contact"
CODE = {"X-Unique-Identifier-Key": "cf_code", "X-Unique-Identifier-Value": "C-1"}
NO_KEY = refusal(400, INVALID, "Invalid value passed for X-Unique-Identifier-Key")
TAKEN = refusal(400, 3062, 'The customer "Bolt" already exists. Please specify a different name.')

ROWS = (
    Row(
        "GET /contacts",
        "/contacts?filter_by=Status.Inactive",
        works=gives(
            {
                "contacts.*.contact_id": ["$inactive_contact"],
                "contacts.0.customer_name": "Closed",
                "page_context.report_name": "Contacts",
                "page_context.applied_filter": "Status.Inactive",
                "page_context.sort_column": "contact_name",
            }
        ),
        missing=NOTHING_MANDATORY,
        wrong=(BAD_PAGE, bad_parameter("filter_by"), bad_parameter("sort_column"), bad_parameter("per_page", "0")),
        unknown=NO_ID,
        elsewhere=Own(200, {"contacts": []}),
    ),
    Row(
        "POST /contacts",
        "/contacts",
        body={"contact_name": "Zesty", "contact_persons": [{"first_name": "Di", "email": "di@zesty.example"}]},
        works=makes(
            "The contact has been added.",
            {
                "contact.contact_id": "$made",
                "contact.email": "di@zesty.example",
                "contact.contact_type": "customer",
                "contact.payment_terms_label": "Due on Receipt",
            },
        ),
        then=looks("/contacts/$made", {"contact.contact_name": "Zesty", "contact.first_name": "Di"}),
        missing=without("contact_name"),
        wrong=(bad("contact_name", []), bad("contact_persons"), bad("credit_limit", "much"), NO_OBJECT),
        unknown=(nowhere("currency_id", "Currency"), nowhere("tax_id", "Tax")),
        status=but(TAKEN, body={"contact_name": "Bolt"}),
        elsewhere=Own(201, {"contact.contact_name": "Zesty"}),
    ),
    Row(
        "PUT /contacts",
        "/contacts",
        body={"notes": "Pays late"},
        headers=CODE,
        works=says(
            "Contact information has been saved.", {"contact.contact_id": "$contact", "contact.notes": "Pays late"}
        ),
        then=looks(ONE, {"contact.notes": "Pays late", "contact.contact_name": "Acme"}),
        missing=but(NO_KEY, headers={}),
        wrong=(bad("notes", []), bad("payment_terms", "soon")),
        unknown=but(
            refusal(404, UNKNOWN_ID, "Contact does not exist."), headers={**CODE, "X-Unique-Identifier-Value": "C-0"}
        ),
        status=but(TAKEN, body={"contact_name": "Bolt"}),
        elsewhere=NO_KEY,
    ),
    Row(
        "GET /contacts/{contact_id}",
        ONE,
        works=gives(
            {
                "contact.contact_id": "$contact",
                "contact.contact_name": "Acme",
                "contact.primary_contact_id": "$person",
                "contact.has_transaction": True,
                "contact.custom_field_hash.cf_code": "C-1",
            }
        ),
        missing=NO_INPUT,
        wrong=NO_INPUT,
        unknown=absent("Contact"),
        status=ANY_STATUS,
    ),
    Row(
        "PUT /contacts/{contact_id}",
        ONE,
        body={"website": "acme.example"},
        works=says("Contact information has been saved.", {"contact.website": "acme.example"}),
        then=looks(ONE, {"contact.website": "acme.example", "contact.contact_persons.0.contact_person_id": "$person"}),
        missing=but(refusal(400, MISSING, "Invalid value passed for contact_name"), body={"contact_name": ""}),
        wrong=(bad("website", {}), bad("currency_id"), bad("contact_type", "friend"), NO_OBJECT),
        unknown=(*absent("Contact"), nowhere("currency_id", "Currency")),
        status=but(TAKEN, body={"contact_name": "Bolt"}),
    ),
    Row(
        "DELETE /contacts/{contact_id}",
        "/contacts/$spare_contact",
        works=says("The customer has been deleted."),
        then=gone("/contacts/$spare_contact", "Contact"),
        missing=NO_INPUT,
        wrong=NO_INPUT,
        unknown=absent("Contact"),
        status=about(
            "$spare_contact",
            "$contact",
            refusal(
                400,
                3000,
                '"Acme" cannot be deleted as there are transactions for this contact. Mark the contact as inactive.',
            ),
        ),
    ),
    *(
        Row(
            f"POST /contacts/{{contact_id}}/{status}",
            f"/contacts/{other}/{status}",
            works=says(f"The contact has been marked as {status}."),
            then=looks(f"/contacts/{other}", {"contact.status": status}),
            missing=NO_INPUT,
            wrong=NO_INPUT,
            unknown=absent("Contact"),
            status=ANY_STATUS,
        )
        for status, other in (("active", "$inactive_contact"), ("inactive", "$contact"))
    ),
    *(
        Row(
            f"POST /contacts/{{contact_id}}/paymentreminder/{action}",
            f"{ONE}/paymentreminder/{action}",
            works=says(f"All reminders associated with this contact have been {done}."),
            then=looks(ONE, {"contact.payment_reminder_enabled": action == "enable"}),
            missing=NO_INPUT,
            wrong=NO_INPUT,
            unknown=absent("Contact"),
            status=ANY_STATUS,
        )
        for action, done in (("enable", "enabled"), ("disable", "stopped"))
    ),
    *(
        Row(
            "POST /contacts/{contact_id}/{action}",
            f"{ONE}/{action}",
            works=says(f"1099 tracking is {done}."),
            then=looks(ONE, {"contact.track_1099": done == "enabled"}),
            missing=NO_INPUT,
            wrong=NO_INPUT,
            unknown=absent("Contact"),
            status=ANY_STATUS,
        )
        for action, done in (("track1099", "enabled"), ("untrack1099", "disabled"))
    ),
    Row(
        "POST /contacts/{contact_id}/merge",
        f"{ONE}/merge",
        body={"contact_ids": ["$twin_contact"]},
        works=says("The contacts have been merged.", {"contact.contact_id": "$contact"}),
        then=looks("/contacts/$twin_contact", {"contact.status": "inactive"}),
        missing=without("contact_ids"),
        wrong=(bad("contact_ids"), bad("contact_ids", ["$contact"]), NO_OBJECT),
        unknown=(*absent("Contact"), nowhere("contact_ids.0", "Contact")),
        status=but(
            refusal(400, 90_030, '"Bolt" has another currency and cannot be merged.'),
            body={"contact_ids": ["$spare_contact"]},
        ),
    ),
    Row(
        "GET /contacts/{contact_id}/comments",
        f"{ONE}/comments",
        works=gives({"contact_comments.-1.description": "Contact created", "page_context.sort_column": "date"}),
        missing=NOTHING_MANDATORY,
        wrong=BAD_PAGE,
        unknown=absent("Contact"),
        status=ANY_STATUS,
    ),
    Row(
        "GET /contacts/{contact_id}/refunds",
        f"{ONE}/refunds",
        works=gives({"creditnote_refunds.*.creditnote_refund_id": ["$refund_of_creditnote"], "page_context.page": 1}),
        missing=NOTHING_MANDATORY,
        wrong=BAD_PAGE,
        unknown=absent("Contact"),
        status=ANY_STATUS,
    ),
    Row(
        "GET /contacts/{contact_id}/receivables/unusedretainerpayments",
        f"{ONE}/receivables/unusedretainerpayments",
        works=gives({"unused_retainer_payments": []}),
        missing=NO_INPUT,
        wrong=NO_INPUT,
        unknown=absent("Contact"),
        status=ANY_STATUS,
    ),
    Row(
        "POST /contacts/{contact_id}/email",
        f"{ONE}/email",
        body={"subject": "Hello", "body": "How are you?"},
        works=says("Email has been sent."),
        then=looks(
            "/settings/sentmails", {"sent_mails.0.subject": "Hello", "sent_mails.0.to_mail_ids": ["jo@acme.example"]}
        ),
        missing=(
            without("subject"),
            without("body"),
            about("$contact", "$spare_contact", refusal(400, MISSING, "Invalid value passed for to_mail_ids")),
        ),
        wrong=(bad("to_mail_ids"), bad("to_mail_ids", ["nowhere"]), NO_OBJECT),
        unknown=absent("Contact"),
        status=ANY_STATUS,
    ),
    Row(
        "GET /contacts/{contact_id}/statements",
        f"{ONE}/statements?start_date=2020-01-01&end_date=2020-12-31",
        works=gives({"statement.transactions.0.amount": 100, "statement.transactions.0.date": "2020-01-10"}),
        missing=NOTHING_MANDATORY,
        wrong=(bad_parameter("start_date", "soon"), bad_parameter("end_date", "2019-12-31")),
        unknown=absent("Contact"),
        status=ANY_STATUS,
    ),
    Row(
        "GET /contacts/{contact_id}/statements/email",
        f"{ONE}/statements/email",
        works=gives({"data.contact_id": "$contact", "data.to_contacts.*.email": Has("jo@acme.example")}),
        missing=NOTHING_MANDATORY,
        wrong=bad_parameter("start_date", "soon"),
        unknown=absent("Contact"),
        status=ANY_STATUS,
    ),
    Row(
        "POST /contacts/{contact_id}/statements/email",
        f"{ONE}/statements/email?start_date=2020-01-01&end_date=2020-12-31",
        body={"to_mail_ids": ["ann@acme.example"]},
        works=says("Statement has been sent to the Customer."),
        then=looks("/settings/sentmails", {"sent_mails.0.to_mail_ids": ["ann@acme.example"]}),
        missing=NOTHING_MANDATORY,
        wrong=(bad("to_mail_ids"), bad_parameter("start_date", "soon"), NO_OBJECT),
        unknown=absent("Contact"),
        status=ANY_STATUS,
    ),
    Row(
        "POST /contacts/{contact_id}/portal/enable",
        f"{ONE}/portal/enable",
        body={"contact_persons": [{"contact_person_id": "$other_person"}]},
        works=says("Client Portal preferences have been updated"),
        then=looks(f"{ONE}/contactpersons/$other_person", {"contact_person.is_added_in_portal": True}),
        missing=NOTHING_MANDATORY,
        wrong=(bad("contact_persons"), NO_OBJECT),
        unknown=(*absent("Contact"), nowhere("contact_persons.0.contact_person_id", "Contact person")),
        status=ANY_STATUS,
    ),
)
