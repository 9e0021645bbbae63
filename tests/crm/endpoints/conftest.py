"""The world of the table and another one, brought back to what they were after each test that may have changed them."""

from collections.abc import Callable, Iterator

import pytest

from tests.crm.api import Crm
from tests.crm.endpoints.world import Place, furnish


@pytest.fixture(scope="session")
def furnished(new_world: Callable[..., Crm]) -> Place:
    crm = new_world("demo")
    return Place(crm, furnish(crm))


@pytest.fixture(scope="session")
def another(new_world: Callable[..., Crm]) -> Place:
    """A company without records: what was made in the world of the table is not there."""
    return Place(new_world(), {})


@pytest.fixture
def here(furnished: Place) -> Iterator[Place]:
    yield furnished
    furnished.tidy_up()


@pytest.fixture
def there(another: Place) -> Iterator[Place]:
    yield another
    another.tidy_up()
