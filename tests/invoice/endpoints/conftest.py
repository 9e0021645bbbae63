"""The world of the table and another one, brought back to what they were after each test that may have changed them."""

from collections.abc import Callable, Iterator

import pytest

from tests.invoice.conftest import Invoice
from tests.invoice.endpoints.world import Place, lived_in


@pytest.fixture(scope="session")
def furnished(new_world: Callable[..., Invoice]) -> Place:
    return lived_in(new_world())


@pytest.fixture(scope="session")
def another(new_world: Callable[..., Invoice]) -> Place:
    """A company without records: what was made in the world of the table is not there."""
    return Place(new_world(), {})


@pytest.fixture
def here(furnished: Place) -> Iterator[Place]:
    yield furnished
    furnished.kept.bring_back()


@pytest.fixture
def there(another: Place) -> Iterator[Place]:
    yield another
    another.kept.bring_back()
