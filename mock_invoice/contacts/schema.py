"""What may come in for contacts, their people and addresses (invoice-api.md §3.2)."""

from mock_invoice.fields import Amount, BodySchema, Choice, Flag, Id, Ids, Many, One, RawList, Text, Whole


class AddressSchema(BodySchema):
    attention = Text(100)
    address = Text(500)
    street2 = Text(255)
    city = Text(100)
    state = Text(100)
    state_code = Text(20)
    zip = Text(50)
    country = Text(100)
    country_code = Text(10)
    county = Text(100)
    fax = Text(50)
    phone = Text(50)


class PersonSchema(BodySchema):
    contact_person_id = Id()
    salutation = Text(25)
    first_name = Text(100)
    last_name = Text(100)
    email = Text(100)
    phone = Text(50)
    mobile = Text(50)
    designation = Text(100)
    department = Text(50)
    skype = Text(50)
    fax = Text(50)
    is_primary_contact = Flag()
    enable_portal = Flag()
    zcrm_contact_id = Text(30)


class PersonOfContactSchema(PersonSchema):
    """A person sent by himself: the body says whose he is."""

    contact_id = Id()


class TemplatesSchema(BodySchema):
    invoice_template_id = Text(30)
    estimate_template_id = Text(30)
    creditnote_template_id = Text(30)
    invoice_email_template_id = Text(30)
    estimate_email_template_id = Text(30)
    creditnote_email_template_id = Text(30)


class ContactSchema(BodySchema):
    contact_name = Text(200)
    company_name = Text(200)
    contact_type = Choice(("customer", "vendor"))
    customer_sub_type = Choice(("business", "individual"))
    website = Text(200)
    language_code = Text(10)
    contact_number = Text(50)
    notes = Text(10_000)
    facebook = Text(100)
    twitter = Text(100)
    currency_id = Id()
    payment_terms = Whole(least=-3, most=3650)
    payment_terms_label = Text(200)
    credit_limit = Amount()
    is_portal_enabled = Flag()
    gst_treatment = Text(60)
    gst_no = Text(30)
    place_of_contact = Text(60)
    is_taxable = Flag()
    track_1099 = Flag()
    tax_id = Id()
    tax_exemption_id = Id()
    owner_id = Text(30)
    crm_owner_id = Text(30)
    zcrm_account_id = Text(30)
    zcrm_contact_id = Text(30)
    billing_address = One(AddressSchema)
    shipping_address = One(AddressSchema)
    contact_persons = Many(PersonSchema, most=500)
    default_templates = One(TemplatesSchema)
    custom_fields = RawList()


class PortalSchema(BodySchema):
    """Who of a customer's people is let into the portal."""

    contact_persons = Many(PersonSchema, most=500)


class MergeSchema(BodySchema):
    contact_ids = Ids()


CONTACT, PERSON, ADDRESS = ContactSchema(), PersonOfContactSchema(), AddressSchema()
PORTAL, MERGE = PortalSchema(), MergeSchema()
