"""What the connector refuses, with the facts as fields: one class for each situation."""

from typing import Any


class ConnectorError(Exception):
    """A request that cannot be served; answered as `{code, message, field, details}`."""

    status = 400
    code = "bad_request"

    def __init__(self, message: str, *, field: str | None = None, **details: Any) -> None:
        super().__init__(message)
        self.message = message
        self.field = field
        self.details = details


class NotSignedIn(ConnectorError):
    """The call carries no token, or one that is not good at Zoho Invoice."""

    status = 401
    code = "not_signed_in"


class NotAllowed(ConnectorError):
    """The person may not do this."""

    status = 403
    code = "not_allowed"


class NotFound(ConnectorError):
    """There is no such record in this world."""

    status = 404
    code = "not_found"


class NotConnected(ConnectorError):
    """Nothing is connected yet, or the connection was disabled."""

    status = 409
    code = "not_connected"


class Conflicting(ConnectorError):
    """The state of the connection does not allow this now; `code` says what is in the way."""

    status = 409

    def __init__(self, code: str, message: str, **details: Any) -> None:
        super().__init__(message, **details)
        self.code = code


class CredentialsRefused(ConnectorError):
    """The CRM did not take the email and ZSC key; `code` is the CRM's word for why."""

    def __init__(self, code: str, message: str, field: str, **details: Any) -> None:
        super().__init__(message, field=field, **details)
        self.code = code


class SettingsRefused(ConnectorError):
    """A setting does not fit, or not together with the others."""

    status = 422
    code = "settings_refused"


class PeerUnavailable(ConnectorError):
    """Zoho CRM or Zoho Invoice does not answer. Not a 5xx: the connector is well, and has tried again already."""

    status = 424
    code = "peer_unavailable"


class RefusedByProduct(ConnectorError):
    """Zoho CRM or Zoho Invoice says no to what the caller asked of it; the message is its own, the status too."""

    def __init__(self, product: str, message: str, status: int, vendor_code: str) -> None:
        super().__init__(message, vendor_code=vendor_code)
        self.code = f"refused_by_{product}"
        self.status = status if status in (403, 404) else 400


class LostLease(Exception):
    """This worker is no longer the owner of the run it works on: whatever it holds must not be written."""


class RunStopped(Exception):
    """The run cannot go on as a whole (wrong credentials, half a listing, a guard); `state` is what it ends in."""

    def __init__(self, reason: str, state: str = "failed") -> None:
        super().__init__(reason)
        self.reason = reason
        self.state = state
