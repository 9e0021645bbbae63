"""What stands beside records of other modules: notes and attachments (crm-api.md §4.10)."""

from mock_crm.metadata.standard import OWNED, SYSTEM, Standard, StandardModule, text_field

#: A lookup to a record of whatever module; clients know the word, and read no module's fields for it.
ANY_MODULE = "se_module"
_SYSTEM_NAMES = ("Created_By", "Modified_By", "Created_Time", "Modified_Time")
_SYSTEM = tuple(field for field in SYSTEM if field.api_name in _SYSTEM_NAMES)
_PARENT = Standard("Parent_Id", "Parent ID", "lookup", 120, lookup_module=ANY_MODULE, mandatory=True)

NOTES = StandardModule(
    "Notes",
    "Notes",
    "Note",
    2197,
    "Note_Title",
    "Note_Title",
    (
        *OWNED,
        text_field("Note_Title", 120),
        Standard("Note_Content", "Note Content", "textarea", 32000, mandatory=True),
        _PARENT,
        *_SYSTEM,
    ),
    (),
)

ATTACHMENTS = StandardModule(
    "Attachments",
    "Attachments",
    "Attachment",
    2227,
    "File_Name",
    "File_Name",
    (
        *OWNED,
        text_field("File_Name", 255, mandatory=True),
        Standard("Size", "Size", "bigint", 18),
        _PARENT,
        *_SYSTEM,
    ),
    (),
)
