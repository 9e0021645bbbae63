"""`simulator import crm Accounts FILE …` and `simulator import invoice contacts FILE …`."""

import csv
from dataclasses import astuple, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

import click

if TYPE_CHECKING:
    from simulator.csv_import.crm import CrmImport
    from simulator.csv_import.invoice import InvoiceImport
    from simulator.csv_import.reading import Line, Plan, Rejected

    Target = CrmImport | InvoiceImport

BATCH = 100
SHOWN = 10


@dataclass
class Tally:
    """How far an import came.

    Attributes:
        written: lines that are in the product now (or would be, in a dry run).
        ignored: columns that were not imported.
    """

    written: int = 0
    rejected: "list[Rejected]" = field(default_factory=list)
    ignored: list[str] = field(default_factory=list)


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
    tally = Tally()
    try:
        report = _opened(options["report"])
        target = _target(product, module, plan, options["data"], options["world"])
        run(target, file, plan, tally, is_dry=options["dry_run"])
    except (ImportRefused, PeerError) as error:
        raise PlainError(f"{error}{_so_far(tally, getattr(error, 'may_have_worked', False))}") from None
    _tell(target.module, tally, options["dry_run"])
    if report is not None:
        _write_report(report, tally.rejected)
    if tally.rejected:
        raise SystemExit(1)


def _opened(report: Path | None) -> TextIO | None:
    """The report is opened before anything is written, so that it cannot turn out too late that it cannot be."""
    if report is None:
        return None
    from simulator.csv_import.reading import ImportRefused

    try:
        return report.open("w", newline="", encoding="utf-8")
    except OSError as error:
        raise ImportRefused(f"The report {report} cannot be written: {error.strerror}.") from None


def _so_far(tally: Tally, is_unsure: bool) -> str:
    """What stands in the product already when an import stops in the middle."""
    if not tally.written and not is_unsure:
        return ""
    more = f"; the {BATCH} after them may have been" if is_unsure else ""
    return f" {tally.written} lines had been written by then{more}."


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


def run(target: "Target", file: Path, plan: "Plan", tally: Tally, is_dry: bool) -> None:
    """Imports a file; `tally` tells how far it came, whatever happens."""
    from simulator.csv_import.reading import Rejected, read_lines

    lines, tally.ignored = read_lines(file, target.fields, plan)
    waiting: list[Line] = []
    for line in lines:
        if isinstance(line, Rejected):
            tally.rejected.append(line)
        else:
            waiting.append(line)
    target.prepare(is_dry)
    while waiting:
        names = {target.name_of(line) for line in waiting}
        ready = [line for line in waiting if not target.waits_for(line, names)]
        ready = ready or waiting  # lines that wait for each other in a circle: the look-up says what is missing
        _write(target, ready, tally, is_dry)
        taken = {line.number for line in ready}
        waiting = [line for line in waiting if line.number not in taken]
    tally.rejected.sort(key=lambda row: row.line)


def _write(target: "Target", lines: "list[Line]", tally: Tally, is_dry: bool) -> None:
    from simulator.csv_import.reading import BadCell, Rejected

    usable = []
    for line in lines:
        try:
            usable.append((line, target.record_of(line)))
        except BadCell as bad:
            tally.rejected.append(Rejected(line.number, bad.column, bad.value, bad.reason))
    if is_dry:
        for line, _ in usable:
            target.pretend(line)
        tally.written += len(usable)
        return
    for start in range(0, len(usable), BATCH):
        for refusal in target.write(usable[start : start + BATCH]):
            if refusal is None:
                tally.written += 1
            else:
                tally.rejected.append(refusal)


def _tell(module: str, tally: Tally, is_dry: bool) -> None:
    verb = "would be written" if is_dry else "written"
    click.echo(f"{module}: {tally.written} lines {verb}, {len(tally.rejected)} rejected.")
    if tally.ignored:
        click.echo(f"Columns not imported: {', '.join(tally.ignored)}.")
    for row in tally.rejected[:SHOWN]:
        place = f", {row.column} {row.value!r}" if row.column else ""
        click.echo(f"  line {row.line}{place}: {row.reason}", err=True)
    if len(tally.rejected) > SHOWN:
        click.echo(f"  … and {len(tally.rejected) - SHOWN} more; --report FILE tells all.", err=True)


def _write_report(report: TextIO, rejected: "list[Rejected]") -> None:
    with report:
        writer = csv.writer(report)
        writer.writerow(("line", "column", "value", "reason"))
        writer.writerows(astuple(row) for row in rejected)
