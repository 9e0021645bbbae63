"""Carries a trigger's decision out at Invoice, and keeps what the connector knows of potentials and documents."""

from dataclasses import asdict
from decimal import Decimal
from typing import Any

from connector.database import db
from connector.models import LinkedDocument, Op, Potential
from connector.sync.records import Result
from connector.sync.sending import Task, create_once
from connector.triggers import document
from connector.triggers.deciding import Decision
from connector.triggers.reading import Facts
from simulator import clock
from simulator.clients.invoice import InvoiceClient
from simulator.database import put

Invoice = dict[str, Any]

#: How a potential stands after an act that worked.
STANDING_AFTER = {"create": "invoiced", "update": "invoiced", "void": "voided", "reopen": "invoiced"}


class DocumentWork:
    """The acts of triggers on invoices: create, update, void, reopen."""

    def __init__(self, client: InvoiceClient, connection_id: int, crm_org_id: str, organization_id: str) -> None:
        self._client = client
        self._connection_id = connection_id
        self._crm_org_id = crm_org_id
        self._organization_id = organization_id

    def key_of(self, potential_id: str) -> str:
        return document.sync_key(self._crm_org_id, self._organization_id, potential_id)

    def task(self, op: Op) -> Task:
        return Task(
            op_id=op.id,
            kind=op.kind,
            entity=op.entity,
            crm_id=str(op.crm_id),
            name=op.record_name,
            invoice_id=op.invoice_id,
            values=op.payload or {},
            parent_id=None,
            lane=f"potential/{op.crm_id}",
            idem_key=op.idem_key,
        )

    def act(self, task: Task) -> Result:
        """Carries out one op; runs in a sending thread."""
        match task.kind:
            case "create":
                key = str(task.idem_key)
                invoice = create_once(
                    lambda: self._client.upsert_invoice(document.KEY_FIELD, key, task.values),
                    lambda: self._find(key),
                )
                return _done("added", invoice)
            case "void":
                return self._void(task)
            case "reopen" | "update":
                return self._reopen_or_update(task)
        raise AssertionError(f"no act for {task.kind}")

    def act_again(self, task: Task) -> Result:
        """The same for an op whose outcome is unknown: a document that is there already is adopted, not written."""
        if task.kind == "create" and (invoice := self._find(str(task.idem_key))):
            return _done("added", invoice)
        return self.act(task)

    def _find(self, key: str) -> Invoice | None:
        """The document that carries our key, however it came about."""
        row = next(self._client.invoices(custom_field=key), None)
        return self._client.invoice(row["invoice_id"]) if row else None

    def _void(self, task: Task) -> Result:
        current = self._client.invoice(str(task.invoice_id))
        if current is None:
            return Result("skipped", "its invoice is gone in Invoice", invoice_id=task.invoice_id, code="gone")
        if current["status"] not in ("draft", "void"):
            return Result("skipped", "the invoice was marked sent meanwhile", invoice_id=task.invoice_id, code="sent")
        self._client.mark_invoice(str(task.invoice_id), "void")
        return _done("updated", {**current, "status": "void"}, before={"status": current["status"]})

    def _reopen_or_update(self, task: Task) -> Result:
        current = self._client.invoice(str(task.invoice_id))
        if current is None:
            return Result("skipped", "its invoice is gone in Invoice", invoice_id=task.invoice_id, code="gone")
        before = {"status": current["status"], "total": current["total"]}
        if task.kind == "reopen" and current["status"] == "void":
            self._client.mark_invoice(str(task.invoice_id), "draft")
            current = {**current, "status": "draft"}
        if current["status"] != "draft":
            return Result("skipped", "the invoice was marked sent meanwhile", invoice_id=task.invoice_id, code="sent")
        if task.values:
            current = self._client.update_invoice(str(task.invoice_id), task.values)
        return _done("updated", current, before=before)

    def store(self, task: Task, result: Result) -> None:
        """In the transaction of the outcome: how the potential stands now, and its document as last seen."""
        op = db.session.get_one(Op, task.op_id)
        facts = _facts(op.baseline["facts"])
        if result.outcome == "failed":
            if not result.is_unknown:
                decision = Decision(facts, task.kind, "failed", result.reason, document_id=op.invoice_id)
                store_potential(potential_row(self._connection_id, decision))
            return
        worked = result.code is None
        decision = Decision(
            facts,
            task.kind,
            STANDING_AFTER[task.kind] if worked else "let_go",
            op.reason,
            carried=op.baseline["carried"],
            document_id=result.invoice_id,
        )
        row = potential_row(self._connection_id, decision)
        row["voided_by_trigger"] = worked and task.kind == "void"
        store_potential(row)
        if worked and result.after:
            self._store_document(facts.id, str(result.invoice_id), dict(result.after))

    def _store_document(self, potential_id: str, document_id: str, after: dict[str, Any]) -> None:
        db.session.merge(
            LinkedDocument(
                connection_id=self._connection_id,
                document_id=document_id,
                kind="invoice",
                potential_id=potential_id,
                number=after["invoice_number"],
                status=after["status"],
                total=Decimal(str(after["total"])),
                balance=Decimal(str(after["balance"])),
                by_trigger=True,
                as_of=clock.now(),
            )
        )


def _done(outcome: Any, invoice: Invoice, before: dict[str, Any] | None = None) -> Result:
    after = {name: invoice.get(name) for name in ("invoice_number", "status", "total", "balance")}
    return Result(outcome, "", invoice_id=str(invoice["invoice_id"]), before=before, after=after)


def _facts(values: dict[str, Any]) -> Facts:
    amount = values["amount"]
    return Facts(**{**values, "amount": None if amount is None else Decimal(str(amount))})


def potential_row(connection_id: int, decision: Decision) -> dict[str, Any]:
    """The columns of a potential as it was evaluated."""
    facts = asdict(decision.facts)
    return {
        "connection_id": connection_id,
        "crm_id": facts["id"],
        "name": facts["name"],
        "stage": facts["stage"],
        "probability": facts["probability"],
        "amount": facts["amount"] or Decimal(0),
        "outcome": decision.facts.outcome,
        "account_id": facts["account_id"],
        "account_name": facts["account_name"],
        "crm_modified": facts["modified"],
        "standing": decision.standing,
        "reason": decision.reason,
        "document_kind": "invoice" if decision.document_id else None,
        "document_id": decision.document_id,
        "carried": decision.carried,
        "evaluated_at": clock.now(),
    }


def store_potential(row: dict[str, Any]) -> None:
    """Inserts or replaces what is known of a potential; `voided_by_trigger` stays unless it is said."""
    put(Potential, row, ("connection_id", "crm_id"))
