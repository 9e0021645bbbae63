"""The CRM's errors as faults answer with them (crm-api.md §7.5, §8)."""

from mock_crm import errors
from mock_crm.limits.counting import DAY, HEADER, RateLimitExceeded, TooManyRequests
from simulator.faults.vendor import Hit, VendorError, no_headers

#: What a Free edition has in a day (crm-api.md §7.5); an answer that is made up has no edition of its own.
CREDITS = 5_000
ACTS = {"POST": "Create", "PUT": "Edit", "PATCH": "Edit", "DELETE": "Delete"}


class ServiceUnavailable(errors.CrmError):
    """The code stands in the catalogue, its words do not: they are ours."""

    code, status, message = "SERVICE_UNAVAILABLE", 503, "Service Unavailable"


def _error(error: errors.CrmError, status: int | None = None) -> VendorError:
    return VendorError(error.code, status or error.status, lambda _: error.body())


def _too_many(hit: Hit) -> dict[str, object]:
    return TooManyRequests({"limit": CREDITS, "window": DAY, "retry_after": hit.wait}).body()


def _spent(hit: Hit) -> dict[str, str]:
    """The older headers are from memory [M]."""
    older = {"X-RATELIMIT-LIMIT": str(CREDITS), "X-RATELIMIT-REMAINING": "0", "X-RATELIMIT-RESET": str(hit.wait)}
    return {HEADER: "0", **older}


def _no_permission(hit: Hit) -> dict[str, object]:
    parts = hit.path.split("/")
    module = parts[3] if len(parts) > 3 and parts[1] == "crm" else "Leads"
    return errors.NoPermission(f"Crm_Implied_{ACTS.get(hit.method, 'View')}_{module}").body()


#: The first of a status is what a rule without a code answers with.
VENDOR_ERRORS = (
    VendorError("TOO_MANY_REQUESTS", 429, _too_many, _spent),
    VendorError("RATE_LIMIT_EXCEEDED", 429, lambda _: RateLimitExceeded().body(), no_headers),
    _error(errors.InternalError()),
    _error(ServiceUnavailable(), 502),
    _error(ServiceUnavailable(), 503),
    _error(errors.InvalidToken()),
    _error(errors.AuthenticationFailure()),
    _error(errors.ScopeMismatch()),
    VendorError("NO_PERMISSION", 403, _no_permission),
    _error(errors.InvalidUrl()),
    _error(errors.AlreadyModified()),
    _error(errors.BodyTooLarge()),
    _error(errors.InvalidData()),
    _error(errors.InvalidModule({"resource_path_index": 0})),
    _error(errors.InvalidMethod()),
    _error(errors.NotSupported()),
)
