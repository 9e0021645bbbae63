"""Rows of organizations, users and roles (invoice-api.md §8.1, §8.4)."""

from tests.invoice.endpoints.rows import (
    ANY_STATUS,
    BAD_PAGE,
    IN_USE,
    NO_ID,
    NO_INPUT,
    NO_OBJECT,
    NOBODY,
    NOT_OF_ORGANIZATION,
    NOTHING_MANDATORY,
    STATUS_REFUSED,
    Own,
    Row,
    about,
    absent,
    bad,
    bad_parameter,
    but,
    gives,
    looks,
    makes,
    refusal,
    says,
    without,
)
from tests.support.answers import Has, Lacks

HOME = "/organizations/$organization"
ASHA = "asha.rao@zylker.example"
LAST_ADMIN = refusal(400, IN_USE, "The last administrator of an organization has to stay one.")


def _foreign(organization_id: str) -> str:
    return f"This user is not associated with the CompanyID/CompanyName:{organization_id}."


STRANGE = tuple(
    about(HOME, f"/organizations/{one}", refusal(400, NOT_OF_ORGANIZATION, _foreign(one)))
    for one in ("$no_organization", NOBODY, "x")
)
#: Who is asked for is deleted.
DELETED = about("$kim", "$deleted_user", refusal(404, 1002, "User does not exist."))

ORGANIZATIONS = (
    Row(
        "GET /organizations",
        "/organizations",
        works=gives(
            {
                "organizations.*.organization_id": ["$organization", "$second"],
                "organizations.0.name": "Zylker",
                "organizations.0.is_default_org": True,
                "organizations.0.currency_code": "USD",
                "page_context": None,
            }
        ),
        missing=NO_INPUT,
        wrong=NO_INPUT,
        unknown=NO_ID,
        elsewhere=Own(200, {"organizations.0.name": "Zylker"}),
    ),
    Row(
        "POST /organizations",
        "/organizations",
        body={"name": "Zylker Asia", "currency_code": "INR", "time_zone": "Asia/Kolkata"},
        works=makes(
            "The organization has been created.",
            {"organization.organization_id": "$made", "organization.currency_code": "INR"},
        ),
        then=looks("/organizations", {"organizations.*.organization_id": Has("$made")}),
        missing=without("name"),
        wrong=(bad("name", []), bad("time_zone", "Mars/Base"), bad("edition", "lunar"), NO_OBJECT),
        unknown=NO_ID,
        elsewhere=Own(201, {"organization.name": "Zylker Asia"}),
    ),
    Row(
        "GET /organizations/{organization_id}",
        HOME,
        works=gives({"organization.name": "Zylker", "organization.email": ASHA, "organization.price_precision": 2}),
        missing=NO_INPUT,
        wrong=NO_INPUT,
        unknown=STRANGE,
        elsewhere=Own(200, {"organization.name": "Zylker"}),
    ),
    Row(
        "PUT /organizations/{organization_id}",
        HOME,
        body={"phone": "555", "address": {"city": "Austin"}},
        works=says("Organization information has been saved.", {"organization.phone": "555"}),
        then=looks(HOME, {"organization.phone": "555", "organization.address.city": "Austin"}),
        missing=NOTHING_MANDATORY,
        wrong=(bad("phone", []), bad("time_zone", "Mars/Base"), bad("address"), NO_OBJECT),
        unknown=STRANGE,
        elsewhere=Own(200, {"organization.phone": "555"}),
    ),
)

USERS = (
    Row(
        "GET /users",
        "/users?filter_by=Status.Inactive",
        works=gives(
            {"users.*.user_id": ["$inactive_user"], "users.0.user_role": "staff", "page_context.report_name": "Users"}
        ),
        missing=NOTHING_MANDATORY,
        wrong=(BAD_PAGE, bad_parameter("filter_by"), bad_parameter("sort_column"), bad_parameter("sort_order")),
        unknown=NO_ID,
        elsewhere=Own(200, {"users": []}),
    ),
    Row(
        "POST /users",
        "/users",
        body={"name": "Eve", "email": "eve@zylker.example", "role_id": "staff"},
        works=makes("Your invitation has been sent.", {"user.user_id": "$made", "user.user_role": "staff"}),
        then=looks("/users/$made", {"user.email": "eve@zylker.example", "user.email_ids.0.is_selected": True}),
        missing=(without("name"), without("email")),
        wrong=(bad("email", "nowhere"), bad("name", []), bad("user_role", "king"), NO_OBJECT),
        unknown=NO_ID,
        status=but(
            refusal(400, 90_014, f'The user "{ASHA}" already exists.'),
            body={"name": "Asha", "email": ASHA},
        ),
        elsewhere=Own(201, {"user.name": "Eve"}),
    ),
    Row(
        "GET /users/me",
        "/users/me",
        works=gives({"user.user_id": "$asha", "user.email": ASHA, "user.is_current_user": True}),
        missing=NO_INPUT,
        wrong=NO_INPUT,
        unknown=NO_ID,
        elsewhere=Own(200, {"user.email": ASHA}),
    ),
    Row(
        "GET /users/{user_id}",
        "/users/$tim",
        works=gives({"user.name": "Tim", "user.user_role": "timesheetstaff", "user.is_current_user": False}),
        missing=NO_INPUT,
        wrong=NO_INPUT,
        status=ANY_STATUS,
        unknown=absent("User"),
    ),
    Row(
        "PUT /users/{user_id}",
        "/users/$tim",
        body={"name": "Timothy", "user_role": "staff"},
        works=says("The user information has been updated.", {"user.name": "Timothy"}),
        then=looks("/users/$tim", {"user.name": "Timothy", "user.user_role": "staff"}),
        missing=NOTHING_MANDATORY,
        wrong=(bad("name", []), bad("user_role", "king"), NO_OBJECT),
        unknown=(*absent("User"), about("$tim", "$deleted_user", DELETED.answer)),
        status=about("$tim", "$asha", LAST_ADMIN),
    ),
    Row(
        "DELETE /users/{user_id}",
        "/users/$kim",
        works=says("The user has been deleted."),
        then=(looks("/users", {"users.*.user_id": Lacks("$kim")}), looks("/users/$kim", {"user.status": "deleted"})),
        missing=NO_INPUT,
        wrong=NO_INPUT,
        unknown=(*absent("User"), DELETED),
        status=about("$kim", "$asha", refusal(400, IN_USE, "You cannot delete yourself.")),
    ),
    Row(
        "POST /users/{user_id}/active",
        "/users/$inactive_user/active",
        works=says("The user has been marked as active."),
        then=looks("/users/$inactive_user", {"user.status": "active"}),
        missing=NO_INPUT,
        wrong=NO_INPUT,
        status=ANY_STATUS,
        unknown=(*absent("User"), about("$inactive_user", "$deleted_user", DELETED.answer)),
    ),
    Row(
        "POST /users/{user_id}/inactive",
        "/users/$kim/inactive",
        works=says("The user has been marked as inactive."),
        then=looks("/users/$kim", {"user.status": "inactive"}),
        missing=NO_INPUT,
        wrong=NO_INPUT,
        unknown=(*absent("User"), DELETED),
        status=about("$kim", "$asha", LAST_ADMIN),
    ),
    Row(
        "POST /users/{user_id}/invite",
        "/users/$inactive_user/invite",
        works=says("Your invitation has been sent."),
        then=looks("/users/$inactive_user", {"user.status": "invited"}),
        missing=NO_INPUT,
        wrong=NO_INPUT,
        unknown=(*absent("User"), about("$inactive_user", "$deleted_user", DELETED.answer)),
        status=about("$inactive_user", "$kim", refusal(400, STATUS_REFUSED, "The user is active already.")),
    ),
    Row(
        "GET /settings/roles",
        "/settings/roles",
        works=gives({"roles.*.role_id": ["admin", "staff", "timesheetstaff"], "roles.0.is_admin": True}),
        missing=NO_INPUT,
        wrong=NO_INPUT,
        unknown=NO_ID,
        elsewhere=Own(200, {"roles.*.role_id": ["admin", "staff", "timesheetstaff"]}),
    ),
)

ROWS = (*ORGANIZATIONS, *USERS)
