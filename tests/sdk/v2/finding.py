"""Search and COQL."""

from stepping import World, is_a, same, step
from zcrmsdk.src.com.zoho.crm.api import query
from zcrmsdk.src.com.zoho.crm.api.record import Record, RecordOperations, ResponseWrapper, SearchRecordsParam

from v2.sdk import answer, nothing, params, text


def _search(module: str, **asked: object) -> list[Record]:
    response = RecordOperations().search_records(module, params(SearchRecordsParam, **asked))
    return [is_a(found, Record) for found in answer(response, ResponseWrapper).get_data()]


def _body(select: str) -> query.BodyWrapper:
    made = query.BodyWrapper()
    made.set_select_query(select)
    return made


@step
def records_are_found_by_criteria(world: World) -> None:
    (found,) = _search("Deals", criteria="((Deal_Name:starts_with:Switch) and (Stage:equals:Proposal/Price Quote))")

    same((found.get_id(), found.get_key_value("Stage").get_value()), (world["switchboard"], "Proposal/Price Quote"))


@step
def records_are_found_by_a_lookup(world: World) -> None:
    found = _search("Contacts", criteria=f"(Account_Name:equals:{world['bell']})")

    same({one.get_key_value("Last_Name") for one in found}, {"Bell", "Vance"})


@step
def records_are_found_by_email(world: World) -> None:
    same([one.get_id() for one in _search("Contacts", email="ida@bell.example")], [world["ida"]])


@step
def records_are_found_by_phone(world: World) -> None:
    same([one.get_id() for one in _search("Contacts", phone="555-0112")], [world["otto"]])


@step
def records_are_found_by_a_word(world: World) -> None:
    same([one.get_id() for one in _search("Leads", word="Quill")], [world["petra"]])


@step
def a_search_without_a_hit_has_no_content(world: World) -> None:
    nothing(RecordOperations().search_records("Leads", params(SearchRecordsParam, word="nowhere")))


@step
def coql_selects_records(world: World) -> None:
    select = "select Deal_Name, Amount from Deals where Amount > 600 order by Amount desc limit 5"
    found = answer(query.QueryOperations().get_records(_body(select)), query.ResponseWrapper)

    (deal,) = found.get_data()
    same((is_a(deal, Record).get_id(), deal.get_key_value("Amount")), (world["switchboard"], 1100.75))
    same((found.get_info().get_count(), found.get_info().get_more_records()), (1, False))


@step
def a_query_that_cannot_be_read_is_refused(world: World) -> None:
    select = "select Nothing_Such from Deals where id is not null"
    refused = answer(query.QueryOperations().get_records(_body(select)), query.APIException, 400)

    same(text(refused.get_code()), "INVALID_QUERY")
