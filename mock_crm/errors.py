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

    def __init__(self, *params: str, message: str | None = None) -> None:
        super().__init__({"ambiguity_due_to": [{"param_name": name} for name in params]}, message)


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


class AlreadyConverted(CrmError):
    """A converted lead can only be read."""

    code, status, message = "ID_ALREADY_CONVERTED", 400, "id already converted"


class NotSubscribed(CrmError):
    code, status, message = "NOT_SUBSCRIBED", 400, "The given channel is not subscribed"


class NotSupported(CrmError):
    code, status, message = "NOT_SUPPORTED", 400, "This operation is not supported"


class NotAllowed(CrmError):
    code, status, message = "NOT_ALLOWED", 400, "This operation is not allowed"


class CannotDelete(CrmError):
    code, status, message = "CANNOT_DELETE", 400, "The resource cannot be deleted"


class ApiNotSupported(CrmError):
    """The call exists in later versions only."""

    code, status, message = "API_NOT_SUPPORTED", 400, "api version is not supported"

    def __init__(self, since: versions.Version) -> None:
        super().__init__({"supported_version": since[0]})


class ExpectedFieldMissing(CrmError):
    """One of several keys must be given."""

    code, status, message = "EXPECTED_FIELD_MISSING", 400, "One of the required fields is missing"

    def __init__(self, path: str, *names: str) -> None:
        super().__init__({"expected_fields": [{"api_name": name, "json_path": f"{path}.{name}"} for name in names]})
        self.message = f"should contain either {' or '.join(names)}"


class DependentFieldMissing(CrmError):
    """A key that another key in the same object asks for is missing."""

    code, status, message = "DEPENDENT_FIELD_MISSING", 400, "dependent field not found"

    def __init__(self, path: str, name: str, because_of: str, message: str | None = None) -> None:
        dependee = {"api_name": because_of, "json_path": f"{path}.{because_of}"}
        super().__init__({"dependee": dependee, "api_name": name, "json_path": f"{path}.{name}"}, message)


class MinimumDataNotFound(CrmError):
    code, status, message = "MINIMUM_DATA_NOT_FOUND", 400, "minimum data not found"


class ReservedKeyword(CrmError):
    code, status = "RESERVED_KEYWORD_NOT_ALLOWED", 400
    message = "The api_name contains a reserved system keyword. Please choose a different name."


class LicenseLimitExceeded(CrmError):
    code, status, message = "LICENSE_LIMIT_EXCEEDED", 400, "Request exceeds your license limit."


class InvalidRequest(CrmError):
    code, status, message = "INVALID_REQUEST", 400, "The request is invalid"


class AlreadyActive(CrmError):
    code, status, message = "ID_ALREADY_ACTIVE", 400, "User is already active"


class AlreadyDeactivated(CrmError):
    code, status, message = "ID_ALREADY_DEACTIVATED", 400, "User is already deactivated"


class AlreadyDeleted(CrmError):
    code, status, message = "ID_ALREADY_DELETED", 400, "User is already deleted"


class EmailUpdateNotAllowed(CrmError):
    """The spelling of the code is the vendor's."""

    code, status, message = "EMAIL_UPDATE_NOT_ALOWED", 400, "Cannot update email of a confirmed CRM User"


class FeatureNotEnabled(CrmError):
    code, status, message = "FEATURE_NOT_ENABLED", 400, "The feature is not yet enabled."


class CurrenciesNotEnabled(CrmError):
    code, status, message = "CURRENCIES_NOT_ENABLED", 403, "Multi currency is not enabled"


class AlreadyEnabled(CrmError):
    code, status, message = "ALREADY_ENABLED", 400, "The base currency is already added"


class AlreadyUsed(CrmError):
    code, status, message = "ALREADY_USED", 400, "the value is used more than once"
