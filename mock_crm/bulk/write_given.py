"""What a bulk write asks for, checked when the job is made: module, file, key, and which column is which field."""

from dataclasses import asdict, dataclass
from typing import Any

from mock_crm import access, state
from mock_crm.bulk import errors, zips
from mock_crm.bulk.date_formats import pattern_of
from mock_crm.bulk.model import BulkFile
from mock_crm.database import db
from mock_crm.envelope import id_of
from mock_crm.errors import InvalidData, LimitExceeded, MandatoryNotFound, NotSupported
from mock_crm.metadata.catalog import ROW_TYPES, Field, Module

OPERATIONS = {"insert": ("Create",), "update": ("Edit",), "upsert": ("Create", "Edit")}
MOST_MAPPED = 200
MOST_ROWS = 25_000
PATH = "$.resource[0]"


@dataclass(frozen=True)
class Mapping:
    """A column and the field it is for; `find_by` says how a lookup's record is known."""

    api_name: str
    index: int | None
    format: str | None = None
    find_by: str | None = None
    default_value: dict[str, Any] | None = None


@dataclass(frozen=True)
class Asked:
    """A bulk write; kept with its job as JSON."""

    operation: str
    module: str
    file_id: int
    file_name: str
    find_by: str | None
    ignore_empty: bool
    encoding: str
    mappings: tuple[Mapping, ...]

    def kept(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def of_kept(cls, kept: dict[str, Any]) -> "Asked":
        return cls(**{**kept, "mappings": tuple(Mapping(**mapping) for mapping in kept["mappings"])})


def read(given: dict[str, Any]) -> Asked:
    """
    Raises:
        CrmError: for whatever is wrong.
    """
    operation = given.get("operation")
    if operation is None:
        raise MandatoryNotFound({"api_name": "operation", "json_path": "$.operation"})
    if not isinstance(operation, str) or operation not in OPERATIONS:
        supported = list(OPERATIONS)
        raise InvalidData({"api_name": "operation", "json_path": "$.operation", "supported_values": supported})
    resource = _resource(given.get("resource"))
    module = _module(resource.get("module"))
    for act in OPERATIONS[operation]:
        access.require_module(module, act)
    file = _file(resource.get("file_id"))
    name = _name(file, resource.get("file_names"))
    encoding = _encoding(given.get("character_encoding"))
    header = next(iter(zips.rows(file.content, name, encoding, 1)), [])
    mappings = _mappings(resource.get("field_mappings"), module, header)
    find_by = _find_by(resource.get("find_by"), module, operation, mappings)
    if operation != "update":
        _check_mandatory(module, mappings)
    ignores = given.get("ignore_empty") is True or resource.get("ignore_empty") is True
    return Asked(operation, module.api_name, file.id, name, find_by, ignores, encoding, mappings)


def _resource(given: Any) -> dict[str, Any]:
    if given in (None, []):
        raise MandatoryNotFound({"api_name": "resource", "json_path": "$.resource"})
    if not isinstance(given, list) or not isinstance(given[0], dict):
        raise InvalidData({"expected_data_type": "jsonarray", "api_name": "resource", "json_path": "$.resource"})
    if len(given) > 1:  # children of a parent module in files of their own are not emulated
        raise NotSupported({"api_name": "resource", "json_path": "$.resource[1]"})
    if given[0].get("type") != "data":
        raise InvalidData({"api_name": "type", "json_path": f"{PATH}.type", "supported_values": ["data"]})
    return given[0]


def _module(given: Any) -> Module:
    if given is None:
        raise MandatoryNotFound({"api_name": "module", "json_path": f"{PATH}.module"})
    name = given.get("api_name") if isinstance(given, dict) else given
    module = state.catalog().find(name) if isinstance(name, str) else None
    if module is None:
        raise errors.ModuleNotAvailable({"json_path": f"{PATH}.module"})
    return module


def _file(given: Any) -> BulkFile:
    if given is None:
        raise MandatoryNotFound({"api_name": "file_id", "json_path": f"{PATH}.file_id"})
    file = db.session.get(BulkFile, id_of(given) or 0)
    if file is None or file.user_id != access.user().id:
        raise errors.InvalidFileId({"json_path": f"{PATH}.file_id"})
    return file


def _name(file: BulkFile, given: Any) -> str:
    """The CSV file in the zip; only where there are several it must be named."""
    there = zips.names(file.content)
    if given is not None:
        if not isinstance(given, list) or len(given) != 1 or not isinstance(given[0], str):
            raise InvalidData({"api_name": "file_names", "json_path": f"{PATH}.file_names"})
        if given[0] not in there:
            raise errors.FileNotFound({"json_path": f"{PATH}.file_names[0]"})
        return str(given[0])
    if len(there) > 1:
        raise MandatoryNotFound({"api_name": "file_names", "json_path": f"{PATH}.file_names"})
    return there[0]


def _encoding(given: Any) -> str:
    if given is None:
        return "utf-8"
    name = given.lower() if isinstance(given, str) else ""
    if name not in zips.ENCODINGS:
        path = {"api_name": "character_encoding", "json_path": "$.character_encoding"}
        raise InvalidData({**path, "supported_values": list(zips.ENCODINGS)})
    return name


def _mappings(given: Any, module: Module, header: list[str]) -> tuple[Mapping, ...]:
    """Which column is which field; where nothing is said, the header has the fields' names."""
    if given is None:
        given = [{"api_name": name.strip(), "index": place} for place, name in enumerate(header) if name.strip()]
    if not isinstance(given, list) or not given:
        raise InvalidData({"expected_data_type": "jsonarray", "api_name": "field_mappings"})
    if len(given) > MOST_MAPPED:
        raise errors.HeaderLimitExceeded({"limit": MOST_MAPPED})
    return tuple(
        _mapping(item, module, len(header), f"{PATH}.field_mappings[{place}]") for place, item in enumerate(given)
    )


def _mapping(given: Any, module: Module, columns: int, path: str) -> Mapping:
    if not isinstance(given, dict):
        raise InvalidData({"expected_data_type": "jsonobject", "json_path": path})
    known = module.fields.get(given["api_name"]) if isinstance(given.get("api_name"), str) else None
    if known is None or known.data_type in ROW_TYPES or (known.is_read_only and known.api_name != "id"):
        raise errors.InvalidField({"api_name": str(given.get("api_name"))[:100], "json_path": f"{path}.api_name"})
    index, default = given.get("index"), given.get("default_value")
    if default is not None and not (isinstance(default, dict) and isinstance(default.get("value"), str)):
        raise InvalidData({"api_name": "default_value", "json_path": f"{path}.default_value"})
    if (index is None and default is None) or (index is not None and not _is_column(index, columns)):
        raise errors.ColumnIndexNotFound({"json_path": f"{path}.index"})
    written = given.get("format")
    if written is not None:
        if not isinstance(written, str) or known.data_type not in ("date", "datetime"):
            raise errors.InvalidFormat({"json_path": f"{path}.format"})
        pattern_of(written)
    return Mapping(known.api_name, index, written, _lookup_key(known, given.get("find_by"), path), default)


def _is_column(index: Any, columns: int) -> bool:
    return type(index) is int and 0 <= index < columns


def _lookup_key(known: Field, given: Any, path: str) -> str | None:
    """The field by which the record of a lookup is known: its id, or one that is kept as a key."""
    if given is None or known.data_type not in ("lookup", "ownerlookup", "userlookup"):
        return None
    if known.data_type == "lookup":
        target = state.catalog().modules.get(known.lookup_module or "")
        keys = {field.api_name for field in target.keyed_fields} if target is not None else set()
    else:
        keys = {"email"}
    if not isinstance(given, str) or given not in keys | {"id"}:
        raise errors.InvalidField({"api_name": str(given)[:100], "json_path": f"{path}.find_by"})
    return given


def _find_by(given: Any, module: Module, operation: str, mappings: tuple[Mapping, ...]) -> str | None:
    """The field by which records are found that are there already; a column must be mapped to it."""
    path = f"{PATH}.find_by"
    if given is None:
        if operation != "insert":
            raise MandatoryNotFound({"json_path": path}, "Required key find_by is not available")
        return None
    known = module.fields.get(given) if isinstance(given, str) else None
    if known is None or (given != "id" and known not in module.keyed_fields):
        raise errors.InvalidField({"api_name": str(given)[:100], "json_path": path})
    if given not in {mapping.api_name for mapping in mappings}:
        raise errors.MandatoryFieldsNotMapped({"fields": [given]})
    return str(given)


def _check_mandatory(module: Module, mappings: tuple[Mapping, ...]) -> None:
    mapped = {mapping.api_name for mapping in mappings}
    missing = [name for name in module.fields if name in module.required_names and name not in mapped]
    if missing:
        raise errors.MandatoryFieldsNotMapped({"fields": missing})


def check_count(rows: list[list[str]]) -> None:
    """
    Raises:
        LimitExceeded: for a file of more rows than one job may have.
    """
    if len(rows) > MOST_ROWS + 1:
        raise LimitExceeded({"limit": MOST_ROWS})
