"""Who calls the connector is asked of the product once for the calls of one page, and each time for a change."""

from tests.support.world import URLS, World

PAGE = f"00-{'a' * 32}-{'b' * 16}-01"


def get(world: World, path: str, token: str, trace: str = PAGE) -> int:
    headers = {"Authorization": f"Zoho-oauthtoken {token}", "traceparent": trace}
    return int(world.outbound.call("GET", URLS["connector"] + path, headers=headers, attempts=1).status)


def asked(world: World) -> int:
    entries = world.control("invoice", "GET", f"/{world.id}/journal?path=/introspect&limit=1000").json()["entries"]
    return len(entries)


def test_the_calls_of_one_page_ask_once_who_calls(world: World):
    world.connect()
    token = world.sign_in("invoice")
    before = asked(world)

    answers = [get(world, path, token) for path in ("/connection", "/connection/settings", "/connection/runs")]
    once = asked(world) - before
    get(world, "/connection", token, trace=PAGE.replace("a", "c"))

    assert answers == [200, 200, 200]
    assert once == 1
    assert asked(world) - before == 2


def test_a_token_that_was_refused_is_asked_about_again(world: World):
    world.connect()

    answers = [get(world, "/connection", f"1000.{world.id}wrong.wrong") for _ in range(2)]

    assert answers == [401, 401]


def test_a_change_is_asked_about_each_time(world: World):
    world.connect()
    token = world.sign_in("invoice")
    headers = {"Authorization": f"Zoho-oauthtoken {token}", "traceparent": PAGE}
    before = asked(world)

    for act in ("pause", "resume"):
        world.outbound.call("POST", f"{URLS['connector']}/connection/{act}", headers=headers)

    assert asked(world) - before == 2
