"""What several currencies bring into modules: the fields Currency and Exchange Rate (crm-api.md §5.11)."""

from mock_crm import state
from mock_crm.database import insert_rows
from mock_crm.metadata import layout_writing, options
from mock_crm.metadata.catalog import Module, Option
from mock_crm.metadata.model import FieldRow, OptionRow
from mock_crm.metadata.seed import field_row, option_rows
from mock_crm.metadata.standard import MULTI_CURRENCY, MULTI_CURRENCY_MODULES
from simulator import clock, ids

FIELD = MULTI_CURRENCY[0].api_name


def add_everywhere() -> None:
    """Gives the fields to the modules that have them, custom modules with amounts among them."""
    for module in state.catalog().modules.values():
        has_amounts = any(field.data_type == "currency" for field in module.fields.values())
        if module.api_name in MULTI_CURRENCY_MODULES or (module.is_custom and has_amounts):
            add_fields(module)


def add_fields(module: Module) -> None:
    """Adds the fields that the module lacks; their options are the company's active currencies."""
    now = int(clock.now().timestamp())
    for field in MULTI_CURRENCY:
        if field.api_name in module.fields:
            continue
        number = ids.new_id()
        insert_rows(FieldRow, [field_row(module.api_name, field, number, created_time=now)])
        if field.data_type == "picklist":
            codes = [known.iso_code for known in state.people().company.currencies.values() if known.is_active]
            insert_rows(OptionRow, option_rows(number, tuple(codes)))
        state.changed()
        module = state.catalog().modules[module.api_name]
        layout_writing.place_field(module, field.api_name)
    state.changed()


def offer(code: str, is_active: bool) -> None:
    """A currency that is active is an option of the fields Currency, one that is not is out of use there."""
    for module in state.catalog().modules.values():
        field = module.fields.get(FIELD)
        if field is None or field.is_custom or field.data_type != "picklist":
            continue
        now = [option for option in field.options if option.actual_value != code]
        known = next((option for option in field.options if option.actual_value == code), None)
        made = known or Option(ids.new_id(), code, code, 0, None, None)
        place = known.sequence - 1 if known else len(now)
        now.insert(place, options.replaced(made, is_used=is_active))
        options.store(field, now)
    state.changed()
