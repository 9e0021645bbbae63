"""What all documents share beyond their sums: mail, paper, files, comments, addresses, templates (§5.1, §6.1)."""

import io
import sys
from typing import Any

import pytest

from tests.invoice.conftest import Invoice

KINDS = {"estimates": "estimate", "salesorders": "salesorder", "invoices": "invoice", "creditnotes": "creditnote"}
every_kind = pytest.mark.parametrize("kind", KINDS)


def make(invoice: Invoice, kind: str, name: str = "Acme <&> Söhne") -> tuple[str, str]:
    """The path and number of a fresh document; its customer has an address to mail to."""
    people = [{"first_name": "Jo", "email": "jo@acme.example"}]
    customer = invoice.post("/contacts", {"contact_name": name, "contact_persons": people})["contact"]["contact_id"]
    draft = {"is_draft": True} if kind == "creditnotes" else {}
    lines = [{"name": "<b>Desk</b>", "rate": "12.5", "quantity": 2}]
    made = invoice.post(f"/{kind}", {"customer_id": customer, "line_items": lines, **draft})[KINDS[kind]]
    return f"/{kind}/{made[f'{KINDS[kind]}_id']}", made[f"{KINDS[kind]}_number"]


def raw(invoice: Invoice, method: str, path: str, **how: Any) -> Any:
    headers = {"Authorization": f"Zoho-oauthtoken {invoice.token}", **how.pop("headers", {})}
    return invoice.raw(method, f"/invoice/v3{path}", headers=headers, **how)


def outbox(invoice: Invoice) -> Any:
    return invoice.get("/settings/sentmails")["sent_mails"]


@every_kind
def test_a_mailed_draft_is_sent_and_lies_in_the_outbox_with_its_pdf(invoice: Invoice, kind: str) -> None:
    pytest.importorskip("fpdf")
    path, number = make(invoice, kind)

    invoice.post(f"{path}/email", {"to_mail_ids": ["pay@acme.example"], "subject": "Hello"})

    (mail,) = outbox(invoice)
    assert (mail["to_mail_ids"], mail["subject"], mail["entity"]) == (["pay@acme.example"], "Hello", KINDS[kind])
    assert "Acme &lt;&amp;&gt; Söhne" in mail["body"]
    assert number in mail["body"]
    (file,) = mail["files"]
    assert file["file_name"] == f"{number}.pdf"
    content = raw(invoice, "GET", f"/settings/sentmails/{mail['mail_id']}/files/{file['file_id']}").data
    assert content.startswith(b"%PDF")
    shown = invoice.get(path)[KINDS[kind]]
    assert (shown["status"] in ("sent", "open"), shown["is_emailed"]) == (True, True)


@every_kind
def test_the_content_of_a_mail_can_be_read_before_it_goes(invoice: Invoice, kind: str) -> None:
    path, number = make(invoice, kind)

    data = invoice.get(f"{path}/email")["data"]

    assert number in data["subject"]
    assert [one["email"] for one in data["to_contacts"]] == ["jo@acme.example"]
    other = next(one for one in data["emailtemplates"] if not one["selected"])
    short = invoice.get(f"{path}/email?email_template_id={other['email_template_id']}")["data"]
    assert short["body"] != data["body"]
    assert invoice.refused("GET", f"{path}/email?email_template_id=7")[:2] == (400, 2)


@every_kind
def test_many_are_mailed_at_once_or_none(invoice: Invoice, kind: str) -> None:
    first, second = make(invoice, kind, "A"), make(invoice, kind, "B")
    ids = [path.rpartition("/")[2] for path, _ in (first, second)]
    name = f"{KINDS[kind]}_ids"

    assert invoice.refused("POST", f"/{kind}/email?{name}={ids[0]},7")[0] == 404
    assert outbox(invoice) == []
    invoice.post(f"/{kind}/email?{name}={','.join(ids)}")
    assert len(outbox(invoice)) == 2
    assert invoice.refused("POST", f"/{kind}/email?{name}=x")[:2] == (400, 2)


def test_a_mail_without_a_receiver_is_refused(invoice: Invoice) -> None:
    bill = invoice.add_invoice(invoice.add_contact()["contact_id"])["invoice_id"]

    assert invoice.refused("POST", f"/invoices/{bill}/email")[:2] == (400, 4)
    assert invoice.refused("POST", f"/invoices/{bill}/email", {"to_mail_ids": ["nobody"]})[:2] == (400, 2)
    assert invoice.invoice(bill)["status"] == "draft"


def test_reminders_go_out_for_open_invoices_only_and_are_counted(invoice: Invoice) -> None:
    path, _ = make(invoice, "invoices")

    assert invoice.refused("POST", f"{path}/paymentreminder")[:2] == (400, 90_001)
    invoice.post(f"{path}/status/sent")
    assert "25" in invoice.get(f"{path}/paymentreminder")["data"]["body"]
    invoice.post(f"{path}/paymentreminder")
    invoice.post(f"/invoices/paymentreminder?invoice_ids={path.rpartition('/')[2]}")

    shown = invoice.get(path)["invoice"]
    assert shown["reminders_sent"] == len(outbox(invoice)) == 2
    assert invoice.post(f"{path}/paymentreminder/disable")["message"] == "Reminders stopped."
    assert invoice.get(path)["invoice"]["payment_reminder_enabled"] is False
    assert invoice.post(f"{path}/paymentreminder/enable")["message"] == "Reminders enabled."


@every_kind
def test_a_document_is_printed_as_pdf_and_as_a_page(invoice: Invoice, kind: str) -> None:
    pytest.importorskip("fpdf")
    path, number = make(invoice, kind)
    name, own_id = f"{KINDS[kind]}_ids", path.rpartition("/")[2]

    for pdf in (
        raw(invoice, "GET", f"{path}?accept=pdf"),
        raw(invoice, "GET", path, headers={"Accept": "application/pdf"}),
        raw(invoice, "GET", f"/{kind}/pdf?{name}={own_id}"),
    ):
        assert (pdf.status_code, pdf.mimetype, pdf.data[:4]) == (200, "application/pdf", b"%PDF")
        assert f"{number}.pdf" in pdf.headers["Content-Disposition"]
    for page in (
        raw(invoice, "GET", f"{path}?accept=html"),
        raw(invoice, "GET", f"{path}?print=true"),
        raw(invoice, "GET", f"/{kind}/print?{name}={own_id}"),
    ):
        assert (page.status_code, page.mimetype) == (200, "text/html")
        assert number in page.text
        assert "&lt;b&gt;Desk" in page.text
    assert raw(invoice, "GET", f"{path}?accept=xls").status_code == 406
    assert raw(invoice, "GET", f"/{kind}/pdf?{name}=").status_code == 400


def test_without_the_extra_pdf_is_refused_and_mail_goes_without(
    invoice: Invoice, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, _ = make(invoice, "invoices")
    monkeypatch.setitem(sys.modules, "fpdf", None)
    monkeypatch.setattr("mock_invoice.documents.mail_doors.has_pdf", lambda: False)

    assert invoice.refused("GET", f"{path}?accept=pdf")[:2] == (400, 90_015)
    invoice.post(f"{path}/email")
    assert outbox(invoice)[0]["files"] == []


@every_kind
def test_files_are_attached_read_and_taken_off(invoice: Invoice, kind: str) -> None:
    path, _ = make(invoice, kind)
    sent = {"attachment": (io.BytesIO(b"\x00\xffbytes"), "plan.pdf")}

    assert invoice.refused("GET", f"{path}/attachment")[:2] == (404, 1002)
    assert invoice.refused("POST", f"{path}/attachment")[:2] == (400, 4)
    answer = raw(invoice, "POST", f"{path}/attachment", data=sent, content_type="multipart/form-data")
    assert (answer.status_code, answer.get_json()["message"]) == (200, "Your file has been attached.")
    shown = invoice.get(path)[KINDS[kind]]
    assert (shown["attachment_name"], shown["documents"][0]["file_size"]) == ("plan.pdf", 7)
    assert invoice.get(f"/{kind}")[kind][0]["has_attachment"] is True
    assert raw(invoice, "GET", f"{path}/attachment").data == b"\x00\xffbytes"
    assert raw(invoice, "GET", f"{path}/documents/{shown['documents'][0]['document_id']}").data == b"\x00\xffbytes"

    invoice.put(f"{path}/attachment?can_send_in_mail=true")
    invoice.post(f"{path}/email")
    assert "plan.pdf" in [one["file_name"] for one in outbox(invoice)[0]["files"]]
    message = invoice.delete(f"{path}/attachment")["message"]
    assert message == f"Your file is no longer attached to the {KINDS[kind]}."
    assert invoice.get(path)[KINDS[kind]]["attachment_name"] == ""


@every_kind
def test_comments_and_history_are_read_newest_first(invoice: Invoice, kind: str) -> None:
    path, number = make(invoice, kind)

    comment = invoice.post(f"{path}/comments", {"description": "Call them"})["comment"]

    newest, oldest = invoice.get(f"{path}/comments")["comments"]
    assert (newest["description"], newest["comment_type"]) == ("Call them", "internal")
    assert (oldest["comment_type"], oldest["operation_type"], number in oldest["description"]) == (
        "system",
        "added",
        True,
    )
    assert {"date_description", "time", "transaction_id", "transaction_type", "commented_by"} <= newest.keys()
    one = f"{path}/comments/{comment['comment_id']}"
    assert invoice.put(one, {"description": "Write them"})["comment"]["description"] == "Write them"
    invoice.delete(one)
    assert invoice.refused("DELETE", one)[:2] == (404, 1002)
    assert invoice.refused("DELETE", f"{path}/comments/{oldest['comment_id']}")[:2] == (404, 1002)
    assert invoice.refused("POST", f"{path}/comments", {})[:2] == (400, 4)


@every_kind
def test_address_template_and_approval_doors(invoice: Invoice, kind: str) -> None:
    path, _ = make(invoice, kind)

    answer = invoice.put(f"{path}/address/billing", {"city": "Ulm"})
    assert (answer["message"], answer["billing_address"]["city"]) == ("Billing address updated", "Ulm")
    assert invoice.get(path)[KINDS[kind]]["shipping_address"]["city"] == ""
    template = invoice.get(f"/{kind}/templates")["templates"][1]
    invoice.put(f"{path}/templates/{template['template_id']}")
    assert invoice.get(path)[KINDS[kind]]["template_name"] == template["template_name"]
    assert invoice.refused("PUT", f"{path}/templates/7")[:2] == (404, 1002)
    assert invoice.refused("POST", f"{path}/submit")[:2] == (400, 90_015)
    assert invoice.refused("PUT", f"/{kind}/7/address/billing", {})[:2] == (404, 1002)
