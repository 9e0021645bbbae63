"""The error table (invoice-api.md §9.2): one class per situation, with the vendor's code and HTTP status.

`verified` says whether the code was seen at the vendor. Codes nobody published are ours: they are taken from
90000–99999, so that nobody mistakes them for real ones, and are answered with HTTP 400 unless §9.1 names a status.
"""

from typing import ClassVar

RESERVED = range(90_000, 100_000)


class ApiError(Exception):
    """A refusal; becomes `{"code": …, "message": …}`."""

    code: ClassVar[int]
    status: ClassVar[int] = 400
    verified: ClassVar[bool] = False

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class InvalidValue(ApiError):
    """A value of the wrong type, or one that is not among the allowed ones."""

    code, verified = 2, True

    def __init__(self, field: str) -> None:
        super().__init__(f"Invalid value passed for {field}")


class MissingValue(ApiError):
    """A required value is missing or empty. [MEM] code 4 or 5; the text is one of the two that are told."""

    code = 4

    def __init__(self, field: str) -> None:
        super().__init__(f"Invalid value passed for {field}")


class InvalidUrl(ApiError):
    """No such path. [MEM]"""

    code, status = 5, 404

    def __init__(self) -> None:
        super().__init__("Invalid URL Passed")


class NotAuthenticated(ApiError):
    """The request carries no token."""

    code, status, verified = 14, 401, True

    def __init__(self) -> None:
        super().__init__(
            "The request could not be authenticated as the authentication value you entered is invalid. "
            "Enter a valid authentication value and try again."
        )


class TooLong(ApiError):
    """A text is longer than its field."""

    code, verified = 15, True

    def __init__(self, field: str, limit: int) -> None:
        super().__init__(f'Please ensure that the "{field}" has less than {limit} characters.')


class MinuteLimit(ApiError):
    """More calls within a minute than an organization may make. The code was seen, the text is [MEM]."""

    code, status, verified = 44, 429, True

    def __init__(self) -> None:
        super().__init__(
            "For security reasons you have been blocked for some time as you have exceeded the maximum number of "
            "requests per minute that can be made from one account."
        )


class DailyLimit(ApiError):
    """The organization has used up its calls of the day."""

    code, status, verified = 45, 429, True

    def __init__(self, limit: int) -> None:
        super().__init__(f"The API call for this organization has exceeded the maximum call rate limit of {limit:,}")


class NotAuthorized(ApiError):
    """A dead or garbled token, or a scope that does not cover the call."""

    code, status, verified = 57, 401, True

    def __init__(self) -> None:
        super().__init__("You are not authorized to perform this operation")


class InternalError(ApiError):
    code, status, verified = 1000, 500, True

    def __init__(self) -> None:
        super().__init__("Internal error")


class ItemExists(ApiError):
    """Another item has this name. [MEM]"""

    code = 1001

    def __init__(self, name: str) -> None:
        super().__init__(f'Item "{name}" already exists.')


class NotFound(ApiError):
    """An id that names nothing in this organization."""

    code, status, verified = 1002, 404, True

    def __init__(self, thing: str = "Resource") -> None:
        super().__init__(f"{thing} does not exist.")


class NotAccessible(ApiError):
    """An inactive customer or item on a new transaction; the vendor's code for unknown ids is used here too."""

    code, status, verified = 1002, 404, True

    def __init__(self, thing: str) -> None:
        super().__init__(f"The {thing} is not accessible")


class MalformedJson(ApiError):
    code, verified = 1038, True

    def __init__(self) -> None:
        super().__init__("JSON is not well formed")


class ConcurrencyLimit(ApiError):
    """More calls at the same time than the plan allows. The code was seen, the text is [MEM]."""

    code, status, verified = 1070, 429, True

    def __init__(self) -> None:
        super().__init__("The maximum number of in process requests has been exceeded. Please try again later.")


class ContactInUse(ApiError):
    """A contact with transactions cannot be deleted. The code was seen, the text not."""

    code, verified = 3000, True

    def __init__(self, name: str) -> None:
        super().__init__(
            f'"{name}" cannot be deleted as there are transactions for this contact. Mark the contact as inactive.'
        )


class ContactExists(ApiError):
    code, verified = 3062, True

    def __init__(self, contact_type: str, name: str) -> None:
        super().__init__(f'The {contact_type} "{name}" already exists. Please specify a different name.')


class NotOfOrganization(ApiError):
    """The organization asked for does not exist, or the user is not one of its users."""

    code, verified = 6041, True

    def __init__(self, organization_id: str) -> None:
        super().__init__(f"This user is not associated with the CompanyID/CompanyName:{organization_id}.")


class InvoicedLine(ApiError):
    """A line of a sales order that is invoiced already, in whole or in part. The code was seen by a client's author."""

    code, verified = 36023, True

    def __init__(self) -> None:
        super().__init__("You are not allowed to update or delete a product which is marked as invoiced.")


# From here on the codes are ours: what the vendor answers is not published.


class StatusRefused(ApiError):
    """A change of status, an edit or a deletion that the present status does not allow."""

    code = 90_001


class NumberTaken(ApiError):
    """Another document of the module has this number."""

    code = 90_002

    def __init__(self, label: str, number: str) -> None:
        super().__init__(f'The {label} "{number}" already exists. Please specify a different number.')


class PaymentRefused(ApiError):
    """A payment that does not fit the invoices it is for."""

    code = 90_003


class InUse(ApiError):
    """A record that others stand on cannot be deleted."""

    code = 90_004


class PersonExists(ApiError):
    """A contact person's email repeats inside the contact."""

    code = 90_005

    def __init__(self, email: str) -> None:
        super().__init__(f'A contact person with the email "{email}" already exists in this contact.')


class SkuTaken(ApiError):
    code = 90_006

    def __init__(self, sku: str) -> None:
        super().__init__(f'An item with the SKU "{sku}" already exists.')


class TooManyCustomFields(ApiError):
    """The eleventh custom field (integration guide: ten custom fields at most)."""

    code = 90_007

    def __init__(self, limit: int) -> None:
        super().__init__(f"You cannot have more than {limit} custom fields here. Delete one to add another.")


class ValueTaken(ApiError):
    """A value of a unique custom field that another record holds."""

    code = 90_008

    def __init__(self, label: str, value: str, holder_id: int) -> None:
        super().__init__(f'The value "{value}" of {label} is already held by {holder_id}.')


class CrmLinkTaken(ApiError):
    """A CRM record can be linked with one record only; the message names the one that holds the link."""

    code = 90_009

    def __init__(self, field: str, value: str, holder_id: int) -> None:
        super().__init__(f"{field} {value} is already linked with {holder_id}.")


class NotConnected(ApiError):
    """No connector has registered its import hook."""

    code = 90_010

    def __init__(self) -> None:
        super().__init__("This organization is not connected to Zoho CRM, so nothing can be imported from there.")


class ImportRefused(ApiError):
    """The connector did not import the record; the message is what it said."""

    code = 90_011


class NumberNeeded(ApiError):
    """Automatic numbering is off, so the number has to come with the request."""

    code = 90_012

    def __init__(self, label: str) -> None:
        super().__init__(f"Please enter a {label}, as numbers are not generated automatically.")


class AmountRefused(ApiError):
    """Amounts that are each fine and together make no document: a discount beyond the sum, a negative total."""

    code = 90_013


class NameTaken(ApiError):
    """A tax, currency, user or custom field that is there already."""

    code = 90_014

    def __init__(self, what: str, name: str) -> None:
        super().__init__(f'The {what} "{name}" already exists.')


class NotAvailable(ApiError):
    """Something the vendor has and this service does not, or not as it is set up: approvals, payment gateways, PDF."""

    code = 90_015


class MergeRefused(ApiError):
    """Contacts that are too unlike to become one."""

    code = 90_030


class RoleRefused(ApiError):
    """The user's role does not allow this (§9.1: 403, no permission)."""

    code, status = 90_403, 403

    def __init__(self) -> None:
        super().__init__("Your role does not permit this operation. Ask an administrator of the organization.")


class MethodRefused(ApiError):
    code, status = 90_405, 405

    def __init__(self) -> None:
        super().__init__("The method is not allowed for this URL.")


class FormatRefused(ApiError):
    code, status = 90_406, 406

    def __init__(self) -> None:
        super().__init__("This format is not available here.")


class RequestRefused(ApiError):
    """A request that does not get as far as a route, for instance one that is too large."""

    code = 90_400
