"""Parameters that routes of the CRM have in common."""

from simulator.openapi import Parameter
from simulator.shapes import FLAG, ID, ID_LIST, MOMENT, NAME_LIST, POSITIVE, TEXT, WORDS, choice

_MODULE_NAME = {"type": "string", "pattern": "^[A-Za-z][A-Za-z0-9_]*$", "examples": ["Accounts"]}
MODULE = Parameter("module", "The module's api name.", _MODULE_NAME, required=True)
OF_MODULE = Parameter("module", "Only of this module.", _MODULE_NAME)
LAYOUT_ID = Parameter("layout_id", "A layout of the module.", ID)
DEALS_LAYOUT = Parameter("layout_id", "A layout of the module Deals.", ID, required=True)
TRANSFER_TO = Parameter("transfer_to", "The id of what takes over.", ID)

FIELDS = Parameter(
    "fields", "Comma list of api names, 50 at most; needed from v3 on where a list is asked for.", NAME_LIST
)
IDS = Parameter("ids", "Comma list of ids, 100 at most.", ID_LIST)
IDS_NEEDED = Parameter("ids", "Comma list of ids, 100 at most.", ID_LIST, required=True)
CVID = Parameter("cvid", "A custom view: its criteria and its order.", ID)
PAGE = Parameter("page", "Which page, from 1.", POSITIVE)
PER_PAGE = Parameter("per_page", "How many on a page, 200 at most.", POSITIVE)
PAGE_TOKEN = Parameter("page_token", "`info.next_page_token` of the page before (from v3 on).")
SORT_BY = Parameter("sort_by", "id, Created_Time or Modified_Time; in v2 any field.", WORDS)
SORT_ORDER = Parameter("sort_order", "asc or desc.", choice("asc", "desc"))
MODIFIED_SINCE = Parameter("If-Modified-Since", "Only what is as new or newer.", MOMENT, where="header")
UNMODIFIED_SINCE = Parameter("If-Unmodified-Since", "Refused what was changed after it.", MOMENT, where="header")
CONVERTED = Parameter("converted", "Converted leads too, or only these.", choice("true", "false", "both"))
APPROVED = Parameter("approved", "There are no approvals: all records are approved.", choice("true", "false", "both"))
WF_TRIGGER = Parameter("wf_trigger", "There are no workflows: nothing follows from it.", FLAG)
CRITERIA = Parameter("criteria", "(Field:operator:value), joined by and / or.", WORDS)
EMAIL = Parameter("email", "An address in any email field.", WORDS)
PHONE = Parameter("phone", "A number in any phone field.", WORDS)
WORD = Parameter("word", "A word in any text field, two letters at least.", WORDS)
JOB_ID = Parameter("job_id", "The job, as the call that made it answered.", ID, required=True)
FILTERS = Parameter("filters", "Criteria as JSON.", TEXT)

PAGED = (PAGE, PER_PAGE)
SORTED = (SORT_BY, SORT_ORDER)
STANDING = (CONVERTED, APPROVED)
LISTING = (FIELDS, IDS, *PAGED, PAGE_TOKEN, *SORTED, *STANDING, MODIFIED_SINCE)
LISTED = (FIELDS, IDS, *PAGED, PAGE_TOKEN, *SORTED, MODIFIED_SINCE)
SEARCHED = (CRITERIA, EMAIL, PHONE, WORD)
