"""Import of CSV files into the modules whose records are made here."""

from functools import partial

from simulator.csv_import.crm import STAGE, CrmImport
from simulator.csv_import.reading import CLONE, ImportRefused, Plan
from web.crm.blueprint import bp
from web.crm.modules import MODULES, Module
from web.errors import NotAllowed
from web.i18n import _
from web.imports.door import OVERWRITTEN, SKIPPED, Door, Into
from web.imports.pages import add_routes
from web.session import crm_client

DUPLICATES = (
    SKIPPED,
    OVERWRITTEN,
    (CLONE, _("Add duplicates as new"), _("Each line makes a record, even if another has its name.")),
)
#: What somebody needs who imports, by what the CRM says of a module.
ACTS = (("creatable", "Create"), ("editable", "Edit"))


def _open(module: Module) -> Into:
    try:
        target = CrmImport(crm_client(), module.api_name, Plan())
    except ImportRefused:  # the module is not among those the person sees
        raise _refused(module, ["View"]) from None
    if missing := [act for key, act in ACTS if not target.about[key]]:
        raise _refused(module, missing)
    labels = {name: str(field["field_label"]).replace("Deal", "Potential") for name, field in target.fields.items()}
    types = {name: field["data_type"] for name, field in target.fields.items()}
    return Into(
        target,
        labels,
        picklists=[name for name, data_type in types.items() if data_type == "picklist" and name != STAGE],
        dates=[name for name, data_type in types.items() if data_type == "date"],
    )


def _refused(module: Module, acts: list[str]) -> NotAllowed:
    """As the CRM itself refuses it."""
    permissions = [f"Crm_Implied_{act}_{module.title}" for act in acts]
    return NotAllowed("crm", 403, "permission denied", "NO_PERMISSION", details={"permissions": permissions})


for _module in (one for one in MODULES.values() if one.is_editable):
    add_routes(bp, Door("crm", _module.endpoint, _module.title, _module.one, DUPLICATES, partial(_open, _module)))
