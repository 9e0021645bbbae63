"""Shapes of the organization: users, roles, profiles, the company, its currencies, its ZSC key."""

from mock_crm import versions
from mock_crm.openapi.schemas import NAMED_0
from mock_crm.versions import Version
from simulator.shapes import (
    COUNT,
    FLAG,
    ID,
    MOMENT,
    MOMENT_0,
    TEXT,
    TEXT_0,
    WHOLE,
    WORDS,
    Shape,
    an_object,
    array_of,
    choice,
    keyed,
    or_null,
)


def shapes(version: Version) -> dict[str, Shape]:
    return {
        **_users(),
        **_roles(),
        **_profiles(version),
        "Organization": _organization(),
        **_currencies(),
        **_zsc(),
    }


def _users() -> dict[str, Shape]:
    person: dict[str, Shape | str] = {
        "first_name": TEXT,
        "phone": TEXT,
        "mobile": TEXT,
        "city": TEXT,
        "time_zone": TEXT,
    }
    return {
        "User": an_object(
            "A user of the CRM; the mixed case of some keys is the vendor's.",
            id=ID,
            zuid=TEXT_0,
            full_name=TEXT,
            first_name=TEXT_0,
            last_name=TEXT,
            email=TEXT,
            status=choice("active", "inactive", "deleted"),
            confirm=FLAG,
            role="Named",
            profile="Named",
            created_time=MOMENT,
            created_by="Named",
            Modified_Time=MOMENT,
            Modified_By="Named",
            time_zone=TEXT,
            offset=WHOLE,
            locale=TEXT_0,
            date_format=TEXT_0,
            time_format=TEXT_0,
            phone=TEXT_0,
            mobile=TEXT_0,
        ),
        "UserToInvite": an_object(email=WORDS, profile=ID, role=ID, also={"last_name": WORDS, **person}),
        "UserToChange": an_object(
            also={
                "id": ID,
                "last_name": WORDS,
                "profile": ID,
                "role": ID,
                "status": choice("active", "inactive"),
                **person,
            }
        ),
    }


def _roles() -> dict[str, Shape]:
    return {
        "Role": an_object(
            id=ID,
            name=TEXT,
            display_label=TEXT,
            description=TEXT_0,
            reporting_to=NAMED_0,
            share_with_peers=FLAG,
            admin_user=FLAG,
            created_by__s=NAMED_0,
            modified_by__s=NAMED_0,
            created_time__s=MOMENT_0,
            modified_time__s=MOMENT_0,
        ),
        "RoleToMake": an_object(
            name=WORDS, reporting_to=an_object(id=ID), also={"description": TEXT, "share_with_peers": FLAG}
        ),
        "RoleToChange": an_object(
            also={
                "id": ID,
                "name": WORDS,
                "reporting_to": an_object(id=ID),
                "description": TEXT,
                "share_with_peers": FLAG,
            }
        ),
    }


def _profiles(version: Version) -> dict[str, Shape]:
    head: dict[str, Shape | str] = {
        "id": ID,
        "name": TEXT,
        "display_label": TEXT,
        "api_name": TEXT,
        ("custom" if version >= versions.V2_1 else "category"): FLAG,
        "type": TEXT,
        "description": TEXT_0,
        "created_time": MOMENT_0,
        "modified_time": MOMENT_0,
        "created_by": NAMED_0,
        "modified_by": NAMED_0,
    }
    box = an_object(id=ID, name=TEXT, display_label=TEXT, module=TEXT_0, enabled=FLAG, customizable=FLAG)
    ticked = an_object(enabled=FLAG, also={"id": ID, "name": WORDS})
    category = an_object(name=TEXT, display_label=TEXT, module=TEXT_0, permissions_details=array_of(ID))
    return {
        "Profile": keyed(head, description="What a group of users may do."),
        "ProfileDetail": keyed(
            {
                **head,
                "permissions_details": array_of(box),
                "sections": array_of(an_object(name=TEXT, categories=array_of(category))),
            },
            description="A profile with its boxes; `sections` hold their ids.",
        ),
        "ProfileToChange": an_object(
            also={"name": WORDS, "description": TEXT, "permissions_details": array_of(ticked, 1000)}
        ),
        "ProfileToMake": an_object(name=WORDS, also={"description": TEXT}),
    }


def _organization() -> Shape:
    return an_object(
        id=ID,
        zgid=TEXT,
        company_name=TEXT,
        primary_email=TEXT,
        primary_zuid=TEXT_0,
        domain_name=TEXT,
        currency=TEXT,
        iso_code=TEXT,
        currency_symbol=TEXT,
        currency_locale=TEXT,
        mc_status=FLAG,
        time_zone=TEXT,
        country=TEXT_0,
        country_code=TEXT_0,
        created_time=MOMENT,
        type=TEXT,
        employee_count=TEXT,
        license_details=an_object(paid=FLAG, paid_type=TEXT, users_license_purchased=COUNT),
    )


def _currencies() -> dict[str, Shape]:
    shown = an_object(decimal_separator=TEXT, thousand_separator=TEXT, decimal_places=choice("0", "1", "2", "3"))
    rate = {"type": "string", "pattern": r"^[0-9]{1,9}(\.[0-9]{1,9})?$"}
    code = {"type": "string", "pattern": "^[A-Z]{3}$"}
    separator = choice("Comma", "Period", "Space")
    form = an_object(
        also={
            "decimal_separator": separator,
            "thousand_separator": separator,
            "decimal_places": choice("0", "1", "2", "3"),
        }
    )
    also: dict[str, Shape | str] = {"prefix_symbol": FLAG, "is_active": FLAG, "format": form}
    named: dict[str, Shape | str] = {"name": WORDS, "symbol": WORDS}
    return {
        "Currency": an_object(
            id=ID,
            name=TEXT,
            iso_code=code,
            symbol=TEXT,
            is_base=FLAG,
            is_active=FLAG,
            exchange_rate=rate,
            prefix_symbol=FLAG,
            format=shown,
            created_time=MOMENT_0,
            modified_time=MOMENT_0,
            created_by="Named",
            modified_by="Named",
        ),
        "CurrencyToMake": an_object(**named, iso_code=code, exchange_rate=rate, also=also),
        "CurrencyToChange": an_object(also={"id": ID, **named, "exchange_rate": rate, **also}),
        "BaseToEnable": an_object(base_currency=an_object(**named, iso_code=code, also=also)),
        "BaseToChange": an_object(base_currency=an_object(also={**named, **also})),
        "BaseOutcome": an_object(base_currency="Outcome"),
    }


def _zsc() -> dict[str, Shape]:
    key: dict[str, Shape | str] = {
        "ends": TEXT,
        "generated_by": "Named",
        "generated_time": MOMENT,
        "connections": array_of(an_object(name=TEXT, organization=TEXT)),
    }
    return {
        "ZscKey": an_object(
            "The live ZSC key but for its secret; null where there is none.", zsc_key=or_null(keyed(key))
        ),
        "NewZscKey": an_object("The only answer that shows the key in full.", zsc_key=keyed({"key": TEXT, **key})),
        "Integration": an_object(product=TEXT, name=TEXT, organization=TEXT, email=TEXT, connected_time=MOMENT),
        "Connected": an_object(
            "Tokens that act for the user, and who and where he is.",
            access_token=TEXT,
            refresh_token=TEXT,
            client_id=TEXT,
            client_secret=TEXT,
            expires_in=WHOLE,
            token_type=TEXT,
            scope=TEXT,
            api_domain=TEXT,
            user=an_object(id=ID, email=TEXT, name=TEXT, profile=TEXT),
            org=an_object(id=TEXT, company_name=TEXT),
        ),
        "NotConnected": an_object(error=TEXT, message=TEXT, also={"permissions": array_of(TEXT)}),
    }
