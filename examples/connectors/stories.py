"""What happens to a connector in real life, and what must be true then. Each story fits any connector."""

from simulator.testing import Zoho, assert_converged, assert_idempotent, assert_no_echo, assert_nothing_lost


def changed_in_the_crm(zoho: Zoho) -> None:
    acme = add_account(zoho, "Acme")
    zoho.sync()

    with assert_no_echo(zoho):
        zoho.crm.update_records("Accounts", [{"id": acme, "Website": "https://acme.example"}])


def changed_in_invoice(zoho: Zoho) -> None:
    add_account(zoho, "Acme")
    zoho.sync()
    (customer,) = zoho.invoice.contacts()

    with assert_nothing_lost(zoho):
        zoho.invoice.update_contact(customer["contact_id"], {"notes": "pays by wire"})
    assert_idempotent(zoho)


def more_than_a_page(zoho: Zoho) -> None:
    names = [{"Account_Name": f"Account {number:03d}"} for number in range(201)]
    for first in range(0, len(names), 100):
        zoho.crm.create_records("Accounts", names[first : first + 100])
    zoho.sync()

    assert_converged(zoho)


def deleted_in_the_crm(zoho: Zoho) -> None:
    acme, _ = add_account(zoho, "Acme"), add_account(zoho, "Zylker")
    zoho.sync()

    with assert_nothing_lost(zoho):
        zoho.crm.delete_records("Accounts", [acme])
    assert_converged(zoho)


def renamed_in_the_crm(zoho: Zoho) -> None:
    acme = add_account(zoho, "Acme")
    zoho.sync()

    with assert_nothing_lost(zoho):
        zoho.crm.update_records("Accounts", [{"id": acme, "Account_Name": "Acme Limited"}])


def answers_of_the_crm_are_lost(zoho: Zoho) -> None:
    """The CRM does what it is asked, and nobody hears of it."""
    zoho.invoice.create_contact({"contact_name": "Acme"})
    zoho.faults.add("crm", "cut", when="after", method="POST", route="/Accounts", times=1)
    zoho.sync()
    zoho.sync()

    assert zoho.faults.hits("crm") == 1
    assert_converged(zoho)
    assert_idempotent(zoho)


def add_account(zoho: Zoho, name: str) -> str:
    (made,) = zoho.crm.create_records("Accounts", [{"Account_Name": name}])
    return str(made["details"]["id"])


STORIES = (
    changed_in_the_crm,
    changed_in_invoice,
    more_than_a_page,
    deleted_in_the_crm,
    renamed_in_the_crm,
    answers_of_the_crm_are_lost,
)
