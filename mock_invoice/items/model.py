"""The table of items."""

from decimal import Decimal

from sqlalchemy import ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from mock_invoice.contacts.model import unique_when_set
from mock_invoice.database import Key, Record
from mock_invoice.settings.tax_model import Tax
from simulator.money import Money


class Item(Record):
    """Something that is sold."""

    __table_args__ = (
        Index("uq_item_name", "organization_id", "name", unique=True),
        Index("ix_item_modified", "organization_id", "last_modified_time"),
        Index(
            "uq_item_sku",
            "organization_id",
            "sku",
            unique=True,
            sqlite_where=text("sku <> ''"),
        ),
        unique_when_set("uq_item_zcrm_product", "zcrm_product_id"),
    )

    name: Mapped[str] = mapped_column(String(100))
    description: Mapped[str] = mapped_column(Text, default="")
    rate: Mapped[Decimal] = mapped_column(Money)
    unit: Mapped[str] = mapped_column(String(50), default="")
    sku: Mapped[str] = mapped_column(String(100), default="")
    status: Mapped[str] = mapped_column(String(10), default="active")
    source: Mapped[str] = mapped_column(String(20), default="api")
    product_type: Mapped[str] = mapped_column(String(20), default="goods")
    item_type: Mapped[str] = mapped_column(String(30), default="sales")
    is_taxable: Mapped[bool] = mapped_column(default=True)
    tax_id: Mapped[int | None] = mapped_column(Key, ForeignKey("tax.id"))
    tax_exemption_id: Mapped[int | None] = mapped_column(Key, ForeignKey("tax_exemption.id"))
    hsn_or_sac: Mapped[str] = mapped_column(String(20), default="")
    image_name: Mapped[str] = mapped_column(String(255), default="")
    purchase_rate: Mapped[Decimal] = mapped_column(Money, default=Decimal(0))
    purchase_description: Mapped[str] = mapped_column(Text, default="")
    zcrm_product_id: Mapped[str] = mapped_column(String(30), default="")
    crm_owner_id: Mapped[str] = mapped_column(String(30), default="")

    tax: Mapped[Tax | None] = relationship(lazy="joined")

    @property
    def is_purchased(self) -> bool:
        """Whether it can stand on purchases too. Those are not emulated; the flag is shown."""
        return self.item_type != "sales"

    @property
    def is_active(self) -> bool:
        return self.status == "active"
