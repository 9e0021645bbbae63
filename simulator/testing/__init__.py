"""For tests of other projects: a world for each test, and what must be true of any connector after a sync.

The fixtures are in `simulator.pytest_plugin`, which pytest finds by itself once the package is installed.
"""

from simulator.testing.assertions import (
    assert_calls,
    assert_converged,
    assert_idempotent,
    assert_no_echo,
    assert_nothing_lost,
)
from simulator.testing.connectors import Connector, OurConnector
from simulator.testing.synced import ACCOUNTS, CUSTOMERS, PERSONS, PRODUCTS, Kind, Synced
from simulator.testing.zoho import Zoho

__all__ = [
    "ACCOUNTS",
    "CUSTOMERS",
    "PERSONS",
    "PRODUCTS",
    "Connector",
    "Kind",
    "OurConnector",
    "Synced",
    "Zoho",
    "assert_calls",
    "assert_converged",
    "assert_idempotent",
    "assert_no_echo",
    "assert_nothing_lost",
]
