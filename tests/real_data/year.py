"""The year of sales as its files have it, counted independently of everything under test, and how it is imported."""

import csv
import os
from collections import Counter, defaultdict
from decimal import Decimal
from pathlib import Path

import pytest

from tests.support.live import Live

FOLDER = Path(os.environ.get("SALES_PIPELINE_DIR", ""))

needs_the_data = pytest.mark.skipif(
    "SALES_PIPELINE_DIR" not in os.environ, reason="SALES_PIPELINE_DIR does not name the data set of real sales"
)

ACCOUNT_OPTIONS = [
    *("--map", "account=Account_Name", "--map", "sector=Industry", "--map", "revenue=Annual_Revenue"),
    *("--map", "employees=Employees", "--map", "office_location=Billing_Country"),
    *("--map", "subsidiary_of=Parent_Account", "--add-values", "Industry"),
]
PRODUCT_OPTIONS = [
    *("--map", "product=Product_Name", "--map", "series=Product_Category", "--map", "sales_price=Unit_Price"),
    *("--add-values", "Product_Category"),
]
POTENTIAL_OPTIONS = [
    *("--map", "opportunity_id=Deal_Name", "--map", "product=Product_Name", "--map", "account=Account_Name"),
    *("--map", "deal_stage=Stage", "--map", "close_date=Closing_Date", "--map", "close_value=Amount"),
    *("--date-format", "%m/%d/%Y", "--translate", "Stage:Won=Closed Won", "--translate", "Stage:Lost=Closed Lost"),
    *("--translate", "Product_Name:GTXPro=GTX Pro", "--add-stage", "Engaging=20", "--add-stage", "Prospecting=10"),
]


def import_accounts_and_products(live: Live) -> None:
    live.command("import", "crm", "Accounts", str(FOLDER / "accounts.csv"), *ACCOUNT_OPTIONS)
    live.command("import", "crm", "Products", str(FOLDER / "products.csv"), *PRODUCT_OPTIONS)


def import_potentials(live: Live) -> None:
    live.command("import", "crm", "Potentials", str(FOLDER / "sales_pipeline.csv"), *POTENTIAL_OPTIONS)


def potentials() -> list[dict[str, str]]:
    with (FOLDER / "sales_pipeline.csv").open(newline="") as handle:
        return list(csv.DictReader(handle))


def stages() -> Counter[str]:
    return Counter(row["deal_stage"] for row in potentials())


def won_by_account() -> dict[str, Decimal]:
    sums: dict[str, Decimal] = defaultdict(Decimal)
    for row in potentials():
        if row["deal_stage"] == "Won":
            sums[row["account"]] += Decimal(row["close_value"])
    return dict(sums)
