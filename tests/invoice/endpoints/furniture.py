"""Fills a company with something of each kind; what others must not have by chance is made here, not taken over."""

from io import BytesIO
from typing import Any

from tests.invoice.conftest import Invoice
from tests.invoice.endpoints.rows import NO_ORGANIZATION, NOBODY

Names = dict[str, str]

#: Kinds that have custom fields, and the address of one.
FIELDED = {
    "contact": "contacts", "item": "items", "estimate": "estimates", "salesorder": "salesorders",
    "invoice": "invoices", "creditnote": "creditnotes", "customer_payment": "customerpayments",
}  # fmt: skip
DOCUMENTS = ("estimate", "salesorder", "invoice", "creditnote")
PICTURE = b"\x89PNG\r\n\x1a\nnot much of a picture"
#: One of the vendor's layouts that cannot be changed.
SPREADSHEET = "410000000000000103"
LONG_AGO, LONG_PAST = "2020-01-10", "2020-02-01"


def furnish(invoice: Invoice) -> Names:
    """The names of everything that is in the company afterwards."""
    names: Names = {"nobody": NOBODY, "no_organization": NO_ORGANIZATION, "spreadsheet": SPREADSHEET, "first": "1"}
    _settings(invoice, names)
    _people(invoice, names)
    _custom_fields(invoice, names)
    _contacts(invoice, names)
    _items(invoice, names)
    _estimates(invoice, names)
    _orders(invoice, names)
    _invoices(invoice, names)
    _recurring(invoice, names)
    _payments(invoice, names)
    _credit_notes(invoice, names)
    _beside_documents(invoice, names)
    return names


def _settings(invoice: Invoice, names: Names) -> None:
    def make(name: str, path: str, key: str, id_key: str, **body: Any) -> None:
        names[name] = invoice.post(f"/settings/{path}", body)[key][id_key]

    (home,) = invoice.get("/organizations")["organizations"]
    names["organization"], names["dollar"] = home["organization_id"], home["currency_id"]
    names["second"] = invoice.post("/organizations", {"name": "Zylker Europe"})["organization"]["organization_id"]
    make("authority", "taxauthorities", "tax_authority", "tax_authority_id", tax_authority_name="Revenue Office")
    make("used_authority", "taxauthorities", "tax_authority", "tax_authority_id", tax_authority_name="Customs")
    make("exemption", "taxexemptions", "tax_exemption", "tax_exemption_id", tax_exemption_code="CHARITY", type="item")
    make("used_exemption", "taxexemptions", "tax_exemption", "tax_exemption_id", tax_exemption_code="R", type="item")
    for name, percentage in (("tax", 5), ("part_tax", 7), ("used_tax", 10)):
        make(name, "taxes", "tax", "tax_id", tax_name=f"Levy {percentage}", tax_percentage=percentage)
    invoice.put(f"/settings/taxes/{names['used_tax']}", {"tax_authority_id": names["used_authority"]})
    make("group", "taxgroups", "tax_group", "tax_group_id", tax_group_name="Both", taxes=names["part_tax"])
    make("used_group", "taxgroups", "tax_group", "tax_group_id", tax_group_name="All", taxes=names["used_tax"])
    make("franc", "currencies", "currency", "currency_id", currency_code="CHF", exchange_rate=1)
    make("yen", "currencies", "currency", "currency_id", currency_code="JPY", exchange_rate="0.01")
    rate = {"effective_date": "2020-01-01", "rate": "1.05"}
    make("rate", f"currencies/{names['franc']}/exchangerates", "exchange_rate", "exchange_rate_id", **rate)
    another = {"effective_date": "2020-02-02", "rate": "1.06"}
    make("other_rate", f"currencies/{names['franc']}/exchangerates", "exchange_rate", "exchange_rate_id", **another)
    make("term", "paymentterms", "payment_term", "payment_terms_id", payment_terms_label="Net 10", payment_terms=10)
    make("unit", "units", "unit", "unit_id", unit="crate")
    for name, shown, parent in (("sub_status", "Packed", "draft"), ("used_sub_status", "On hold", "open")):
        make(name, "substatuses", "sub_status", "status_id", display_name=shown, parent_status=parent)


def _people(invoice: Invoice, names: Names) -> None:
    for one in invoice.get("/users")["users"]:
        names[one["name"].split()[0].lower()] = one["user_id"]
    for status in ("inactive", "invited", "deleted"):
        body = {"name": status.title(), "email": f"{status}@zylker.example"}
        names[f"{status}_user"] = invoice.post("/users", body)["user"]["user_id"]
    for name in ("inactive", "invited"):
        invoice.post(f"/users/{names[f'{name}_user']}/inactive")
    invoice.post(f"/users/{names['invited_user']}/invite")
    invoice.delete(f"/users/{names['deleted_user']}")


def _custom_fields(invoice: Invoice, names: Names) -> None:
    invoice.post("/settings/customfields", {"module": "contact", "label": "Shade"})
    for kind in FIELDED:
        body = {"module": kind, "label": "Code", "api_name": "cf_code", "is_unique": True}
        names[f"code_of_{kind}"] = invoice.post("/settings/customfields", body)["customfield"]["customfield_id"]


CODE = [{"api_name": "cf_code", "value": "C-1"}]


def _contacts(invoice: Invoice, names: Names) -> None:
    people = [
        {"first_name": "Jo", "last_name": "Doe", "email": "jo@acme.example"},
        {"first_name": "Ann", "email": "ann@acme.example"},
    ]
    acme = invoice.add_contact("Acme", contact_persons=people, custom_fields=CODE, payment_terms=30)
    names["contact"], names["billing_address"] = acme["contact_id"], acme["billing_address"]["address_id"]
    names["person"], names["other_person"] = (one["contact_person_id"] for one in acme["contact_persons"])
    address = invoice.post(f"/contacts/{names['contact']}/address", {"city": "Ghent"})["address_info"]
    names["address"] = address["address_id"]
    names["spare_contact"] = invoice.add_contact("Bolt", currency_id=names["yen"])["contact_id"]
    names["twin_contact"] = invoice.add_contact("Acme Ltd")["contact_id"]
    names["inactive_contact"] = invoice.add_contact("Closed")["contact_id"]
    invoice.post(f"/contacts/{names['inactive_contact']}/inactive")


def _items(invoice: Invoice, names: Names) -> None:
    more = {"tax_id": names["used_tax"], "tax_exemption_id": names["used_exemption"], "unit": "hour"}
    names["item"] = invoice.add_item("Desk", 100, is_taxable=False, **more)["item_id"]
    names["spare_item"] = invoice.add_item("Lamp", 20, custom_fields=CODE)["item_id"]
    names["inactive_item"] = invoice.add_item("Ink", 5)["item_id"]
    invoice.post(f"/items/{names['inactive_item']}/inactive")
    invoice.add_item("Chair", 30, tax_id=names["used_group"])
    units = {one["unit"]: one["unit_id"] for one in invoice.get("/settings/units")["units"]}
    names["used_unit"] = units["hour"]
    _upload(invoice, f"/items/{names['spare_item']}/image", "image")


def _upload(invoice: Invoice, path: str, part: str) -> None:
    answer = invoice.raw(
        "POST",
        f"/invoice/v3{path}",
        headers={"Authorization": f"Zoho-oauthtoken {invoice.token}"},
        data={part: (BytesIO(PICTURE), "terms.png", "image/png")},
    )
    assert answer.status_code == 200, answer.data


#: Of each kind a draft is called C-1, and one that takes no edit C-2.
CODES = {
    **{f"draft_{kind}": "C-1" for kind in DOCUMENTS},
    **dict.fromkeys(("invoiced_estimate", "void_salesorder", "void_invoice", "void_creditnote"), "C-2"),
}


def _document(invoice: Invoice, names: Names, name: str, **more: Any) -> Any:
    """A document over 100 for Acme, called by its status and kind: `sent_invoice`."""
    kind = name.rpartition("_")[2]
    body = {"customer_id": names["contact"], "line_items": [{"item_id": names["item"], "quantity": 1}], **more}
    if name in CODES:
        body["custom_fields"] = [{"api_name": "cf_code", "value": CODES[name]}]
    made = invoice.post(f"/{kind}s", body)[kind]
    names[name], names[f"{name}_number"] = made[f"{kind}_id"], made[f"{kind}_number"]
    return made


def _move(invoice: Invoice, names: Names, name: str, *actions: str) -> None:
    for action in actions:
        invoice.post(f"/{name.rpartition('_')[2]}s/{names[name]}/status/{action}")


def _estimates(invoice: Invoice, names: Names) -> None:
    ways = {"draft": (), "sent": ("sent",), "accepted": ("sent", "accepted"), "declined": ("sent", "declined")}
    for status, actions in ways.items():
        _document(invoice, names, f"{status}_estimate")
        _move(invoice, names, f"{status}_estimate", *actions)
    _document(invoice, names, "expired_estimate", date=LONG_AGO, expiry_date=LONG_PAST)
    _document(invoice, names, "invoiced_estimate")
    for name in ("expired_estimate", "invoiced_estimate"):
        _move(invoice, names, name, "sent")
    _document(invoice, names, "converted_invoice", invoiced_estimate_id=names["invoiced_estimate"])


def _orders(invoice: Invoice, names: Names) -> None:
    for status in ("draft", "open", "void", "invoiced", "mapped"):
        _document(invoice, names, f"{status}_salesorder")
    _document(invoice, names, "overdue_salesorder", date=LONG_AGO, shipment_date=LONG_PAST)
    two = [{"item_id": names["item"], "quantity": 2}]
    partial = _document(invoice, names, "partially_invoiced_salesorder", line_items=two)
    for status in ("open", "invoiced", "mapped", "overdue", "partially_invoiced"):
        _move(invoice, names, f"{status}_salesorder", "open")
    _move(invoice, names, "void_salesorder", "void")
    invoice.post(f"/salesorders/{names['open_salesorder']}/substatus/cs_on_hold")
    invoice.post(f"/invoices/fromsalesorder?salesorder_id={names['invoiced_salesorder']}")
    one = {"item_id": names["item"], "quantity": 1, "salesorder_item_id": partial["line_items"][0]["line_item_id"]}
    _document(invoice, names, "ordered_invoice", line_items=[one], salesorder_id=names["partially_invoiced_salesorder"])


def _invoices(invoice: Invoice, names: Names) -> None:
    for status in ("draft", "sent", "partially_paid", "paid", "void", "credited", "part_credited", "written_off"):
        _document(invoice, names, f"{status}_invoice")
    _document(invoice, names, "overdue_invoice", date=LONG_AGO, due_date=LONG_PAST)
    for status in ("sent", "partially_paid", "paid", "credited", "part_credited", "written_off", "overdue"):
        _move(invoice, names, f"{status}_invoice", "sent")
    _move(invoice, names, "void_invoice", "void")
    invoice.post(f"/invoices/{names['written_off_invoice']}/writeoff")


#: None of them is due on the day of the tests.
SCHEDULES = {
    "active": {"start_date": "2090-01-01"},
    "stopped": {"start_date": "2090-01-01"},
    "expired": {"start_date": LONG_AGO, "end_date": LONG_PAST},
}


def _recurring(invoice: Invoice, names: Names) -> None:
    for status, days in SCHEDULES.items():
        body = {"customer_id": names["contact"], "line_items": [{"item_id": names["item"]}], **days}
        body |= {"recurrence_name": f"{status.title()} rent", "recurrence_frequency": "months"}
        made = invoice.post("/recurringinvoices", body)["recurring_invoice"]
        names[f"{status}_recurring"] = made["recurring_invoice_id"]
    invoice.post(f"/recurringinvoices/{names['stopped_recurring']}/status/stop")


def _payments(invoice: Invoice, names: Names) -> None:
    customer = names["contact"]
    partial = invoice.pay(customer, 40, names["partially_paid_invoice"], custom_fields=CODE)
    names["payment"] = partial["payment_id"]
    names["application"] = partial["invoices"][0]["invoice_payment_id"]
    names["full_payment"] = invoice.pay(customer, 100, names["paid_invoice"])["payment_id"]
    names["advance"] = invoice.pay(customer, 50)["payment_id"]
    names["spare_payment"] = invoice.pay(customer, 15)["payment_id"]
    refund = invoice.post(f"/customerpayments/{names['advance']}/refunds", {"amount": 10})["payment_refund"]
    names["refund_of_customerpayment"] = refund["payment_refund_id"]


def _credit_notes(invoice: Invoice, names: Names) -> None:
    for status in ("open", "closed", "void", "applied"):
        _document(invoice, names, f"{status}_creditnote")
    _document(invoice, names, "draft_creditnote", is_draft=True)
    _move(invoice, names, "void_creditnote", "void")
    for status, invoice_name, amount in (("closed", "credited", 100), ("applied", "part_credited", 30)):
        part = {"invoice_id": names[f"{invoice_name}_invoice"], "amount_applied": amount}
        invoice.post(f"/creditnotes/{names[f'{status}_creditnote']}/invoices", {"invoices": [part]})
    (credit,) = invoice.get(f"/invoices/{names['part_credited_invoice']}/creditsapplied")["credits"]
    names["credit"] = credit["creditnotes_invoice_id"]
    refund = invoice.post(f"/creditnotes/{names['applied_creditnote']}/refunds", {"amount": 10})["creditnote_refund"]
    names["refund_of_creditnote"] = refund["creditnote_refund_id"]


#: A document of each status has a comment and a file, but for these.
BARE = {"sent_invoice", "sent_estimate", "open_salesorder", "open_creditnote"}


def _beside_documents(invoice: Invoice, names: Names) -> None:
    """Comments and files, and of each kind one that was mailed."""
    of_kinds = tuple(f"_{kind}" for kind in DOCUMENTS)
    for name in [name for name in names if name.endswith(of_kinds) and "_of_" not in name]:
        kind = name.rpartition("_")[2]
        document = f"/{kind}s/{names[name]}"
        comment = invoice.post(f"{document}/comments", {"description": "Call him"})["comment"]
        names[f"comment_of_{name}"] = comment["comment_id"]
        if name not in BARE:
            _upload(invoice, f"{document}/attachment?can_send_in_mail=true", "attachment")
            names[f"file_of_{name}"] = invoice.get(document)[kind]["documents"][0]["document_id"]
    for name in ("sent_invoice", "open_salesorder", "open_creditnote", "accepted_estimate"):
        kind = name.rpartition("_")[2]
        names[f"mailed_{kind}"] = names[name]
        invoice.post(f"/{kind}s/{names[name]}/email?send_attachment=false")
        mail = invoice.get("/settings/sentmails")["sent_mails"][0]
        names[f"mail_of_{kind}"] = mail["mail_id"]
    names["mail_file"] = mail["files"][0]["file_id"]
