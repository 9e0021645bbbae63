"""Asking by COQL, and a world to ask."""

from typing import Any

import pytest

from tests.crm.api import SALES, Answer, Crm


def ask(crm: Crm, query: str, **more: Any) -> Answer:
    return crm.post("/coql", {"select_query": query}, **more)


def rows(crm: Crm, query: str, **more: Any) -> list[dict[str, Any]]:
    answer = ask(crm, query, **more)
    assert answer.status in (200, 204), answer.body
    return list(answer.body["data"]) if answer.body else []


def names(crm: Crm, module: str, where: str, field: str = "Last_Name", **more: Any) -> list[Any]:
    return [row[field] for row in rows(crm, f"select {field} from {module} where {where}", **more)]


@pytest.fixture(scope="module")
def known(new_world: Any) -> Crm:
    """A world that no test changes: accounts in a line, contacts of them, potentials to count."""
    crm = new_world()
    king = crm.add("Accounts", Account_Name="King", Industry="Technology", Employees=7)
    zylker = crm.add("Accounts", Account_Name="Zylker", Parent_Account={"id": king}, Annual_Revenue=100.5)
    crm.add("Accounts", Account_Name="Ünïcorn", Industry="Education", Annual_Revenue=-0.01, Employees=7)
    crm.add(
        "Contacts",
        Last_Name="Boyle",
        First_Name="Pat",
        Account_Name={"id": zylker},
        Email="pat@boyle.example",
        Email_Opt_Out=True,
        Date_of_Birth="2000-02-29",
        Lead_Source="Trade Show",
        Title="Head of it all",
    )
    crm.add("Contacts", Last_Name="O'Brien", Account_Name={"id": king}, Lead_Source="Partner")
    crm.as_(SALES).add("Contacts", Last_Name="Zoë", Department="R&D (new), 50%")
    for stage, amount in (("Qualification", 10), ("Qualification", 0.1), ("Closed Won", 0.2)):
        crm.add("Deals", Deal_Name=f"{stage} {amount}", Stage=stage, Amount=amount)
    crm.add("Deals", Deal_Name="Free", Stage="Closed Won")
    return crm
