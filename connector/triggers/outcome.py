"""Carries a trigger's decision out at Invoice, and keeps what the connector knows of potentials and documents."""

from dataclasses import asdict
from decimal import Decimal
from typing import Any

from sqlalchemy import bindparam, select

from connector.database import db
from connector.documents import BY_ENTITY
from connector.models import LinkedDocument, Op, Potential
from connector.sync.records import Result
from connector.sync.sending import Finished, Task, create_once
from connector.triggers import document
from connector.triggers.deciding import Decision
from connector.triggers.reading import Facts
from simulator import clock
from simulator.clients.invoice import InvoiceClient
from simulator.database import connection, put
from simulator.prepared import Prepared

Document = dict[str, Any]

#: How a potential stands after an act that worked.
STANDING_AFTER = {
    "create": {"invoice": "invoiced", "estimate": "estimated"},
    "update": {"invoice": "invoiced", "estimate": "estimated"},
    "void": {"invoice": "voided"},
    "reopen": {"invoice": "invoiced"},
    "accept": {"estimate": "accepted"},
    "decline": {"estimate": "declined"},
}
ANSWERS = {"accept": "accepted", "decline": "declined"}
#: The account that a potential hung on when it was last evaluated.
_ACCOUNT = Prepared(
    select(Potential.__table__.c.account_id).where(
        Potential.__table__.c.connection_id == bindparam("connection_id"),
        Potential.__table__.c.crm_id == bindparam("crm_id"),
    )
)


class DocumentWork:
    """The acts of triggers on their documents: create, update, void and reopen, accept and decline."""

    def __init__(self, client: InvoiceClient, connection_id: int, crm_org_id: str, organization_id: str) -> None:
        self._client = client
        self._connection_id = connection_id
        self._crm_org_id = crm_org_id
        self._organization_id = organization_id

    def key_of(self, decision: Decision) -> str:
        names = (self._crm_org_id, self._organization_id, decision.facts.id)
        return document.sync_key(*names, decision.incarnation, decision.kind)

    def task(self, op: Op) -> Task:
        return Task(
            op_id=op.id,
            kind=op.kind,
            entity=op.baseline.get("kind", "invoice"),
            crm_id=str(op.crm_id),
            name=op.record_name,
            invoice_id=op.invoice_id,
            values=op.payload or {},
            parent_id=None,
            lane=f"potential/{op.crm_id}",
            idem_key=op.idem_key,
            seen={"answer": op.baseline.get("answer")},
        )

    def read(self, kind: str, document_id: str) -> Document | None:
        return self._client.document(BY_ENTITY[kind].path, kind, document_id)

    def act(self, task: Task) -> Result:
        """Carries out one op; runs in a sending thread."""
        match task.kind:
            case "create":
                return _done("added", task.entity, self._create(task))
            case "void":
                return self._void(task)
            case "reopen" | "update":
                return self._reopen_or_update(task)
            case "accept" | "decline":
                return self._answer(task)
        raise AssertionError(f"no act for {task.kind}")

    def act_again(self, task: Task) -> Result:
        """The same for an op whose outcome is unknown: a document that is there already is adopted, not written."""
        if task.kind == "create" and (found := self._find(task)):
            return _done("added", task.entity, found)
        return self.act(task)

    def _create(self, task: Task) -> Document:
        path, key = BY_ENTITY[task.entity].path, str(task.idem_key)
        return create_once(
            lambda: self._client.upsert_document(path, task.entity, document.KEY_FIELD, key, task.values),
            lambda: self._find(task),
        ).record

    def _find(self, task: Task) -> Document | None:
        """The document that carries our key, however it came about."""
        return self._client.document_by_key(BY_ENTITY[task.entity].path, task.entity, str(task.idem_key))

    def _void(self, task: Task) -> Result:
        current = self.read(task.entity, str(task.invoice_id))
        if current is None:
            return _gone(task)
        if current["status"] not in ("draft", "void"):
            return Result("skipped", "the invoice was marked sent meanwhile", invoice_id=task.invoice_id, code="sent")
        self._client.mark_document("invoices", str(task.invoice_id), "void")
        return _done("updated", task.entity, {**current, "status": "void"}, before={"status": current["status"]})

    def _reopen_or_update(self, task: Task) -> Result:
        path = BY_ENTITY[task.entity].path
        current = self.read(task.entity, str(task.invoice_id))
        if current is None:
            return _gone(task)
        before = {"status": current["status"], "total": current["total"]}
        if task.kind == "reopen" and current["status"] == "void":
            self._client.mark_document(path, str(task.invoice_id), "draft")
            current = {**current, "status": "draft"}
        if current["status"] != "draft":
            why = f"the {task.entity} was marked sent meanwhile"
            return Result("skipped", why, invoice_id=task.invoice_id, code="sent")
        if task.values:
            current = self._client.update_document(path, task.entity, str(task.invoice_id), task.values)
        return _done("updated", task.entity, current, before=before)

    def _answer(self, task: Task) -> Result:
        """Accepts or declines an estimate; Invoice takes an answer only for one that was sent (requirement G1)."""
        wanted = ANSWERS[task.kind]
        is_new = task.invoice_id is None
        made = self._find(task) or self._create(task) if is_new else None
        current = made if is_new else self.read(task.entity, str(task.invoice_id))
        if current is None:
            return _gone(task)
        status, document_id = current["status"], str(current["estimate_id"])
        known = (task.seen or {}).get("answer")
        if status == "invoiced" or (status in ANSWERS.values() and status not in (known, wanted)):
            why = "the estimate was answered or converted by a person meanwhile"
            return Result("skipped", why, invoice_id=document_id, code="sent")
        for move in ("sent", wanted) if status == "draft" else (wanted,):
            if status != move:
                self._client.mark_document("estimates", document_id, move)
        done = {**current, "status": wanted}
        return _done("added" if is_new else "updated", task.entity, done, before={"status": status})

    def store(self, finished: Finished) -> None:
        """In the transaction of the outcomes: how the potentials stand now, and their documents as last seen."""
        for task, result in finished:
            self._store(task, result)

    def _store(self, task: Task, result: Result) -> None:
        op = db.session.get_one(Op, task.op_id)
        facts = _facts(op.baseline["facts"])
        if result.outcome == "failed":
            if not result.is_unknown:
                about = {"document_id": op.invoice_id, "kind": task.entity, "incarnation": op.baseline["incarnation"]}
                decision = Decision(facts, task.kind, "failed", result.reason, **about)
                store_potential(potential_row(self._connection_id, decision))
            return
        worked = result.code is None
        decision = Decision(
            facts,
            task.kind,
            STANDING_AFTER[task.kind][task.entity] if worked else "let_go",
            op.reason,
            carried=op.baseline["carried"],
            document_id=result.invoice_id,
            kind=task.entity,
            incarnation=op.baseline["incarnation"],
        )
        row = potential_row(self._connection_id, decision)
        row["voided_by_trigger"] = worked and task.kind == "void"
        if worked and task.kind in ANSWERS:
            row["answer_by_trigger"] = ANSWERS[task.kind]
        store_potential(row)
        if worked and result.after:
            self._store_document(task.entity, facts.id, str(result.invoice_id), dict(result.after))

    def _store_document(self, kind: str, potential_id: str, document_id: str, after: dict[str, Any]) -> None:
        row = {
            "connection_id": self._connection_id,
            "document_id": document_id,
            "kind": kind,
            "potential_id": potential_id,
            "number": after[f"{kind}_number"],
            "status": after["status"],
            "total": Decimal(str(after["total"])),
            "balance": Decimal(str(after["balance"] or 0)),
            "by_trigger": True,
            "as_of": clock.now(),
        }
        put(LinkedDocument, row, ("connection_id", "document_id"))


def _done(outcome: Any, kind: str, record: Document, before: dict[str, Any] | None = None) -> Result:
    after = {name: record.get(name) for name in (f"{kind}_number", "status", "total", "balance")}
    return Result(outcome, "", invoice_id=str(record[f"{kind}_id"]), before=before, after=after)


def _gone(task: Task) -> Result:
    return Result("skipped", f"its {task.entity} is gone in Invoice", invoice_id=task.invoice_id, code="gone")


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
        "document_kind": decision.kind if decision.document_id else None,
        "incarnation": decision.incarnation,
        "document_id": decision.document_id,
        "carried": decision.carried,
        "evaluated_at": clock.now(),
    }


def store_potential(row: dict[str, Any]) -> None:
    """Inserts or replaces what is known of a potential; what its trigger did last stays unless it is said."""
    keys = ("connection_id", "crm_id")
    known = _ACCOUNT.named_rows(connection(), **{name: row[name] for name in keys})
    before = known[0].account_id if known else None
    if before is not None and before != row["account_id"]:
        row = {**row, "former_account_id": before}
    put(Potential, row, keys)
