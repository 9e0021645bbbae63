"""The tables of sales orders."""

from datetime import date
from decimal import Decimal

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from mock_invoice.database import Key
from mock_invoice.documents.model import Document, Line
from mock_invoice.documents.status import next_order_state, order_status
from mock_invoice.settings.sub_status_model import SubStatus
from simulator.money import Money


class SalesOrder(Document):
    """An order. How far it is invoiced is kept in step with its invoices by `invoiced.recount`."""

    __table_args__ = (
        Index("uq_sales_order_number", "organization_id", "number", unique=True),
        Index("ix_sales_order_modified", "organization_id", "last_modified_time"),
        Index("ix_sales_order_created", "organization_id", "created_time", "id"),
        Index("ix_sales_order_customer", "customer_id"),
        Index("ix_sales_order_potential", "organization_id", "zcrm_potential_id"),
    )

    shipment_date: Mapped[date | None]
    delivery_method: Mapped[str] = mapped_column(String(100), default="")
    crm_custom_reference_id: Mapped[str] = mapped_column(String(100), default="")
    estimate_id: Mapped[int | None] = mapped_column(Key, ForeignKey("estimate.id"), index=True)
    #: Empty, `partially_invoiced` or `invoiced`.
    invoiced_status: Mapped[str] = mapped_column(String(20), default="")
    #: Counts as long as the order has the status above it.
    sub_status_id: Mapped[int | None] = mapped_column(Key, ForeignKey("sub_status.id"), index=True)

    sub_status: Mapped[SubStatus | None] = relationship(SubStatus)

    lines: Mapped[list["SalesOrderLine"]] = relationship(
        cascade="all, delete-orphan", order_by="SalesOrderLine.item_order", passive_deletes=True
    )

    def status(self, today: date) -> str:
        return order_status(self.state, self.invoiced_status, self.shipment_date, today)

    def move(self, action: str, today: date) -> bool:
        """Does `open`, `confirmed` or `void`; says whether that changed anything."""
        state = next_order_state(action, self.status(today))
        if state is None:
            return False
        self.state, self.sub_status = state, None
        self.touch()
        return True


class SalesOrderLine(Line):
    sales_order_id: Mapped[int] = mapped_column(Key, ForeignKey("sales_order.id", ondelete="CASCADE"), index=True)
    quantity_invoiced: Mapped[Decimal] = mapped_column(Money, default=Decimal(0))
