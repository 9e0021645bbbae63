"""Mails of the connector, in an outbox of its own: a run with failures is told to who connected (requirement S9)."""

from connector import history
from connector.database import db
from connector.models import Connection, Mail, Run
from simulator import clock

REASONS_TOLD = 10


def tell_of_failures(connection: Connection, run: Run, failed: int) -> None:
    """Puts the mail about a run into the outbox, in the transaction that closes the run."""
    what = f"{failed} record{'s' if failed != 1 else ''} could not be synced" if failed else "the sync did not complete"
    rows = [row for row in history.reasons_of(run) if row["outcome"] == "failed"]
    lines = [f"{row['count']} x {row['entity']}: {row['reason']}" for row in rows[:REASONS_TOLD]]
    if len(rows) > REASONS_TOLD:
        lines.append(f"and {len(rows) - REASONS_TOLD} more reasons")
    body = [
        f"Run {run.id} between Zoho CRM of {connection.crm_org_name} and {connection.organization_name}: {what}.",
        *([run.reason] if run.reason else []),
        "",
        *lines,
        "",
        "Show sync history has each record, with Retry.",
    ]
    db.session.add(
        Mail(
            connection_id=connection.id,
            run_id=run.id,
            to=connection.email,
            subject=f"Zoho CRM sync: {what}",
            body="\n".join(body),
            sent_at=clock.now(),
        )
    )


def shown_mail(mail: Mail, *, whole: bool = False) -> dict[str, object]:
    sent_at = mail.sent_at.isoformat(timespec="seconds")
    shown = {"id": mail.id, "run_id": mail.run_id, "to": mail.to, "subject": mail.subject, "sent_at": sent_at}
    return shown | {"body": mail.body} if whole else shown
