"""What a bulk read asks for: checked when the job is made, and made into conditions when it is done."""

import base64
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement

from mock_crm import access, state
from mock_crm.bulk import errors
from mock_crm.envelope import id_of
from mock_crm.errors import Ambiguity, InvalidData, TokenExpired, TokenMismatch
from mock_crm.metadata.catalog import Module
from mock_crm.organization.people import User
from mock_crm.organization.permissions import module_permission
from mock_crm.records import view_criteria, views
from mock_crm.records.asked import Asker
from mock_crm.records.criteria import compiled
from simulator import clock, wire

PER_PAGE = 200_000
MOST_PAGES = 500
MOST_JOINS = 2
TOKEN_LIFE = timedelta(hours=24)


@dataclass(frozen=True)
class Query:
    """A bulk read's `query`, whose keys are the vendor's."""

    given: dict[str, Any]
    module: Module
    page: int
    after: int | None

    def conditions(self, user: User) -> list[ColumnElement[bool]]:
        """What the records must fulfil, for a user at this moment.

        Raises:
            CrmError: when the view or the criteria cannot be read (any more).
        """
        found: list[ColumnElement[bool]] = []
        if self.given.get("cvid"):
            view = views.find(self.module, id_of(self.given["cvid"]))
            if view is None:
                raise InvalidData({"api_name": "cvid", "json_path": "$.query.cvid"})
            found += view.conditions
        if self.given.get("criteria"):
            found.append(_criteria(self.given["criteria"], self.module, user))
        return found

    @property
    def names(self) -> list[str]:
        """The columns, the id first."""
        chosen = self.given.get("fields") or [known.api_name for known in self.module.shown_fields]
        return ["id", *(name for name in chosen if name != "id")]

    def token_after(self, record_id: int) -> str:
        """A token for what follows a record; it is bound to the query, but not to its fields or page."""
        ends = int((clock.now() + TOKEN_LIFE).timestamp())
        return base64.urlsafe_b64encode(wire.dumps([_digest(self.given), ends, record_id])).decode().rstrip("=")


def read(given: Any) -> Query:
    """A query as it came in.

    Raises:
        CrmError: for what is wrong with it.
    """
    if not isinstance(given, dict):
        raise errors.BodyNotSupported
    module = module_of(given.get("module"))
    page = given.get("page")
    if page is not None and (type(page) is not int or not 1 <= page <= MOST_PAGES):
        raise errors.PageNotSupported({"page": page if isinstance(page, int | str) else None})
    if page is not None and given.get("page_token"):
        raise Ambiguity("page", "page_token")
    after = _place_of(given["page_token"], _digest(given)) if given.get("page_token") else None
    query = Query(given, module, page or 1, after)
    _check_fields(module, given.get("fields"))
    query.conditions(access.user())
    return query


def module_of(given: Any) -> Module:
    """The module of a job: an object with its api_name, in version 2 a string (crm-api.md §7.2)."""
    if given is None:
        raise errors.MissingRequiredKey({"json_path": "$.query.module"})
    name = given.get("api_name") if isinstance(given, dict) else given
    module = state.catalog().find(name) if isinstance(name, str) else None
    if module is None:
        raise errors.ModuleNotAvailable({"module": name if isinstance(name, str) else None})
    return module


def _check_fields(module: Module, given: Any) -> None:
    if given is None:
        return
    if not isinstance(given, list) or not all(isinstance(name, str) for name in given):
        raise errors.BodyNotSupported
    for name in given:
        path_of(module, name)


def path_of(module: Module, dotted: str) -> list[str]:
    """The lookups on the way to a field, and the field; the user must be allowed to see their modules.

    Raises:
        FieldNotAvailable, JoinLimitExceeded, NoPermission: when it cannot be reached.
    """
    parts = dotted.split(".")
    if len(parts) > MOST_JOINS + 1:
        raise errors.JoinLimitExceeded({"api_name": dotted, "limit": MOST_JOINS})
    here = module
    for place, part in enumerate(parts):
        known = here.fields.get(part)
        if known is None:
            raise errors.FieldNotAvailable({"api_name": dotted, "module": here.api_name})
        if place < len(parts) - 1:
            target = state.catalog().modules.get(known.lookup_module or "")
            if known.data_type != "lookup" or target is None:
                raise errors.FieldNotAvailable({"api_name": dotted, "module": here.api_name})
            access.require(module_permission(target.api_name, "View"))
            here = target
    return parts


def _criteria(given: Any, module: Module, user: User) -> ColumnElement[bool]:
    try:
        return compiled(view_criteria.read(given, module, Asker.of(user), "$.query.criteria"))
    except InvalidData as error:
        raise _refused(error) from None


def _refused(error: InvalidData) -> errors.CrmError:
    """What is wrong with a view's criteria, in the words of this API."""
    words: dict[str, type[errors.CrmError]] = {
        "api_name": errors.FieldInCriteriaNotAvailable,
        "comparator": errors.ComparatorNotCompatible,
        "value": errors.ValueNotCompatible,
    }
    refusal = words.get(str(error.details.get("api_name")), errors.InvalidCriteria)
    path = str(error.details.get("json_path", ""))
    supported: Sequence[str] = error.details.get("supported_values", ())
    return refusal({"json_path": path, **({"supported": list(supported)} if supported else {})})


def _digest(given: dict[str, Any]) -> str:
    bound = {key: given.get(key) for key in ("module", "criteria", "cvid")}
    return hashlib.sha256(wire.dumps([access.user().id, bound])).hexdigest()[:16]


def _place_of(token: Any, digest: str) -> int:
    try:
        bound, ends, record_id = wire.loads(base64.urlsafe_b64decode(f"{token}{'=' * (-len(str(token)) % 4)}"))
    except (ValueError, TypeError):
        raise TokenMismatch from None
    if bound != digest or type(ends) is not int or type(record_id) is not int or not 0 < record_id < 2**63:
        raise TokenMismatch
    if ends < clock.now().timestamp():
        raise TokenExpired
    return record_id
