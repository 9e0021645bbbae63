"""`simulator import crm Accounts FILE …` and `simulator import invoice contacts FILE …`."""

import csv
from dataclasses import astuple
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

import click

if TYPE_CHECKING:
    from simulator.csv_import.reading import Plan, Rejected
    from simulator.csv_import.running import Tally, Target

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
@click.option(
    "--duplicates",
    type=click.Choice(["clone", "overwrite", "skip"]),
    default="clone",
    show_default=True,
    help="What becomes of a line whose record is there already, by its name.",
)
@click.option("--dry-run", is_flag=True, help="Check every line and write nothing.")
@click.option("--report", type=click.Path(dir_okay=False, path_type=Path), help="CSV file for the rejected lines.")
@click.option("--world", help="The world to import into; the first one unless given.")
@click.option("--data", type=click.Path(file_okay=False, path_type=Path), help="Folder of the data (var).")
def import_command(product: str, module: str, file: Path, **options: Any) -> None:
    """Import a CSV file into a CRM module (Accounts, Contacts, Potentials …) or into Invoice (contacts, items).

    Columns are matched by their header or by --map; lookups by the name of the record they point to. A line that
    cannot be used is rejected as a whole and told in the report; the others are written.
    """
    from simulator.cli import PlainError
    from simulator.csv_import.reading import ImportRefused, Plan, read_lines
    from simulator.csv_import.running import Tally, run
    from simulator.http import PeerError

    plan = Plan(
        columns=options["columns"],
        translations=options["translate"],
        date_format=options["date_format"],
        add_values=frozenset(options["add_values"]),
        stages=options["add_stage"],
        duplicates=options["duplicates"],
    )
    tally = Tally()
    try:
        report = _opened(options["report"])
        target = _target(product, module, plan, options["data"], options["world"])
        lines, tally.ignored = read_lines(file, target.headers, plan)
        run(target, lines, tally, is_dry=options["dry_run"])
    except (ImportRefused, PeerError) as error:
        raise PlainError(f"{error}{tally.so_far(getattr(error, 'may_have_worked', False))}") from None
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


def _tell(module: str, tally: "Tally", is_dry: bool) -> None:
    from simulator.csv_import.running import LEFT

    verb = "would be written" if is_dry else "written"
    left = f", {tally.count(LEFT)} left alone" if tally.count(LEFT) else ""
    click.echo(f"{module}: {tally.written} lines {verb}{left}, {len(tally.rejected)} rejected.")
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
