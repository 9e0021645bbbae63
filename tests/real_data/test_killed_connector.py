"""The connector is killed again and again while the year comes in: nothing is lost, nothing is made twice."""

import random
import threading
import time
from decimal import Decimal
from pathlib import Path

import pytest

from tests.real_data import year
from tests.support.live import Live

pytestmark = [year.needs_the_data, pytest.mark.real_data, pytest.mark.xdist_group("killed")]

KILLS = 20
SEED = 20261122


@pytest.mark.requirement("G7")
def test_killed_at_20_random_moments_of_the_import_there_are_still_exactly_4238_invoices(tmp_path: Path):
    live = Live(tmp_path)
    chance = random.Random(SEED)
    try:
        live.connect(contacts={"module": "accounts"}, triggers={"document": "invoice"})
        year.import_accounts_and_products(live)
        live.sync()
        importing = threading.Thread(target=year.import_potentials, args=(live,))
        importing.start()

        for _ in range(KILLS):
            time.sleep(chance.uniform(0.2, 2.0))
            live.kill_connector()
            live.start_connector()
        importing.join()
        live.settle()
        live.sync()

        invoices = list(live.invoice.invoices())
        assert len(invoices) == 4_238
        assert sum(row["total"] for row in invoices) == Decimal("10005534.00")
        assert len({row["zcrm_potential_id"] for row in invoices}) == 4_238
    finally:
        live.stop_restarted()
        live.stop()
