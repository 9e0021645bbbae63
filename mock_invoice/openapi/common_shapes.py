"""Shapes that all areas use: refusals, pages, custom fields, comments, mails, files."""

from mock_invoice.openapi.bodies import FIELD_VALUE
from mock_invoice.openapi.words import DAY, MAYBE_ID, TIME
from mock_invoice.settings.custom_fields import DATA_TYPES, ENTITIES
from simulator.shapes import (
    COUNT,
    FLAG,
    ID,
    NUMBER,
    OBJECT,
    POSITIVE,
    TEXT,
    WORDS,
    Shape,
    an_object,
    array_of,
    choice,
    either,
    keyed,
)  # fmt: skip

_PAGE: dict[str, Shape | str] = {
    "page": {"type": "integer", "minimum": 1},
    "per_page": {"type": "integer", "minimum": 1, "maximum": 200},
    "has_more_page": FLAG,
    "sort_column": TEXT,
    "sort_order": choice("A", "D", ""),
}
_CRITERION = an_object(column_name=WORDS, search_text=TEXT, search_text_formatted=TEXT, comparator=WORDS)
_SUMS = an_object(bcy_total=NUMBER, bcy_balance=NUMBER)
#: Of a comment and of an entry of a contact's history.
_SAID: dict[str, Shape | str] = {
    "comment_id": ID,
    "description": TEXT,
    "commented_by_id": ID,
    "commented_by": TEXT,
    "comment_type": choice("system", "internal", "client"),
    "date": DAY,
    "date_description": WORDS,
    "time": {"type": "string", "pattern": "^[0-9]{1,2}:[0-9]{2} [AP]M$"},
    "operation_type": WORDS,
    "transaction_id": MAYBE_ID,
    "transaction_type": WORDS,
}


def shapes() -> dict[str, Shape]:
    return {
        "Error": an_object(
            "A refusal. `code` is the vendor's, or one of ours from 90000 on.", code=POSITIVE, message=WORDS
        ),
        "PageContext": keyed(
            _PAGE,
            {"report_name": TEXT, "applied_filter": TEXT, "as_of_date": TEXT, "to_date": TEXT},
            "Where a page stands; clients go on until `has_more_page` is false.",
        ),
        "ListContext": keyed(
            {**_PAGE, "report_name": WORDS, "applied_filter": WORDS, "custom_fields": array_of(OBJECT)},
            {"search_criteria": array_of(_CRITERION), "search_text": TEXT, "total": COUNT, "sum_columns": _SUMS},
            "Where a page stands, and what it was filtered by.",
        ),
        "SumContext": keyed(
            {}, {"total": COUNT, "sum_columns": _SUMS}, "What `response_option` 2 and 3 give: no rows."
        ),
        "FieldValue": _field_value(),
        "FieldValueToSend": FIELD_VALUE,
        "FieldHash": {
            "type": "object",
            "description": "Custom fields by api_name as people read them, and with `_unformatted` as they are stored.",
            "additionalProperties": either(TEXT, NUMBER, FLAG),
        },
        "Comment": keyed(
            {**_SAID, "show_comment_to_clients": FLAG},
            dict.fromkeys(("estimate_id", "salesorder_id", "invoice_id", "creditnote_id", "recurring_invoice_id"), ID),
            "A comment of a document, or something that happened to it. Whose it is stands under the kind's own key.",
        ),
        "ContactComment": keyed(
            {**_SAID, "contact_id": ID, "contact_name": TEXT, "is_entity_deleted": FLAG},
            description="Something that was done to a contact, or made for it.",
        ),
        "File": an_object(
            "A file attached to a document.",
            document_id=ID,
            file_name=WORDS,
            file_type=TEXT,
            file_size=COUNT,
            can_send_in_mail=FLAG,
            attachment_order=POSITIVE,
        ),
        "Template": an_object(template_id=ID, template_name=WORDS, template_type=WORDS),
        **_mails(),
    }


def _field_value() -> Shape:
    return an_object(
        "A value of a custom field.",
        customfield_id=ID,
        field_id=ID,
        api_name=WORDS,
        placeholder=WORDS,
        label=WORDS,
        index=COUNT,
        data_type=choice(*DATA_TYPES),
        is_active=FLAG,
        is_hidden=FLAG,
        show_on_pdf=FLAG,
        show_in_all_pdf=FLAG,
        search_entity=choice(*ENTITIES),
        value=either(TEXT, NUMBER, FLAG),
        value_formatted=TEXT,
    )


def _mails() -> dict[str, Shape]:
    receiver = an_object(
        contact_person_id=ID,
        salutation=TEXT,
        first_name=TEXT,
        last_name=TEXT,
        email=WORDS,
        phone=TEXT,
        mobile=TEXT,
        selected=FLAG,
    )
    sender: dict[str, Shape | str] = {"user_name": TEXT, "email": WORDS, "selected": FLAG, "is_org_email_id": FLAG}
    shared: dict[str, Shape | str] = {
        "subject": WORDS,
        "body": WORDS,
        "to_contacts": array_of(receiver),
        "file_name": WORDS,
        "error_list": array_of(TEXT),
    }
    template = an_object(name=WORDS, email_template_id=ID, selected=FLAG)
    file = an_object(file_id=ID, file_name=WORDS, content_type=WORDS, size=COUNT)
    return {
        "MailContent": keyed(
            {
                **shared,
                "from_emails": array_of(keyed({**sender, "organization_contact_id": MAYBE_ID})),
                "emailtemplates": array_of(template),
                "attachment_name": WORDS,
                "file_name_without_extension": WORDS,
                "customer_id": ID,
                "customer_name": WORDS,
                "gateways_configured": FLAG,
                "gateways_associated": FLAG,
                "deprecated_placeholders_used": array_of(TEXT),
                "attach_pdf": FLAG,
            },
            description="What the screen for writing a mail starts from.",
        ),
        "StatementMailContent": keyed(
            {
                **shared,
                "from_emails": array_of(keyed(sender)),
                "emailtemplates": array_of(template),
                "contact_id": ID,
                "is_org_email_id": FLAG,
            },
            description="The same for the mail with a statement.",
        ),
        "MailTold": keyed(
            {
                "mailhistory_id": ID,
                "from": WORDS,
                "to_mail_ids": WORDS,
                "subject": WORDS,
                "date": DAY,
                "type": choice("sent"),
            },
            description="A mail that went out with a document.",
        ),
        "SentMail": keyed(
            {
                "mail_id": ID,
                "entity": WORDS,
                "entity_id": ID,
                "customer_id": ID,
                "from": WORDS,
                "to_mail_ids": array_of(WORDS),
                "cc_mail_ids": array_of(WORDS),
                "subject": WORDS,
                "body": WORDS,
                "sent_time": TIME,
                "files": array_of(file),
            },
            description="Ours: a mail as it would have gone out.",
        ),
    }
