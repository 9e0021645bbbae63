"""Customers are made, found, changed, put aside and deleted."""

from pyzohoapi.exceptions import ZohoBadRequest
from pyzohoapi.objecttypes import Contact
from stepping import World, raises, same, step

from with_pyzohoapi.client import books, find, new, page, post


@step
def a_contact_is_made_with_its_people_and_addresses(world: World) -> None:
    acme = new(
        world,
        Contact,
        contact_name="Acme",
        company_name="Acme Ltd",
        payment_terms=30,
        payment_terms_label="Net 30",
        billing_address={"address": "1 Main St", "city": "Springfield", "zip": "12345", "country": "U.S.A"},
        contact_persons=[
            {"first_name": "Jo", "last_name": "Doe", "email": "jo@acme.example", "phone": "555-0100"},
            {"first_name": "Max", "last_name": "Roe", "email": "max@acme.example"},
        ],
    )

    same((acme.contact_name, acme.email, acme.first_name, acme.status), ("Acme", "jo@acme.example", "Jo", "active"))
    same((acme.payment_terms, acme.payment_terms_label), (30, "Net 30"))
    same([one["is_primary_contact"] for one in acme.contact_persons], [True, False])
    world["acme"] = acme.ID


@step
def the_contact_is_read_again_just_as_it_was_made(world: World) -> None:
    acme = find(world, Contact, world["acme"])

    same((acme.company_name, acme.billing_address.city, acme.currency_code), ("Acme Ltd", "Springfield", "USD"))
    same((acme.outstanding_receivable_amount, acme.unused_credits_receivable_amount), (0, 0))


@step
def the_same_name_is_refused(world: World) -> None:
    raises(ZohoBadRequest, 'The customer "Acme" already exists', lambda: new(world, Contact, contact_name="Acme"))


@step
def a_change_sends_only_what_changed(world: World) -> None:
    acme = find(world, Contact, world["acme"])
    acme.notes = "Pays late"
    acme.Update()

    again = find(world, Contact, world["acme"])
    same((again.notes, again.company_name, len(again.contact_persons)), ("Pays late", "Acme Ltd", 2))


@step
def the_billing_address_is_changed_alone(world: World) -> None:
    acme = find(world, Contact, world["acme"])
    acme.billing_address.city = "Shelbyville"
    acme.UpdateBilling()

    again = find(world, Contact, world["acme"])
    same((again.billing_address.city, again.billing_address.zip, again.notes), ("Shelbyville", "12345", "Pays late"))


@step
def another_person_becomes_the_primary_one(world: World) -> None:
    max_roe = find(world, Contact, world["acme"]).contact_persons[1]["contact_person_id"]

    message = post(world, Contact, "contactpersons", max_roe, "primary")

    same(message, "This contact person has been marked as your primary contact person.")
    same(find(world, Contact, world["acme"]).email, "max@acme.example")


@step
def contacts_are_found_by_name_and_by_part_of_it(world: World) -> None:
    new(world, Contact, contact_name="Acme North")

    same(Contact(books(world), contact_name="Acme").First().ID, world["acme"])
    same({one.contact_name for one in Contact(books(world), contact_name_contains="cme")}, {"Acme", "Acme North"})
    same(Contact(books(world), contact_name="Nobody").First().ID, None)


@step
def the_client_walks_from_page_to_page(world: World) -> None:
    for number in range(5):
        new(world, Contact, contact_name=f"Bulk {number}")

    found = [one["contact_name"] for one in Contact(books(world), per_page="2").Iter(raw=True)]

    same(found, sorted(found))
    same(len(found), 7)
    same(page(world, "contacts", "page=9")["page_context"]["has_more_page"], False)


@step
def a_contact_is_put_aside_and_taken_back(world: World) -> None:
    bulk = Contact(books(world), contact_name="Bulk 0").First()

    same((bulk.Deactivate(), find(world, Contact, bulk.ID).status), (True, "inactive"))
    same([one["contact_name"] for one in Contact(books(world), filter_by="Status.Inactive").Iter(raw=True)], ["Bulk 0"])
    same((bulk.Activate(), find(world, Contact, bulk.ID).status), (True, "active"))


@step
def a_contact_is_deleted_and_then_not_there(world: World) -> None:
    bulk = Contact(books(world), contact_name="Bulk 4").First()
    there = bulk.ID
    bulk.Delete()

    same(bulk.IsDeleted, True)
    same(find(world, Contact, there).IsLoaded, False)
