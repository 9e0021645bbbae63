"""What the CRM refuses: one class per situation with the vendor's code, status and words (crm-api.md §8)."""

from collections.abc import Sequence
from typing import Any

from mock_crm import versions

Details = dict[str, Any]


class CrmError(Exception):
    """A refusal; the same object serves as the whole answer or as the outcome of one record."""

    code = "INTERNAL_ERROR"
    status = 500
    message = "Internal Server Error"

    def __init__(self, details: Details | None = None, message: str | None = None) -> None:
        super().__init__(self.code)
        self.details = details or {}
        if message is not None:
            self.message = message

    def body(self) -> dict[str, Any]:
        """The error object; before v2.1 it has no `json_path` (crm-api.md §4.3)."""
        details = self.details
        if versions.current() < versions.V2_1:
            details = {key: value for key, value in details.items() if key != "json_path"}
        return {"code": self.code, "details": details, "message": self.message, "status": "error"}


class InternalError(CrmError):
    """A fault of the simulator itself."""


class InvalidToken(CrmError):
    code, status, message = "INVALID_TOKEN", 401, "invalid oauth token"


class AuthenticationFailure(CrmError):
    code, status, message = "AUTHENTICATION_FAILURE", 401, "Authentication failed"


class ScopeMismatch(CrmError):
    code, status, message = "OAUTH_SCOPE_MISMATCH", 401, "invalid oauth scope to access this URL"


class NoPermission(CrmError):
    """The caller's profile lacks a permission."""

    code, status, message = "NO_PERMISSION", 403, "permission denied"

    def __init__(self, *permissions: str) -> None:
        super().__init__({"permissions": list(permissions)})


class InvalidUrl(CrmError):
    code, status = "INVALID_URL_PATTERN", 404
    message = "Please check if the URL trying to access is a correct one"


class InvalidMethod(CrmError):
    """The vendor answers 400 here, not 405 (crm-api.md §8)."""

    code, status = "INVALID_REQUEST_METHOD", 400
    message = "The http request method type is not a valid one"


class InvalidModule(CrmError):
    code, status, message = "INVALID_MODULE", 400, "the module name given seems to be invalid"


class InvalidData(CrmError):
    code, status, message = "INVALID_DATA", 400, "invalid data"


class BodyTooLarge(InvalidData):
    """From memory: what the vendor says to a body beyond his limit is not recorded."""

    status, message = 413, "the request body is too large"


class InvalidId(InvalidData):
    message = "the id given seems to be invalid"


class NotDeleted(InvalidData):
    message = "record not deleted"


class MandatoryNotFound(CrmError):
    code, status, message = "MANDATORY_NOT_FOUND", 400, "required field not found"


class DuplicateData(CrmError):
    code, status, message = "DUPLICATE_DATA", 400, "duplicate data"


class MultipleErrors(CrmError):
    """Several things are wrong with one record."""

    code, status, message = "MULTIPLE_OR_MULTI_ERRORS", 400, "Multiple errors in the request"

    def __init__(self, errors: Sequence[CrmError]) -> None:
        super().__init__()
        self.errors = errors

    def body(self) -> dict[str, Any]:
        self.details = {"errors": [error.body() for error in self.errors]}
        return super().body()


class RequiredParamMissing(CrmError):
    code, status, message = "REQUIRED_PARAM_MISSING", 400, "One of the expected parameter is missing"


class FieldsMissing(RequiredParamMissing):
    """Lists want `fields` from v3 on; here the vendor words it otherwise (crm-api.md §4.1)."""

    message = "required param is missing"


class ExpectedParamMissing(CrmError):
    code, status, message = "EXPECTED_PARAM_MISSING", 400, "one of the expected parameter is missing"


class LimitExceeded(CrmError):
    code, status, message = "LIMIT_EXCEEDED", 400, "limit exceeded"


class LimitReached(CrmError):
    code, status, message = "LIMIT_REACHED", 400, "Maximum response iteration limit reached"


class InvalidQuery(CrmError):
    code, status, message = "INVALID_QUERY", 400, "invalid query formed"


class Ambiguity(CrmError):
    """Two parameters that exclude each other."""

    code, status = "AMBIGUITY_DURING_PROCESSING", 400
    message = "the given parameters cannot be used together"

    def __init__(self, *params: str) -> None:
        super().__init__({"ambiguity_due_to": [{"param_name": name} for name in params]})


class TokenMismatch(CrmError):
    code, status = "TOKEN_BOUND_DATA_MISMATCH", 400
    message = "The page_token given seems to be invalid or input param is added or altered or deleted"

    def __init__(self) -> None:
        super().__init__({"param_name": "page_token"})


class TokenExpired(CrmError):
    code, status, message = "EXPIRED_VALUE", 400, "Page token expired"

    def __init__(self) -> None:
        super().__init__({"api_name": "page_token", "json_path": "$.query.page_token"})


class PageTooFar(CrmError):
    code, status = "DISCRETE_PAGINATION_LIMIT_EXCEEDED", 400
    message = "You can only get the first 2000 records without using page_token param"

    def __init__(self) -> None:
        super().__init__({"limit": 2000})


class TokenTooFar(CrmError):
    code, status = "PAGINATION_LIMIT_EXCEEDED", 400
    message = "You can only get upto 100000 records using page_token param"

    def __init__(self) -> None:
        super().__init__({"param_name": "page_token"})


class UnparsableInput(CrmError):
    code, status = "UNABLE_TO_PARSE_DATA_TYPE", 400
    message = "either the request body or parameters is in wrong format"


class AlreadyModified(CrmError):
    code, status = "ALREADY_MODIFIED", 412
    message = "record updated time has already passed if-unmodified-since time"


class NotSubscribed(CrmError):
    code, status, message = "NOT_SUBSCRIBED", 400, "The given channel is not subscribed"


class NotSupported(CrmError):
    code, status, message = "NOT_SUPPORTED", 400, "This operation is not supported"
