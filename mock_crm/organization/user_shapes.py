"""How users look in answers (crm-api.md §5.9); the mixed case of the keys is the vendor's."""

from typing import Any
from zoneinfo import ZoneInfo

from mock_crm import state
from mock_crm.organization.people import User
from mock_crm.records.values import shown_moment
from simulator import clock

#: What a user says of himself, with what stands there before he does; all of it may be changed.
DETAILS: dict[str, Any] = {
    "locale": "en_US",
    "language": "en_US",
    "country": "US",
    "country_locale": "en_US",
    "date_format": "MM/dd/yyyy",
    "time_format": "hh:mm a",
    "decimal_separator": "Period",
    "number_separator": "Comma",
    "name_format__s": "Salutation,First Name,Last Name",
    "sort_order_preference__s": "First Name,Last Name",
    "alias": None,
    "phone": None,
    "mobile": None,
    "fax": None,
    "website": None,
    "street": None,
    "city": None,
    "state": None,
    "zip": None,
    "dob": None,
    "signature": None,
}

_CUSTOMIZE_INFO = {
    "notes_desc": None,
    "show_right_panel": None,
    "bc_view": None,
    "show_home": False,
    "show_detail_view": True,
    "unpin_recent_item": None,
}
_THEME = {
    "normal_tab": {"font_color": "#FFFFFF", "background": "#222222"},
    "selected_tab": {"font_color": "#FFFFFF", "background": "#222222"},
    "new_background": None,
    "background": "#F3F0EB",
    "screen": "fixed",
    "type": "default",
}


def status_of(user: User) -> str:
    if user.is_deleted:
        return "deleted"
    return "active" if user.is_switched_on else "inactive"


def shown_user(user: User) -> dict[str, Any]:
    people = state.people()
    company = people.company
    zone = ZoneInfo(user.details["time_zone"]) if "time_zone" in user.details else company.zone
    offset = clock.now().astimezone(zone).utcoffset()
    made_by = people.administrator().named()
    return {
        "id": str(user.id),
        "zuid": user.zuid if user.is_confirmed else None,
        "full_name": user.full_name,
        "first_name": user.first_name or None,
        "last_name": user.last_name,
        "email": user.email,
        "status": status_of(user),
        "confirm": user.is_confirmed,
        "role": {"name": user.role.name, "id": str(user.role.id)},
        "profile": {"name": user.profile.name, "id": str(user.profile.id)},
        "created_time": shown_moment(user.created_time, company.zone),
        "created_by": people.named(user.created_by) or made_by,
        "Modified_Time": shown_moment(user.modified_time, company.zone),
        "Modified_By": people.named(user.modified_by) or made_by,
        "Reporting_To": None,
        "time_zone": zone.key,
        "offset": int(offset.total_seconds() * 1000) if offset is not None else 0,
        "type__s": "Regular User",
        "Isonline": False,
        "microsoft": False,
        "personal_account": False,
        "customize_info": _CUSTOMIZE_INFO,
        "theme": _THEME,
        "default_tab_group": "0",
        "sandboxDeveloper": False,
        "Currency": company.currency if company.is_multi_currency else None,
        **DETAILS,
        **{key: value for key, value in user.details.items() if key in DETAILS},
        "$current_shift": None,
        "$next_shift": None,
        "$shift_effective_from": None,
    }
