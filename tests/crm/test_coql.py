"""COQL: what a query finds and how it is shown (crm-api.md §4.11)."""

from decimal import Decimal

import pytest

from simulator import wire
from tests.crm.api import ADMIN, SALES, Crm
from tests.crm.coql_world import ask, known, names, rows

__all__ = ["known"]  # a fixture


def test_a_query_answers_with_the_columns_it_names_and_the_id(known: Crm):
    answer = ask(known, "select Last_Name, First_Name from Contacts where Last_Name = 'Boyle'")

    (row,) = answer.body["data"]
    assert answer.status == 200
    assert (row["Last_Name"], row["First_Name"]) == ("Boyle", "Pat")
    assert set(row) == {"Last_Name", "First_Name", "id"}
    assert answer.body["info"] == {"count": 1, "more_records": False}


def test_nothing_found_is_no_content(known: Crm):
    answer = ask(known, "select Last_Name from Contacts where Last_Name = 'Nobody'")

    assert (answer.status, answer.body) == (204, None)


def test_values_are_typed_as_in_lists(known: Crm):
    columns = "Account_Name, Annual_Revenue, Employees, Industry, Created_Time, Parent_Account, Record_Status__s, Tag"
    listed = known.get(f"/Accounts?fields={columns.replace(' ', '')}&sort_order=asc", version="v7").body["data"]

    found = rows(known, f"select {columns} from Accounts where id is not null", version="v7")

    assert found == listed
    assert found[1]["Annual_Revenue"] == Decimal("100.5")


CONDITIONS = [
    ("Last_Name = 'boyle'", ["Boyle"]),
    ("'Last_Name' = \"Boyle\"", ["Boyle"]),
    ("Lead_Source = Partner", ["O'Brien"]),
    (r"Last_Name = 'O\'Brien'", ["O'Brien"]),
    ("Last_Name = 'O''Brien'", ["O'Brien"]),
    ("Last_Name != 'Boyle'", ["O'Brien", "Zoë"]),
    ("Last_Name like 'B%'", ["Boyle"]),
    ("Last_Name like '%E'", ["Boyle"]),
    ("Last_Name like '%o%'", ["Boyle", "O'Brien", "Zoë"]),
    ("Last_Name like 'ZOË'", ["Zoë"]),
    ("Last_Name not like '%oy%'", ["O'Brien", "Zoë"]),
    ("Title like '%'", ["Boyle"]),
    ("Department = 'R&D (new), 50%'", ["Zoë"]),
    ("Last_Name in ('Boyle', 'Zoë', 'x')", ["Boyle", "Zoë"]),
    ("Last_Name not in('Boyle')", ["O'Brien", "Zoë"]),
    ("First_Name is null", ["O'Brien", "Zoë"]),
    ("First_Name is not null", ["Boyle"]),
    ("Email = 'PAT@boyle.example'", ["Boyle"]),
    ("Email_Opt_Out = 'true'", ["Boyle"]),
    ("Email_Opt_Out = false", ["O'Brien", "Zoë"]),
    ("Date_of_Birth >= '2000-02-29'", ["Boyle"]),
    ("Date_of_Birth < 2000-02-29", []),
    ("Date_of_Birth between '2000-01-01' and '2000-12-31'", ["Boyle"]),
    ("Date_of_Birth not between '2000-01-01' and '2000-12-31'", ["O'Brien", "Zoë"]),
    ("Created_Time > '2000-01-01T00:00:00+05:30'", ["Boyle", "O'Brien", "Zoë"]),
    ("Account_Name is null", ["Zoë"]),
    ("Account_Name.Account_Name = 'zylker'", ["Boyle"]),
    ("Account_Name.Employees > 5", ["O'Brien"]),
    ("Account_Name.Parent_Account.Account_Name is not null", ["Boyle"]),
    ("Account_Name.Parent_Account.Industry = 'Technology'", ["Boyle"]),
    ("Owner.last_name = 'rao'", ["Boyle", "O'Brien"]),
    ("Owner.profile.name != 'Administrator'", ["Zoë"]),
    (f"Owner.email like '%{SALES[:5]}%'", ["Zoë"]),
    ("!Contacts.Owner.role.id is not null", ["Boyle", "O'Brien", "Zoë"]),
    ("Record_Status__s = 'Available'", ["Boyle", "O'Brien", "Zoë"]),
    ("First_Name = 'Pat' and Last_Name = 'Boyle'", ["Boyle"]),
    ("(First_Name = 'Pat' and Last_Name = 'Boyle') or Last_Name = 'Zoë'", ["Boyle", "Zoë"]),
    ("(Last_Name = 'Zoë' or (First_Name = 'Pat' AND Last_Name = 'Boyle'))", ["Boyle", "Zoë"]),
    ("(((First_Name = 'Pat') and Last_Name = 'Boyle') and Account_Name.Account_Name = 'Zylker')", ["Boyle"]),
]


@pytest.mark.parametrize(("where", "found"), CONDITIONS, ids=[where for where, _ in CONDITIONS])
def test_conditions_select_what_they_say(known: Crm, where: str, found: list[str]):
    assert names(known, "Contacts", where) == found


NUMBERS = [
    ("Annual_Revenue = 100.50", ["Zylker"]),
    ("Annual_Revenue >= -0.01", ["Zylker", "Ünïcorn"]),
    ("Annual_Revenue < 0.001", ["Ünïcorn"]),
    ("Annual_Revenue between '-1' and 0", ["Ünïcorn"]),
    ("Annual_Revenue in (100.5, 7)", ["Zylker"]),
    ("Annual_Revenue is null", ["King"]),
    ("Employees != 7", ["Zylker"]),
    ("Employees not in (7)", ["Zylker"]),
    ("Employees = 7 and Industry = 'Education'", ["Ünïcorn"]),
]


@pytest.mark.parametrize(("where", "found"), NUMBERS, ids=[where for where, _ in NUMBERS])
def test_numbers_are_compared_exactly(known: Crm, where: str, found: list[str]):
    assert names(known, "Accounts", where, "Account_Name") == found


def test_ids_and_owners_are_compared_by_number_or_in_quotes(known: Crm):
    ids = names(known, "Contacts", "id is not null", "id")

    assert names(known, "Contacts", f"id = '{ids[0]}'") == ["Boyle"]
    assert names(known, "Contacts", f"id in ({ids[0]}, '{ids[2]}', 1)") == ["Boyle", "Zoë"]
    assert names(known, "Contacts", f"id > {ids[1]}") == ["Zoë"]
    assert names(known, "Contacts", f"Owner = '{known.user(SALES)}'") == ["Zoë"]
    assert names(known, "Contacts", "Owner = ${CURRENTUSER}") == ["Boyle", "O'Brien"]


def test_lookups_show_their_id_and_from_v7_on_their_name(known: Crm):
    query = "select Account_Name, Owner from Contacts where Last_Name = 'Boyle'"

    (old,), (new,) = rows(known, query, version="v6"), rows(known, query, version="v7")

    assert old["Account_Name"] == {"id": new["Account_Name"]["id"]}
    assert old["Owner"] == {"id": known.user(ADMIN)}
    assert new["Account_Name"]["name"] == "Zylker"
    assert new["Owner"] == {"name": "Rao", "id": known.user(ADMIN)}


def test_joined_columns_stand_flat_under_their_dotted_names(known: Crm):
    joined = "Account_Name.Account_Name, Account_Name.Parent_Account, Account_Name.Parent_Account.Account_Name"

    found = rows(known, f"select {joined} from Contacts where id is not null", version="v6")

    assert [row["Account_Name.Account_Name"] for row in found] == ["Zylker", "King", None]
    assert [row["Account_Name.Parent_Account.Account_Name"] for row in found] == ["King", None, None]
    assert [sorted(row["Account_Name.Parent_Account"] or {}) for row in found] == [["id"], [], []]


def test_something_of_the_owner_is_a_column_too(known: Crm):
    columns = "Owner.email, Owner.profile.name, Owner.full_name"

    found = rows(known, f"select {columns} from Contacts where id is not null order by Owner.last_name")

    assert [row["Owner.email"] for row in found] == [SALES, ADMIN, ADMIN]
    assert found[1]["Owner.profile.name"] == "Administrator"
    assert found[1]["Owner.full_name"] == "Asha Rao"


def test_columns_are_called_by_their_aliases(known: Crm):
    query = "select 'Account_Name.Account_Name' AS 'The account', Last_Name name from Contacts where id is not null"

    found = rows(known, f"{query} order by 'The account' desc, name asc")

    assert [(row["The account"], row["name"]) for row in found] == [
        ("Zylker", "Boyle"),
        ("King", "O'Brien"),
        (None, "Zoë"),
    ]


def test_records_are_sorted_by_id_unless_the_query_says_otherwise(known: Crm):
    everyone = "id is not null"

    assert names(known, "Contacts", everyone) == ["Boyle", "O'Brien", "Zoë"]
    assert names(known, "Contacts", f"{everyone} order by Last_Name desc") == ["Zoë", "O'Brien", "Boyle"]
    assert names(known, "Contacts", f"{everyone} order by id desc") == ["Zoë", "O'Brien", "Boyle"]
    assert names(known, "Contacts", f"{everyone} ORDER BY First_Name, Created_Time desc, id desc")[0] == "Boyle"
    assert names(known, "Contacts", f"{everyone} order by Account_Name.Account_Name") == ["O'Brien", "Boyle", "Zoë"]
    assert names(known, "Contacts", f"{everyone} order by Email_Opt_Out desc") == ["Boyle", "O'Brien", "Zoë"]


@pytest.mark.parametrize(
    ("cut", "found", "more"),
    [
        ("limit 2", ["Boyle", "O'Brien"], True),
        ("limit 3", ["Boyle", "O'Brien", "Zoë"], False),
        ("limit 2 offset 1", ["O'Brien", "Zoë"], False),
        ("limit 1, 1", ["O'Brien"], True),
        ("LIMIT '1' OFFSET '2'", ["Zoë"], False),
        ("limit 5 offset 3", [], None),
    ],
)
def test_a_query_is_cut_by_limit_and_offset(known: Crm, cut: str, found: list[str], more: bool | None):
    answer = ask(known, f"select Last_Name from Contacts where id is not null {cut}")

    assert [row["Last_Name"] for row in (answer.body or {"data": []})["data"]] == found
    assert more is None or answer.body["info"] == {"count": len(found), "more_records": more}


def test_aggregates_are_exact(known: Crm):
    columns = "SUM(Amount), MIN(Amount), MAX(Amount), AVG(Amount), COUNT(Amount)"

    (row,) = rows(known, f"select {columns} from Deals where id is not null")

    assert row == {
        "SUM(Amount)": Decimal("10.3"),
        "MIN(Amount)": Decimal("0.1"),
        "MAX(Amount)": 10,
        "AVG(Amount)": Decimal("3.4333333333333333"),
        "COUNT(Amount)": 3,
    }


def test_sums_may_outgrow_what_a_database_counts_by(crm: Crm):
    most, least = Decimal("99999999999999.99"), Decimal("-99999999999999.99")
    many = wire.dumps({"data": [{"Deal_Name": "A", "Stage": "Closed Won", "Amount": most}] * 100})
    one = wire.dumps({"data": [{"Deal_Name": "B", "Stage": "Qualification", "Amount": least}]})
    for body in [many] * 11 + [one]:
        assert crm.post("/Deals", body).status == 201

    found = rows(
        crm, "select SUM(Amount) as s, AVG(Amount) as a, Stage from Deals where id > 0 group by Stage order by s"
    )

    assert [row["s"] for row in found] == [least, most * 1100]
    assert [round(row["a"], 2) for row in found] == [least, most]


def test_records_are_grouped(known: Crm):
    query = "select COUNT(id) as 'how many', SUM(Amount), Stage from Deals where id is not null group by Stage"

    found = rows(known, f"{query} order by SUM(Amount) desc")

    assert found == [
        {"how many": 2, "SUM(Amount)": Decimal("10.1"), "Stage": "Qualification"},
        {"how many": 2, "SUM(Amount)": Decimal("0.2"), "Stage": "Closed Won"},
    ]
    assert [row["Stage"] for row in rows(known, f"{query} order by 'how many', Stage")] == [
        "Closed Won",
        "Qualification",
    ]


def test_groups_have_the_types_of_their_columns(known: Crm):
    query = (
        "select COUNT(id), Account_Name, Owner, Email_Opt_Out, Account_Name.Parent_Account.Account_Name from Contacts"
    )
    names = "Account_Name, Owner, Email_Opt_Out, Account_Name.Parent_Account.Account_Name"

    found = rows(known, f"{query} where id is not null group by {names} order by Account_Name")

    assert [row["COUNT(id)"] for row in found] == [1, 1, 1]
    assert [(row["Account_Name"] or {}).get("name") for row in found] == ["King", "Zylker", None]
    assert {row["Owner"]["name"] for row in found} == {"Rao", "Gomez"}
    assert [row["Email_Opt_Out"] for row in found] == [False, True, False]
    assert [row["Account_Name.Parent_Account.Account_Name"] for row in found] == [None, "King", None]


def test_groups_may_be_had_without_counting_and_counted_without_groups(known: Crm):
    grouped = rows(known, "select Lead_Source from Contacts where id is not null group by Lead_Source")
    (counted,) = rows(known, "select COUNT(id) from Contacts where Last_Name = 'Nobody'")

    assert grouped == [{"Lead_Source": "Partner"}, {"Lead_Source": "Trade Show"}, {"Lead_Source": None}]
    assert counted == {"COUNT(id)": 0}


def test_extremes_of_days_and_moments_are_shown_as_such(known: Crm):
    (row,) = rows(known, "select MIN(Date_of_Birth), MAX(Created_Time) from Contacts where id is not null")
    (newest,) = rows(known, "select Created_Time from Contacts where Last_Name = 'Zoë'")

    assert row == {"MIN(Date_of_Birth)": "2000-02-29", "MAX(Created_Time)": newest["Created_Time"]}


def test_a_view_filters_what_a_query_finds(known: Crm):
    view = known.view("Contacts", "My Contacts")

    assert names(known, f"Contacts#{view}", "id is not null") == ["Boyle", "O'Brien"]
    assert names(known.as_(SALES), f"Contacts#{view}", "id is not null") == ["Zoë"]
    assert names(known, f"Contacts#{view}", "Lead_Source = 'Partner'") == ["O'Brien"]


def test_a_view_of_another_module_or_none_is_refused(known: Crm):
    for view in (known.view("Accounts", "My Accounts"), "12"):
        answer = ask(known, f"select id from Contacts#{view} where id is not null")

        assert (answer.status, answer.code, answer.details) == (400, "INVALID_QUERY", {"cvid": view})


def test_potentials_go_by_their_old_name_too(known: Crm):
    assert names(known, "Potentials", "Deal_Name = 'Free'", "Deal_Name") == ["Free"]


def test_converted_leads_are_found_by_those_who_ask_for_them(crm: Crm):
    lead = crm.add("Leads", Last_Name="Old", Company="Acme")
    crm.add("Leads", Last_Name="New")
    converted = crm.post(f"/Leads/{lead}/actions/convert", {"data": [{}]})
    assert converted.status == 200, converted.body

    assert names(crm, "Leads", "id is not null") == ["New"]
    assert names(crm, "Leads", "Converted__s = true") == ["Old"]
    assert names(crm, "Leads", "$converted = true", version="v3") == ["Old"]
    assert rows(crm, "select $converted from Leads where $converted = 'true'", version="v3")[0]["$converted"] is True
    assert ask(crm, "select Converted__s from Leads where id > 0", version="v3").code == "INVALID_QUERY"


def test_what_is_in_the_recycle_bin_is_not_found_nor_joined(crm: Crm):
    account = crm.add("Accounts", Account_Name="Acme")
    crm.add("Contacts", Last_Name="Doe", Account_Name={"id": account})
    crm.delete(f"/Accounts/{account}")

    (row,) = rows(crm, "select Account_Name, Account_Name.Account_Name from Contacts where id is not null")

    assert (row["Account_Name"], row["Account_Name.Account_Name"]) == (None, None)
    assert names(crm, "Accounts", "id is not null", "Account_Name") == []
    assert names(crm, "Contacts", "Account_Name.Account_Name is null") == ["Doe"]


def test_chosen_options_are_compared_each_and_all_together(crm: Crm):
    options = [{"display_value": word, "actual_value": word} for word in ("English", "German", "Tamil")]
    field = {"field_label": "Languages", "data_type": "multiselectpicklist", "pick_list_values": options}
    assert crm.post("/settings/fields?module=Contacts", {"fields": [field]}).status == 201
    crm.add("Contacts", Last_Name="Two", Languages=["English", "German"])
    crm.add("Contacts", Last_Name="One", Languages=["German"])
    crm.add("Contacts", Last_Name="None")

    assert names(crm, "Contacts", "Languages = 'English;German'") == ["Two"]
    assert names(crm, "Contacts", "Languages = 'German'") == ["Two", "One"]
    assert names(crm, "Contacts", "Languages != 'English;German'") == ["One", "None"]
    assert names(crm, "Contacts", "Languages in ('English', 'Tamil')") == ["Two"]
    assert names(crm, "Contacts", "Languages like 'Eng%'") == ["Two"]
    assert names(crm, "Contacts", "Languages is null") == ["None"]
    assert names(crm, "Contacts", "Languages = 'German'", "Languages") == [["English", "German"], ["German"]]
    grouped = "select COUNT(id), Languages from Contacts where id > 0 group by Languages"
    assert {tuple(row["Languages"]) for row in rows(crm, grouped)} == {("English", "German"), ("German",), ()}


def test_the_metadata_of_the_columns_comes_when_asked_for(known: Crm):
    query = "select Last_Name, Account_Name.Account_Name from Contacts where id is not null limit 1"
    body = {"select_query": query, "include_meta": ["fields"]}

    answer = known.post("/coql", body)

    assert set(answer.body["fields"]) == {"Last_Name", "Account_Name.Account_Name"}
    assert answer.body["fields"]["Last_Name"]["data_type"] == "text"
    scopes = ("ZohoCRM.coql.READ", "ZohoCRM.modules.ALL")
    assert known.with_scopes(*scopes).post("/coql", body).code == "OAUTH_SCOPE_MISMATCH"
    assert known.with_scopes(*scopes, "ZohoCRM.settings.fields.READ").post("/coql", body).status == 200
