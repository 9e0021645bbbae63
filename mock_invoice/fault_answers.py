"""Invoice's errors as faults answer with them (invoice-api.md §1.5, §1.6, §9)."""

from mock_invoice import errors
from simulator.faults.vendor import Hit, VendorError

#: What a free organization has in a day (invoice-api.md §1.6); an answer that is made up has no plan of its own.
CALLS = 1_000


def _error(error: errors.ApiError) -> VendorError:
    return VendorError(str(error.code), error.status, lambda _: {"code": error.code, "message": error.message})


def _limit(error: errors.ApiError) -> VendorError:
    body = {"code": error.code, "message": error.message}
    return VendorError(str(error.code), error.status, lambda _: body, _spent)


def _spent(hit: Hit) -> dict[str, str]:
    budget = {"limit": str(CALLS), "remaining": "0", "reset": str(hit.wait)}
    return {f"x-rate-limit-{name}": value for name, value in budget.items()}


def _throttled(_: Hit) -> dict[str, object]:
    """A client takes the code 43, as text and on HTTP 200, for a throttled call [CLI]; the words are those of 44."""
    return {"code": "43", "message": errors.MinuteLimit().message}


#: The first of a status is what a rule without a code answers with.
VENDOR_ERRORS = (
    _limit(errors.MinuteLimit()),
    _limit(errors.DailyLimit(CALLS)),
    _limit(errors.ConcurrencyLimit()),
    VendorError("43", 200, _throttled, _spent),
    _error(errors.InternalError()),
    _error(errors.NotAuthorized()),
    _error(errors.NotAuthenticated()),
    _error(errors.RoleRefused()),
    _error(errors.NotFound()),
    _error(errors.InvalidUrl()),
    _error(errors.MethodRefused()),
    _error(errors.InvalidValue("JSONString")),
    _error(errors.MalformedJson()),
)
