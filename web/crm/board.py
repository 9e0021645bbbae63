"""Potentials as a board by stage: what stands in each, its sum and probability, and a way to move them."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from flask import render_template
from flask.typing import ResponseReturnValue

from web.crm.blueprint import API, bp, quoted
from web.crm.modules import MODULES
from web.crm.values import Shown, currency, shown
from web.session import crm

#: Cards a column shows; the list has the others.
CARDS = 20
#: Stages whose cards fit into the 200 rows of one query together.
TOGETHER = 200 // CARDS
CARDS_OF = (
    "select Deal_Name, Amount, Account_Name, Closing_Date, Stage from Deals"
    " where Stage in ({stages}) order by id desc limit {limit}"
)
SUMS = "select Stage, COUNT(id), SUM(Amount) from Deals where id is not null group by Stage limit 200"


@dataclass(frozen=True)
class Card:
    """A potential on the board."""

    id: str
    name: str
    amount: Shown
    account: Shown
    closing: Shown


@dataclass(frozen=True)
class Column:
    """A stage with what stands in it."""

    stage: str
    label: str
    probability: int
    count: int
    total: Decimal
    cards: list[Card]

    @property
    def tone(self) -> str:
        return {100: "won", 0: "lost"}.get(self.probability, "open")


@bp.get("/potentials/board")
def potentials_board() -> ResponseReturnValue:
    stages = stages_of_potentials()
    sums = sums_by_stage()
    cards = _cards({stage: sums[stage][0] for stage, _label, _probability in stages if stage in sums})
    columns = [
        Column(stage, label, probability, *sums.get(stage, (0, Decimal(0))), cards.get(stage, []))
        for stage, label, probability in stages
    ]
    return render_template(
        "crm/board.html",
        module=MODULES["potentials"],
        columns=columns,
        stages=[(stage, label) for stage, label, _ in stages],
        currency=currency(),
        shown=CARDS,
    )


def stages_of_potentials() -> list[tuple[str, str, int]]:
    """The stages in their order, each as it is written, as it is read, and with its probability."""
    layout = crm().get(f"{API}/settings/layouts", module="Deals")["layouts"][0]
    fields = [one for section in layout["sections"] for one in section["fields"] if one["api_name"] == "Stage"]
    return [
        (one["actual_value"], one["display_value"], int(one.get("probability") or 0))
        for field in fields
        for one in field["pick_list_values"]
        if one["actual_value"] != "-None-"
    ]


def sums_by_stage() -> dict[str, tuple[int, Decimal]]:
    """How many potentials stand in each stage that has some, and what they come to."""
    answer = crm().post(f"{API}/coql", {"select_query": SUMS}) or {}
    return {row["Stage"]: (int(row["COUNT(id)"]), Decimal(row["SUM(Amount)"] or 0)) for row in answer.get("data", ())}


def _cards(counts: dict[str, int]) -> dict[str, list[Card]]:
    """The newest potentials of each stage: stages with few are read together, one with more on its own."""
    few = [stage for stage, count in counts.items() if count <= CARDS]
    asked = [few[start : start + TOGETHER] for start in range(0, len(few), TOGETHER)]
    asked += [[stage] for stage in counts if stage not in few]
    cards: dict[str, list[Card]] = {stage: [] for stage in counts}
    for stages in asked:
        query = CARDS_OF.format(stages=", ".join(map(quoted, stages)), limit=CARDS * len(stages))
        answer: dict[str, Any] = crm().post(f"{API}/coql", {"select_query": query}) or {}
        for record in answer.get("data", ()):
            cards.setdefault(str(record["Stage"]), []).append(_card(record))
    return cards


def _card(record: dict[str, Any]) -> Card:
    amount, account, closing = (shown(record, field) for field in ("Amount", "Account_Name", "Closing_Date"))
    return Card(str(record["id"]), str(record["Deal_Name"]), amount, account, closing)
