"""What stands beside a record: tags, notes, attachments and its photo."""

import base64
from datetime import datetime
from pathlib import Path

from stepping import World, is_a, same, step
from zohocrmsdk.src.com.zoho.crm.api import attachments, notes, tags
from zohocrmsdk.src.com.zoho.crm.api import record as records
from zohocrmsdk.src.com.zoho.crm.api.modules import MinifiedModule
from zohocrmsdk.src.com.zoho.crm.api.users import MinifiedUser
from zohocrmsdk.src.com.zoho.crm.api.util import StreamWrapper

from v8.sdk import answer, get, id_of, nothing, params, text

#: A picture of one point.
PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
LETTER = b"Dear Ida,\r\nthe cables are on their way.\r\n" + bytes(range(256))


def _tag(name: str) -> tags.Tag:
    made = tags.Tag()
    made.set_name(name)
    return made


@step
def tags_are_made(world: World) -> None:
    wanted = tags.BodyWrapper()
    wanted.set_tags([_tag("VIP"), _tag("Trade fair")])
    response = tags.TagsOperations().create_tags(wanted, params(tags.CreateTagsParam, module="Accounts"))
    outcomes = answer(response, tags.ActionWrapper, 201).get_tags()

    same([text(is_a(one, tags.SuccessResponse).get_code()) for one in outcomes], ["SUCCESS"] * 2)
    world["vip"] = id_of(outcomes[0])


@step
def the_tags_of_a_module_are_listed(world: World) -> None:
    found = answer(tags.TagsOperations().get_tags(params(tags.GetTagsParam, module="Accounts")), tags.ResponseWrapper)
    by_name = {is_a(one, tags.Tag).get_name(): one for one in found.get_tags()}

    same(set(by_name), {"VIP", "Trade fair"})
    same(by_name["VIP"].get_id(), world["vip"])
    same(is_a(by_name["VIP"].get_created_by(), MinifiedUser).get_name(), "Asha Rao")


@step
def a_tag_is_renamed(world: World) -> None:
    wanted = tags.BodyWrapper()
    wanted.set_tags([_tag("Very important")])
    asked = params(tags.UpdateTagParam, module="Accounts")
    (outcome,) = answer(tags.TagsOperations().update_tag(world["vip"], wanted, asked), tags.ActionWrapper).get_tags()

    is_a(outcome, tags.SuccessResponse)


@step
def a_record_gets_tags(world: World) -> None:
    wanted = tags.NewTagRequestWrapper()
    wanted.set_tags([_tag("Very important"), _tag("New here")])
    response = tags.TagsOperations().add_tags("Accounts", world["bell"], wanted)
    (outcome,) = answer(response, tags.RecordActionWrapper).get_data()

    is_a(outcome, tags.RecordSuccessResponse)
    worn = [is_a(tag, tags.Tag).get_name() for tag in get("Accounts", world["bell"]).get_tag()]
    same(sorted(worn), ["New here", "Very important"])


@step
def the_records_of_a_tag_are_counted(world: World) -> None:
    asked = params(tags.GetRecordCountForTagParam, module="Accounts")
    found = answer(tags.TagsOperations().get_record_count_for_tag(world["vip"], asked), tags.CountResponseWrapper)

    same(str(found.get_count()), "1")


@step
def a_record_loses_a_tag(world: World) -> None:
    worn = tags.ExistingTag()
    worn.set_name("New here")
    wanted = tags.ExistingTagRequestWrapper()
    wanted.set_tags([worn])
    response = tags.TagsOperations().remove_tags("Accounts", world["bell"], wanted)
    (outcome,) = answer(response, tags.RecordActionWrapper).get_data()

    is_a(outcome, tags.RecordSuccessResponse)
    same([tag.get_name() for tag in get("Accounts", world["bell"]).get_tag()], ["Very important"])


def _note(content: str, **parent: int) -> notes.Note:
    made = notes.Note()
    made.set_note_title("Call")
    made.set_note_content(content)
    for module, record_id in parent.items():
        of = MinifiedModule()
        of.set_api_name(module)
        stands_beside = notes.ParentId()
        stands_beside.set_module(of)
        stands_beside.set_id(record_id)
        made.set_parent_id(stands_beside)
    return made


@step
def a_note_is_written(world: World) -> None:
    wanted = notes.BodyWrapper()
    wanted.set_data([_note("Wants a quote", Contacts=world["ida"])])
    (outcome,) = answer(notes.NotesOperations().create_notes(wanted), notes.ActionWrapper, 201).get_data()

    world["note"] = id_of(is_a(outcome, notes.SuccessResponse))


@step
def a_note_is_changed_and_read(world: World) -> None:
    wanted = notes.BodyWrapper()
    wanted.set_data([_note("Wants two quotes")])
    (outcome,) = answer(notes.NotesOperations().update_note(world["note"], wanted), notes.ActionWrapper).get_data()
    asked = params(notes.GetNoteParam, fields="Note_Title,Note_Content,Parent_Id,Owner,Created_Time")
    (found,) = answer(notes.NotesOperations().get_note(world["note"], asked), notes.ResponseWrapper).get_data()

    is_a(outcome, notes.SuccessResponse)
    same((is_a(found, notes.Note).get_note_title(), found.get_note_content()), ("Call", "Wants two quotes"))
    parent = is_a(found.get_parent_id(), notes.ParentId)
    same((parent.get_id(), parent.get_module().get_api_name()), (world["ida"], "Contacts"))
    is_a(found.get_created_time(), datetime)


@step
def all_notes_are_listed(world: World) -> None:
    asked = params(notes.GetNotesParam, fields="Note_Title,Note_Content,Parent_Id")
    found = answer(notes.NotesOperations().get_notes(asked), notes.ResponseWrapper)

    same([is_a(one, notes.Note).get_id() for one in found.get_data()], [world["note"]])
    same(found.get_info().get_count(), 1)


@step
def a_note_is_deleted(world: World) -> None:
    (outcome,) = answer(notes.NotesOperations().delete_note(world["note"]), notes.ActionWrapper).get_data()

    is_a(outcome, notes.SuccessResponse)
    asked = params(notes.GetNotesParam, fields="Note_Title")
    nothing(notes.NotesOperations().get_notes(asked))


@step
def a_file_is_attached(world: World) -> None:
    wanted = attachments.FileBodyWrapper()
    file = Path(world.folder) / "letter.txt"
    file.write_bytes(LETTER)
    wanted.set_file(StreamWrapper(file_path=str(file)))
    response = attachments.AttachmentsOperations().upload_attachments(world["bell"], "Accounts", wanted)
    (outcome,) = answer(response, attachments.ActionWrapper).get_data()

    world["letter"] = id_of(is_a(outcome, attachments.SuccessResponse))


@step
def a_link_is_attached(world: World) -> None:
    asked = params(attachments.UploadUrlAttachmentsParam, attachmenturl="https://bell.example/plan.pdf", title="Plan")
    response = attachments.AttachmentsOperations().upload_url_attachments(world["bell"], "Accounts", asked)
    (outcome,) = answer(response, attachments.ActionWrapper).get_data()

    world["plan"] = id_of(is_a(outcome, attachments.SuccessResponse))


@step
def attachments_are_listed(world: World) -> None:
    fields = "id,File_Name,Size,Owner,Parent_Id,Created_Time,$type,$link_url,$file_id,$se_module"
    asked = params(attachments.GetAttachmentsParam, fields=fields)
    response = attachments.AttachmentsOperations().get_attachments(world["bell"], "Accounts", asked)
    found = {one.get_id(): one for one in answer(response, attachments.ResponseWrapper).get_data()}

    letter, plan = found[world["letter"]], found[world["plan"]]
    same((is_a(letter, attachments.Attachment).get_file_name(), letter.get_size()), ("letter.txt", str(len(LETTER))))
    same(letter.get_parent_id().get_id(), world["bell"])
    same((letter.get_type(), plan.get_type()), ("File", "Link URL"))
    same(plan.get_link_url(), "https://bell.example/plan.pdf")


@step
def an_attachment_is_downloaded(world: World) -> None:
    response = attachments.AttachmentsOperations().get_attachment(world["letter"], world["bell"], "Accounts")
    stream = is_a(answer(response, attachments.FileBodyWrapper).get_file(), StreamWrapper)

    same(stream.get_name(), "letter.txt")
    assert b"".join(stream.get_stream()) == LETTER


@step
def an_attachment_is_deleted(world: World) -> None:
    response = attachments.AttachmentsOperations().delete_attachment(world["letter"], world["bell"], "Accounts")
    (outcome,) = answer(response, attachments.ActionWrapper).get_data()

    same(id_of(is_a(outcome, attachments.SuccessResponse)), world["letter"])


@step
def a_photo_is_uploaded_and_downloaded(world: World) -> None:
    wanted = records.FileBodyWrapper()
    wanted.set_file(StreamWrapper("ida.png", PNG))
    operations = records.RecordOperations("Contacts")
    done = answer(operations.upload_photo(world["ida"], wanted), records.SuccessResponse)
    found = answer(operations.get_photo(world["ida"]), records.FileBodyWrapper)

    same(text(done.get_status()), "success")
    same(b"".join(found.get_file().get_stream()), PNG)
    is_a(answer(operations.delete_photo(world["ida"]), records.SuccessResponse), records.SuccessResponse)
    nothing(operations.get_photo(world["ida"]))
