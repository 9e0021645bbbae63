"""Customers and their contact persons."""

from stepping import World, same, step

from with_zohobooks.client import api, model, refused


@step
def a_contact_is_made_from_a_form(world: World) -> None:
    acme = model(
        "Contact",
        contact_name="Ümlaut & Söhne",
        company_name="Ümlaut GmbH",
        payment_terms=15,
        payment_terms_label="Net 15",
        notes="Pays = always + on time",
        billing_address=model("Address", address="1 Main St", city="Köln", zip="50667", country="Germany"),
        contact_persons=[
            model("ContactPerson", first_name="Jo", last_name="Doe", email="jo@acme.example", is_primary_contact=True)
        ],
    )
    made = api(world, "contacts").create(acme)

    same((made.get_contact_name(), made.get_notes()), ("Ümlaut & Söhne", "Pays = always + on time"))
    same((made.get_payment_terms(), made.get_status(), made.get_billing_address().get_city()), (15, "active", "Köln"))
    world["acme"], (jo,) = made.get_contact_id(), made.get_contact_persons()
    world["jo"] = jo.get_contact_person_id()


@step
def the_contact_is_read(world: World) -> None:
    found = api(world, "contacts").get(world["acme"])

    same((found.get_company_name(), found.get_currency_code()), ("Ümlaut GmbH", "USD"))
    same((found.get_outstanding_receivable_amount(), found.get_has_transaction()), (0, False))


@step
def the_same_name_is_refused(world: World) -> None:
    message = refused(3062, api(world, "contacts").create, model("Contact", contact_name="Ümlaut & Söhne"))

    same(message, 'The customer "Ümlaut & Söhne" already exists. Please specify a different name.')


@step
def the_contact_is_changed_with_the_token_in_the_query(world: World) -> None:
    # The client sends terms of 0 days unless it is given others.
    change = model("Contact", company_name="Ümlaut AG", payment_terms=15)
    changed = api(world, "contacts").update(world["acme"], change)

    same((changed.get_company_name(), changed.get_notes()), ("Ümlaut AG", "Pays = always + on time"))


@step
def contacts_are_listed_and_filtered(world: World) -> None:
    api(world, "contacts").create(model("Contact", contact_name="Other"))
    names = [one.get_contact_name() for one in api(world, "contacts").get_contacts().get_contacts()]
    some = api(world, "contacts").get_contacts({"contact_name_startswith": "Oth"}).get_contacts()

    same((names, [one.get_contact_name() for one in some]), (["Other", "Ümlaut & Söhne"], ["Other"]))
    world["other"] = some[0].get_contact_id()


@step
def a_page_has_as_many_as_were_asked_for(world: World) -> None:
    second = api(world, "contacts").get_contacts({"page": 2, "per_page": 1}).get_contacts()

    same([one.get_contact_name() for one in second], ["Ümlaut & Söhne"])


@step
def a_person_is_added(world: World) -> None:
    person = model("ContactPerson", contact_id=world["acme"], first_name="Max", email="max@acme.example", phone="1")
    made = api(world, "contact_persons").create(person)

    same((made.get_contact_id(), made.get_first_name(), made.get_is_primary_contact()), (world["acme"], "Max", False))
    world["max"] = made.get_contact_person_id()


@step
def a_person_is_changed_and_read(world: World) -> None:
    person = model("ContactPerson", contact_id=world["acme"], first_name="Max", last_name="Roe")
    same(api(world, "contact_persons").update(world["max"], person).get_last_name(), "Roe")

    same(api(world, "contact_persons").get(world["max"]).get_email(), "max@acme.example")


@step
def a_person_becomes_the_primary_one(world: World) -> None:
    message = api(world, "contact_persons").mark_as_primary_contact(world["max"])

    same(message, "This contact person has been marked as your primary contact person.")
    people = api(world, "contact_persons").get_contact_persons(world["acme"]).get_contact_persons()
    same({one.get_first_name(): one.get_is_primary_contact() for one in people}, {"Jo": False, "Max": True})


@step
def a_person_is_deleted(world: World) -> None:
    same(api(world, "contact_persons").delete(world["jo"]), "The contact person has been deleted.")


@step
def a_contact_is_put_aside_and_taken_back(world: World) -> None:
    contacts = api(world, "contacts")

    same(contacts.mark_inactive(world["other"]), "The contact has been marked as inactive.")
    same(contacts.get(world["other"]).get_status(), "inactive")
    same(contacts.mark_active(world["other"]), "The contact has been marked as active.")


@step
def reminders_of_a_contact_are_switched(world: World) -> None:
    contacts = api(world, "contacts")
    contacts.disable_payment_reminder(world["other"])
    same(contacts.get(world["other"]).get_payment_reminder_enabled(), False)
    same(
        contacts.enable_payment_reminder(world["other"]),
        "All reminders associated with this contact have been enabled.",
    )


@step
def a_letter_goes_to_the_contact(world: World) -> None:
    mail = model("Email", subject="Hello", body="Dear Max", to_mail_ids=["max@acme.example"])

    same(api(world, "contacts").email_contact(world["acme"], mail), "Email has been sent.")


@step
def a_statement_is_prepared_and_sent(world: World) -> None:
    prepared = api(world, "contacts").get_statement_mail_content(world["acme"], "2026-01-01", "2026-12-31")
    assert prepared.get_subject(), "a statement needs a subject"
    same([one.get_email() for one in prepared.get_to_contacts()], ["max@acme.example"])

    mail = model("Email", subject="Statement", body="Dear Max", to_mail_ids=["max@acme.example"])
    sent = api(world, "contacts").email_statement(world["acme"], mail, "2026-01-01", "2026-12-31")
    same(sent, "Statement has been sent to the Customer.")


@step
def what_happened_to_a_contact_is_told(world: World) -> None:
    told = api(world, "contacts").list_comments(world["acme"]).get_comments()

    assert any("created" in one.get_description().lower() for one in told), [one.get_description() for one in told]


@step
def a_contact_is_deleted(world: World) -> None:
    same(api(world, "contacts").delete(world["other"]), "The customer has been deleted.")
    refused(1002, api(world, "contacts").get, world["other"])
