"""What may come in for items (invoice-api.md §4)."""

from mock_invoice.fields import Amount, BodySchema, Choice, Flag, Id, RawList, Text


class ItemSchema(BodySchema):
    name = Text(100)
    rate = Amount()
    description = Text(2000)
    unit = Text(50)
    sku = Text(100)
    product_type = Choice(("goods", "service", "digital_service"))
    item_type = Choice(("sales", "purchases", "sales_and_purchases", "inventory"))
    is_taxable = Flag()
    tax_id = Id()
    tax_exemption_id = Id()
    hsn_or_sac = Text(20)
    purchase_rate = Amount()
    purchase_description = Text(2000)
    zcrm_product_id = Text(30)
    crm_owner_id = Text(30)
    custom_fields = RawList()


ITEM = ItemSchema()
