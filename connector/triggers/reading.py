"""What a trigger needs to know of a potential, read from the CRM's record."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from connector.models import Potential
from connector.settings import customer_kind

POTENTIAL_FIELDS = [
    "Deal_Name",
    "Stage",
    "Probability",
    "Amount",
    "Account_Name",
    "Contact_Name",
    "Product_Name",
    "Closing_Date",
    "Modified_Time",
    "Created_Time",
]


#: The lookup of a potential to the record that becomes its customer, by the kind of that record.
CUSTOMER_FIELD = {"account": "Account_Name", "customer": "Contact_Name"}


@dataclass(frozen=True)
class Facts:
    """A potential as the rules see it. `probability` is None where the field was removed from the layout.

    Its account is the record that is its customer: in the module Contacts that is its contact (requirement G3).
    """

    id: str
    name: str
    stage: str
    probability: int | None
    amount: Decimal | None
    account_id: str | None
    account_name: str | None
    product_id: str | None
    modified: str
    created: str = ""

    @property
    def outcome(self) -> str:
        """Won, lost or open, by the Probability alone (guide: Probability; requirement G2)."""
        if self.probability is None:
            return "unknown"
        return {100: "won", 0: "lost"}.get(self.probability, "open")


def facts_of(record: dict[str, Any], settings: dict[str, Any]) -> Facts:
    """The facts of a CRM record, whose customer is the module's that is synced."""
    account, product = record.get(CUSTOMER_FIELD[customer_kind(settings)]), record.get("Product_Name")
    probability, amount = record.get("Probability"), record.get("Amount")
    return Facts(
        id=str(record["id"]),
        name=str(record.get("Deal_Name") or ""),
        stage=str(record.get("Stage") or ""),
        probability=None if probability is None else int(probability),
        amount=None if amount is None else Decimal(str(amount)),
        account_id=str(account["id"]) if account else None,
        account_name=str(account["name"]) if account else None,
        product_id=str(product["id"]) if product else None,
        modified=str(record["Modified_Time"]),
        created=str(record.get("Created_Time") or ""),
    )


def seen_before(facts: Facts, known: Potential | None) -> bool:
    """Whether a potential was evaluated in this very state; its time alone is too coarse to tell."""
    return known is not None and (
        (known.name, known.stage, known.probability, known.amount, known.account_id, known.crm_modified)
        == (facts.name, facts.stage, facts.probability, facts.amount or Decimal(0), facts.account_id, facts.modified)
    )
