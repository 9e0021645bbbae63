"""Rows of what is kept for a whole organization, of its outbox, of reports, and of the tie to the CRM
(invoice-api.md §8.5 to §8.7)."""

from decimal import Decimal

from tests.invoice.endpoints.furniture import PICTURE
from tests.invoice.endpoints.rows import (
    ANY_STATUS,
    BAD_PAGE,
    INVALID,
    NO_ID,
    NO_INPUT,
    NO_OBJECT,
    NOT_CONNECTED,
    NOTHING_MANDATORY,
    Own,
    Row,
    about,
    absent,
    bad,
    bad_parameter,
    gives,
    looks,
    nothing,
    nowhere,
    refusal,
    says,
    without,
)
from tests.support.answers import Answer, Has

SAVED = "Your preferences have been saved."
MODULES = {"estimates": "QT-", "salesorders": "SO-", "invoices": "INV-", "creditnotes": "CN-"}
HOOK = "/settings/integrations/zohocrm"
UNCONNECTED = refusal(
    400, NOT_CONNECTED, "This organization is not connected to Zoho CRM, so nothing can be imported from there."
)
VENDORS = refusal(400, 90_011, "Vendors are not synchronized with Zoho CRM.")

PREFERENCES = (
    Row(
        "GET /settings/preferences",
        "/settings/preferences",
        works=gives({"preferences.is_estimate_enabled": True, "customfields.contact.*.label": Has("Code")}),
        missing=NO_INPUT,
        wrong=NO_INPUT,
        unknown=NO_ID,
        elsewhere=Own(200, {"customfields.contact": []}),
    ),
    Row(
        "PUT /settings/preferences",
        "/settings/preferences",
        body={"convert_to_invoice": True, "terms": {"invoice_terms": "Pay"}},
        works=says(SAVED, {"preferences.convert_to_invoice": True}),
        then=looks("/settings/preferences", {"preferences.terms.invoice_terms": "Pay"}),
        missing=NOTHING_MANDATORY,
        wrong=(bad("convert_to_invoice", "maybe"), bad("terms"), NO_OBJECT),
        unknown=NO_ID,
        elsewhere=Own(200, {"preferences.convert_to_invoice": True}),
    ),
    Row(
        "GET /settings/openingbalances",
        "/settings/openingbalances",
        works=gives({"opening_balance.total": 0, "opening_balance.accounts": []}),
        missing=NO_INPUT,
        wrong=NO_INPUT,
        unknown=NO_ID,
        elsewhere=Own(200, {"opening_balance.accounts": []}),
    ),
    *(
        Row(
            "GET /settings/{module}",
            f"/settings/{module}",
            works=gives(
                {f"{module[:-1]}_settings.prefix_string": prefix, f"{module[:-1]}_settings.auto_generate": True}
            ),
            missing=NO_INPUT,
            wrong=NO_INPUT,
            unknown=NO_ID,
            elsewhere=Own(200, {f"{module[:-1]}_settings.start_at": 1}),
        )
        for module, prefix in MODULES.items()
    ),
    *(
        Row(
            "PUT /settings/{module}",
            f"/settings/{module}",
            body={"prefix_string": "Z-", "next_number": "0500", "notes": "Thanks"},
            works=says(SAVED, {f"{module[:-1]}_settings.next_number": "0500"}),
            then=looks(f"/settings/{module}", {f"{module[:-1]}_settings.prefix_string": "Z-"}),
            missing=NOTHING_MANDATORY,
            wrong=(bad("auto_generate", "maybe"), bad("next_number", "many"), bad("discount_type", "big"), NO_OBJECT),
            unknown=NO_ID,
            elsewhere=Own(200, {f"{module[:-1]}_settings.start_at": 500}),
        )
        for module in MODULES
    ),
    *(
        Row(
            "GET /settings/{module}/notesandterms",
            f"/settings/{module}/notesandterms",
            works=gives({"notes_and_terms": {"notes": "", "terms": ""}}),
            missing=NO_INPUT,
            wrong=NO_INPUT,
            unknown=NO_ID,
            elsewhere=Own(200, {"notes_and_terms": {"notes": "", "terms": ""}}),
        )
        for module in MODULES
    ),
    *(
        Row(
            "PUT /settings/{module}/notesandterms",
            f"/settings/{module}/notesandterms",
            body={"notes": "Thanks"},
            works=says(SAVED, {"notes_and_terms": {"notes": "Thanks", "terms": ""}}),
            then=looks(f"/settings/{module}", {f"{module[:-1]}_settings.notes": "Thanks"}),
            missing=NOTHING_MANDATORY,
            wrong=(bad("notes", []), NO_OBJECT),
            unknown=NO_ID,
            elsewhere=Own(200, {"notes_and_terms.notes": "Thanks"}),
        )
        for module in MODULES
    ),
)

#: Reminders are the same three and two in every organization, with the same ids. [DESIGN]
AUTOMATIC, MANUAL = "/settings/autoreminders", "/settings/manualreminders"
REMINDERS = (
    *(
        Row(
            f"GET {path}",
            path,
            works=gives({f"{path[10:]}.*.{path[10:-1]}_id": ids}),
            missing=NO_INPUT,
            wrong=NO_INPUT,
            unknown=NO_ID,
            elsewhere=Own(200, {f"{path[10:]}.*.{path[10:-1]}_id": ids}),
        )
        for path, ids in ((AUTOMATIC, ["1", "2", "3"]), (MANUAL, ["1", "2"]))
    ),
    *(
        Row(
            f"GET {path}/{{reminder_id}}",
            f"{path}/$first",
            works=gives({f"{path[10:-1]}.{path[10:-1]}_id": "1"}),
            missing=NO_INPUT,
            wrong=NO_INPUT,
            unknown=absent("Reminder"),
            elsewhere=Own(200, {f"{path[10:-1]}.{path[10:-1]}_id": "1"}),
        )
        for path in (AUTOMATIC, MANUAL)
    ),
    *(
        Row(
            f"PUT {path}/{{reminder_id}}",
            f"{path}/$first",
            body={"subject": "Pay, please"},
            works=says("Payment reminder has been saved.", {f"{path[10:-1]}.subject": "Pay, please"}),
            then=looks(path, {f"{path[10:]}.0.subject": "Pay, please"}),
            missing=NOTHING_MANDATORY,
            wrong=(bad("subject", []), bad("subject", ""), bad(key, value), NO_OBJECT),
            unknown=absent("Reminder"),
            elsewhere=Own(200, {f"{path[10:-1]}.subject": "Pay, please"}),
        )
        for path, key, value in ((AUTOMATIC, "number_of_days", "many"), (MANUAL, "cc_me", "maybe"))
    ),
    *(
        Row(
            f"POST {AUTOMATIC}/{{reminder_id}}/{{action}}",
            f"{AUTOMATIC}/$first/{action}",
            works=says(f"Payment reminder has been {action}d."),
            then=looks(f"{AUTOMATIC}/$first", {"autoreminder.is_enabled": action == "enable"}),
            missing=NO_INPUT,
            wrong=NO_INPUT,
            unknown=absent("Reminder"),
            elsewhere=Own(200, {}),
        )
        for action in ("enable", "disable")
    ),
)

OUTBOX = (
    Row(
        "POST /invoices/totals",
        "/invoices/totals",
        body={"line_items": [{"name": "Work", "rate": 40, "quantity": 3}], "discount": "10%"},
        works=gives({"totals.sub_total": 120, "totals.total": 108, "totals.currency_code": "USD"}),
        missing=NOTHING_MANDATORY,
        wrong=(bad("line_items"), bad("discount", "much"), NO_OBJECT),
        unknown=(nowhere("customer_id", "Customer"), nowhere("line_items.0.item_id", "Item")),
        elsewhere=Own(200, {"totals.total": 108}),
    ),
    Row(
        "GET /settings/sentmails",
        "/settings/sentmails",
        works=gives({"sent_mails.0.mail_id": "$mail_of_estimate", "sent_mails.0.files.0.file_name": "terms.png"}),
        missing=NOTHING_MANDATORY,
        wrong=BAD_PAGE,
        unknown=NO_ID,
        elsewhere=Own(200, {"sent_mails": []}),
    ),
    Row(
        "GET /settings/sentmails/{mail_id}",
        "/settings/sentmails/$mail_of_estimate",
        works=gives({"sent_mail.to_mail_ids": ["jo@acme.example"], "sent_mail.entity_id": "$mailed_estimate"}),
        missing=NO_INPUT,
        wrong=NO_INPUT,
        unknown=absent("Mail"),
    ),
    Row(
        "GET /settings/sentmails/{mail_id}/files/{file_id}",
        "/settings/sentmails/$mail_of_estimate/files/$mail_file",
        works=Answer(200, {"": PICTURE}),
        missing=NO_INPUT,
        wrong=NO_INPUT,
        unknown=absent("Mail", "File"),
    ),
)

REPORTS = (
    Row(
        "GET /reports/receivables",
        "/reports/receivables?customer_id=$contact",
        works=gives({"currency_code": "USD", "receivables.total": Decimal(330), "receivables.days_over_90": 100}),
        missing=NOTHING_MANDATORY,
        wrong=bad_parameter("date", "soon"),
        status=ANY_STATUS,
        unknown=nothing("customer_id", "Customer"),
    ),
    Row(
        "GET /reports/customers",
        "/reports/customers?customer_id=$contact",
        works=gives({"customers.*.customer_id": ["$contact"], "customers.0.overdue": 100, "page_context.page": 1}),
        missing=NOTHING_MANDATORY,
        wrong=(BAD_PAGE, bad_parameter("date", "soon")),
        status=ANY_STATUS,
        unknown=nothing("customer_id", "Customer"),
    ),
    Row(
        "GET /reports/sales",
        "/reports/sales",
        works=gives({"currency_code": "USD", "conversion.0.step": "sent"}),
        missing=NOTHING_MANDATORY,
        wrong=bad_parameter("date", "soon"),
        status=ANY_STATUS,
        unknown=NO_ID,
        elsewhere=Own(200, {"conversion.*.count": [0, 0, 0, 0]}),
    ),
)

CRM = (
    Row(
        f"GET {HOOK}",
        HOOK,
        works=gives({"zohocrm": {"is_connected": True, "hook_url": "http://connector.test/table"}}),
        missing=NO_INPUT,
        wrong=NO_INPUT,
        unknown=NO_ID,
        elsewhere=Own(200, {"zohocrm": {"is_connected": False, "hook_url": ""}}),
    ),
    Row(
        f"PUT {HOOK}",
        HOOK,
        body={"hook_url": "http://localhost:9/hooks/", "secret": "s"},
        works=says("The integration has been saved.", {"zohocrm.hook_url": "http://localhost:9/hooks"}),
        then=looks(HOOK, {"zohocrm.hook_url": "http://localhost:9/hooks"}),
        missing=(without("hook_url"), without("secret")),
        wrong=(bad("hook_url", "nowhere"), bad("secret", []), NO_OBJECT),
        unknown=NO_ID,
        elsewhere=Own(200, {"zohocrm.is_connected": True}),
    ),
    Row(
        f"DELETE {HOOK}",
        HOOK,
        works=says("The integration has been removed."),
        then=looks(HOOK, {"zohocrm.is_connected": False}),
        missing=NO_INPUT,
        wrong=NO_INPUT,
        unknown=NO_ID,
        elsewhere=Own(200, {"message": "The integration has been removed."}),
    ),
    *(
        Row(
            f"POST /crm/{part}/{{record_id}}/import",
            f"/crm/{kind}/5725767000001/import",
            works=gives({"data": {key: "415725767000001"}}),
            missing=NO_INPUT,
            wrong=about("5725767000001", "a-b", refusal(400, INVALID, f"Invalid value passed for crm_{kind}_id")),
            unknown=about("5725767000001", "404", refusal(400, 90_011, "There is no such record in Zoho CRM.")),
            elsewhere=UNCONNECTED,
        )
        for part, kind, key in (
            ("{kind}", "account", "contact_id"),
            ("{kind}", "contact", "contact_id"),
            ("item", "item", "item_id"),
        )
    ),
    Row(
        "POST /crm/vendor/{record_id}/import",
        "/crm/vendor/5725767000001/import",
        works=VENDORS,
        missing=NO_INPUT,
        wrong=about("5725767000001", "a-b", refusal(400, INVALID, "Invalid value passed for crm_vendor_id")),
        unknown=about("5725767000001", "404", VENDORS),
        elsewhere=UNCONNECTED,
    ),
)

ROWS = (*PREFERENCES, *REMINDERS, *OUTBOX, *REPORTS, *CRM)
