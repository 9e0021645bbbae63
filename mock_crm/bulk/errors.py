"""What the bulk APIs refuse, in words of their own (crm-api.md §7.2); the codes are the vendor's, the texts ours."""

from mock_crm.errors import CrmError


class BodyNotSupported(CrmError):
    code, status, message = "REQUEST_BODY_NOT_SUPPORTED", 400, "request body contains invalid format"


class MissingRequiredKey(CrmError):
    code, status, message = "MISSING_REQUIRED_KEY", 400, "A required key is missing"


class ModuleNotAvailable(CrmError):
    code, status, message = "MODULE_NOT_AVAILABLE", 400, "The given module is not available"


class FieldNotAvailable(CrmError):
    code, status, message = "FIELD_NOT_AVAILABLE", 400, "The given field is not available in the module"


class JoinLimitExceeded(CrmError):
    code, status, message = "JOIN_LIMIT_EXCEEDED", 400, "The field reaches through too many lookups"


class PageNotSupported(CrmError):
    code, status, message = "PAGE_NOT_SUPPORTED", 400, "The given page is not supported"


class FileTypeNotSupported(CrmError):
    code, status, message = "JOB_NOT_SUPPORTED", 400, "The given file type is not supported for the module"


class InvalidCriteria(CrmError):
    code, status, message = "INVALID_CRITERIA", 400, "The given criteria is invalid"


class FieldInCriteriaNotAvailable(CrmError):
    code, status, message = "FIELD_IN_CRITERIA_NOT_AVAILABLE", 400, "A field of the criteria is not available"


class ComparatorNotCompatible(CrmError):
    code, status = "FIELD_AND_COMPARATOR_IN_CRITERIA_NOT_COMPATIBLE", 400
    message = "A field of the criteria cannot be compared so"


class ValueNotCompatible(CrmError):
    code, status = "FIELD_AND_VALUE_IN_CRITERIA_NOT_COMPATIBLE", 400
    message = "A field of the criteria cannot be compared with the value"


class InvalidCallbackUrl(CrmError):
    code, status, message = "INVALID_CALLBACK_URL", 400, "The given callback url is invalid"


class InvalidCallbackMethod(CrmError):
    code, status, message = "INVALID_CALLBACK_METHOD", 400, "The given callback method is not supported"

    def __init__(self) -> None:
        super().__init__({"supported_callback_methods": ["post"]})


class ResourceNotFound(CrmError):
    """No such job, or none of this user's; or a result that is not there yet."""

    code, status, message = "RESOURCE_NOT_FOUND", 404, "The requested resource does not exist"


class FileNotSupported(CrmError):
    code, status, message = "FILE_NOT_SUPPORTED", 400, "The file is not a zip of CSV files"


class FileTooLarge(CrmError):
    code, status, message = "FILE_SIZE_EXCEEDED", 400, "The file is too large"


class FileNotFound(CrmError):
    code, status, message = "FILE_NOT_FOUND", 400, "The uploaded file has no such CSV file"


class InvalidFileId(CrmError):
    code, status, message = "INVALID_FILE_ID", 400, "The given file id is invalid"


class InvalidField(CrmError):
    code, status, message = "INVALID_FIELD", 400, "The given field is invalid"


class InvalidFormat(CrmError):
    code, status, message = "INVALID_FORMAT", 400, "The given format is invalid"


class HeaderLimitExceeded(CrmError):
    code, status, message = "HEADER_LIMIT_EXCEEDED", 400, "Too many fields are mapped"


class ColumnIndexNotFound(CrmError):
    code, status, message = "COLUMN_INDEX_NOT_FOUND", 400, "The file has no column of the given index"


class MandatoryFieldsNotMapped(CrmError):
    code, status, message = "MANDATORY_FIELDS_NOT_MAPPED", 400, "Not all mandatory fields are mapped"
