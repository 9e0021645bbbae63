"""`simulator import crm Accounts FILE …` and `simulator import invoice contacts FILE …`."""

import csv
from dataclasses import astuple
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from simulator.csv_import.crm import CrmImport
    from simulator.csv_import.invoice import InvoiceImport
    from simulator.csv_import.reading import Line, Plan, Rejected

    Target = CrmImport | InvoiceImport

BATCH = 100
SHOWN = 10


def pairs(context: click.Context, parameter: click.Parameter, values: tuple[str, ...]) -> dict[str, str]:
    """Options of the form LEFT=RIGHT."""
    found = {}
    for value in values:
        left, equals, right = value.partition("=")
        if not (left and equals and right):
            raise click.BadParameter(f"{value!r} is not of the form LEFT=RIGHT.")
        found[left] = right
    return found


def stages(context: click.Context, parameter: click.Parameter, values: tuple[str, ...]) -> dict[str, int]:
    """Stages of the form NAME=PROBABILITY."""
    found = {}
    for name, text in pairs(context, parameter, values).items():
        if not text.isdecimal() or int(text) > 100:
            raise click.BadParameter(f"{text!r} is no probability from 0 to 100.")
        found[name] = int(text)
    return found


def translations(
    context: click.Context, parameter: click.Parameter, values: tuple[str, ...]
) -> dict[tuple[str, str], str]:
    """Translations of the form FIELD:VALUE=OTHER."""
    found = {}
    for left, right in pairs(context, parameter, values).items():
        field, colon, value = left.partition(":")
        if not colon:
            raise click.BadParameter(f"{left!r} is not of the form FIELD:VALUE=OTHER.")
        found[field, value] = right
    return found


@click.command("import")
@click.argument("product", type=click.Choice(["crm", "invoice"]))
@click.argument("module")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--map", "columns", multiple=True, callback=pairs, help="COLUMN=FIELD, where the header does not say it.")
@click.option("--date-format", default="%Y-%m-%d", show_default=True, help="How dates are written, as for strptime.")
@click.option("--translate", multiple=True, callback=translations, help="FIELD:VALUE=OTHER, to read one as another.")
@click.option("--add-values", multiple=True, metavar="FIELD", help="Picklist field that may get new values.")
@click.option("--add-stage", multiple=True, callback=stages, help="NAME=PROBABILITY, a stage the CRM lacks.")
@click.option("--dry-run", is_flag=True, help="Check every line and write nothing.")
@click.option("--report", type=click.Path(dir_okay=False, path_type=Path), help="CSV file for the rejected lines.")
@click.option("--world", help="The world to import into; the first one unless given.")
@click.option("--data", type=click.Path(file_okay=False, path_type=Path), help="Folder of the data (var).")
def import_command(product: str, module: str, file: Path, **options: Any) -> None:
    """Import a CSV file into a CRM module (Accounts, Contacts, Potentials, Products) or into Invoice (contacts, items).

    Columns are matched by their header or by --map; lookups by the name of the record they point to. A line that
    cannot be used is rejected as a whole and told in the report; the others are written.
    """
    from simulator.cli import PlainError
    from simulator.csv_import.reading import ImportRefused, Plan
    from simulator.http import PeerError

    plan = Plan(
        columns=options["columns"],
        translations=options["translate"],
        date_format=options["date_format"],
        add_values=frozenset(options["add_values"]),
        stages=options["add_stage"],
    )
    try:
        target = _target(product, module, plan, options["data"], options["world"])
        written, rejected, ignored = run(target, file, plan, is_dry=options["dry_run"])
    except (ImportRefused, PeerError) as error:
        raise PlainError(str(error)) from None
    _tell(target.module, written, rejected, ignored, options["dry_run"], options["report"])
    if rejected:
        raise SystemExit(1)


def _target(product: str, module: str, plan: "Plan", data: Path | None, world: str | None) -> "Target":
    from simulator.cli import chosen
    from simulator.clients.base import Grant
    from simulator.clients.crm import CrmClient
    from simulator.clients.invoice import InvoiceClient
    from simulator.csv_import.crm import CrmImport
    from simulator.csv_import.invoice import InvoiceImport
    from simulator.http import Outbound

    hub, world_id = chosen(data, world)
    keys = hub.credentials(world_id)
    url = str(keys[f"{product}_url"])
    outbound = Outbound([url], user_agent="simulator import")
    names = ("client_id", "client_secret", "refresh_token")
    grant = Grant(outbound, url, *(str(keys[name]) for name in names))
    if product == "crm":
        return CrmImport(CrmClient.of_grant(outbound, url, grant), module, plan)
    client: InvoiceClient = InvoiceClient.of_grant(outbound, url, grant)
    client.organization_id = str(keys["organization_id"])
    return InvoiceImport(client, module, plan)


def run(target: "Target", file: Path, plan: "Plan", is_dry: bool) -> "tuple[int, list[Rejected], list[str]]":
    """Imports a file; returns how many lines were (or would be) written, the rejected ones and the ignored columns."""
    from simulator.csv_import.reading import Rejected, read_lines

    lines, ignored = read_lines(file, target.fields, plan)
    rejected: list[Rejected] = []
    waiting: list[Line] = []
    for line in lines:
        if isinstance(line, Rejected):
            rejected.append(line)
        else:
            waiting.append(line)
    target.prepare(is_dry)
    written = 0
    while waiting:
        names = {target.name_of(line) for line in waiting}
        ready = [line for line in waiting if not target.waits_for(line, names)]
        ready = ready or waiting  # lines that wait for each other in a circle: the look-up says what is missing
        done, refused = _write(target, ready, is_dry)
        written += done
        rejected += refused
        taken = {line.number for line in ready}
        waiting = [line for line in waiting if line.number not in taken]
    return written, sorted(rejected, key=lambda row: row.line), ignored


def _write(target: "Target", lines: "list[Line]", is_dry: bool) -> "tuple[int, list[Rejected]]":
    from simulator.csv_import.reading import BadCell, Rejected

    rejected, usable = [], []
    for line in lines:
        try:
            usable.append((line, target.record_of(line)))
        except BadCell as bad:
            rejected.append(Rejected(line.number, bad.column, bad.value, bad.reason))
    if is_dry:
        for line, _ in usable:
            target.pretend(line)
        return len(usable), rejected
    written = 0
    for start in range(0, len(usable), BATCH):
        for refusal in target.write(usable[start : start + BATCH]):
            if refusal is None:
                written += 1
            else:
                rejected.append(refusal)
    return written, rejected


def _tell(
    module: str, written: int, rejected: "list[Rejected]", ignored: list[str], is_dry: bool, report: Path | None
) -> None:
    verb = "would be written" if is_dry else "written"
    click.echo(f"{module}: {written} lines {verb}, {len(rejected)} rejected.")
    if ignored:
        click.echo(f"Columns not imported: {', '.join(ignored)}.")
    for row in rejected[:SHOWN]:
        place = f", {row.column} {row.value!r}" if row.column else ""
        click.echo(f"  line {row.line}{place}: {row.reason}", err=True)
    if len(rejected) > SHOWN:
        click.echo(f"  … and {len(rejected) - SHOWN} more; --report FILE tells all.", err=True)
    if report is not None:
        with report.open("w", newline="", encoding="utf-8") as handle:
            writer = csv.writer(handle)
            writer.writerow(("line", "column", "value", "reason"))
            writer.writerows(astuple(row) for row in rejected)
