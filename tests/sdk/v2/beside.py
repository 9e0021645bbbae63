"""What stands beside a record: tags, notes, attachments and its photo."""

import base64
from pathlib import Path

from stepping import World, is_a, same, step
from zcrmsdk.src.com.zoho.crm.api import attachments, notes, tags
from zcrmsdk.src.com.zoho.crm.api import record as records
from zcrmsdk.src.com.zoho.crm.api.users import User
from zcrmsdk.src.com.zoho.crm.api.util import StreamWrapper

from v2.sdk import answer, get, id_of, nothing, params, record, text

#: A picture of one point.
PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
LETTER = b"Dear Ida,\r\nthe cables are on their way.\r\n" + bytes(range(256))


def _sent(name: str) -> tags.BodyWrapper:
    tag, wanted = tags.Tag(), tags.BodyWrapper()
    tag.set_name(name)
    wanted.set_tags([tag])
    return wanted


@step
def a_tag_is_made(world: World) -> None:
    response = tags.TagsOperations().create_tags(_sent("VIP"), params(tags.CreateTagsParam, module="Accounts"))
    (outcome,) = answer(response, tags.ActionWrapper, 201).get_tags()

    world["vip"] = id_of(is_a(outcome, tags.SuccessResponse))


@step
def a_tag_is_renamed(world: World) -> None:
    asked = params(tags.UpdateTagParam, module="Accounts")
    response = tags.TagsOperations().update_tag(world["vip"], _sent("Very important"), asked)
    (outcome,) = answer(response, tags.ActionWrapper).get_tags()

    is_a(outcome, tags.SuccessResponse)


@step
def the_tags_of_a_module_are_listed(world: World) -> None:
    found = answer(tags.TagsOperations().get_tags(params(tags.GetTagsParam, module="Accounts")), tags.ResponseWrapper)
    (tag,) = found.get_tags()

    same((is_a(tag, tags.Tag).get_name(), tag.get_id()), ("Very important", world["vip"]))
    same(is_a(tag.get_created_by(), User).get_name(), "Asha Rao")


@step
def a_record_gets_tags(world: World) -> None:
    asked = params(tags.AddTagsToRecordParam, tag_names="Very important,New here")
    response = tags.TagsOperations().add_tags_to_record(world["bell"], "Accounts", asked)
    (outcome,) = answer(response, tags.RecordActionWrapper).get_data()

    is_a(outcome, tags.SuccessResponse)
    worn = [is_a(tag, tags.Tag).get_name() for tag in get("Accounts", world["bell"]).get_tag()]
    same(sorted(worn), ["New here", "Very important"])


@step
def the_records_of_a_tag_are_counted(world: World) -> None:
    asked = params(tags.GetRecordCountForTagParam, module="Accounts")

    same(
        answer(tags.TagsOperations().get_record_count_for_tag(world["vip"], asked), tags.CountWrapper).get_count(), "1"
    )


@step
def a_record_loses_a_tag(world: World) -> None:
    asked = params(tags.RemoveTagsFromRecordParam, tag_names="New here")
    response = tags.TagsOperations().remove_tags_from_record(world["bell"], "Accounts", asked)
    (outcome,) = answer(response, tags.RecordActionWrapper).get_data()

    is_a(outcome, tags.SuccessResponse)
    same([tag.get_name() for tag in get("Accounts", world["bell"]).get_tag()], ["Very important"])


@step
def a_note_is_written(world: World) -> None:
    note, wanted = notes.Note(), notes.BodyWrapper()
    note.set_note_title("Call")
    note.set_note_content("Wants a quote")
    note.set_parent_id(record(world["ida"]))
    note.set_se_module("Contacts")
    wanted.set_data([note])
    (outcome,) = answer(notes.NotesOperations().create_notes(wanted), notes.ActionWrapper, 201).get_data()

    world["note"] = id_of(is_a(outcome, notes.SuccessResponse))


@step
def a_note_is_changed_and_read(world: World) -> None:
    note, wanted = notes.Note(), notes.BodyWrapper()
    note.set_note_content("Wants two quotes")
    wanted.set_data([note])
    (outcome,) = answer(notes.NotesOperations().update_note(world["note"], wanted), notes.ActionWrapper).get_data()
    (found,) = answer(notes.NotesOperations().get_note(world["note"]), notes.ResponseWrapper).get_data()

    is_a(outcome, notes.SuccessResponse)
    same((is_a(found, notes.Note).get_note_title(), found.get_note_content()), ("Call", "Wants two quotes"))
    same((found.get_parent_id().get_id(), found.get_se_module()), (world["ida"], "Contacts"))


@step
def all_notes_are_listed_and_one_deleted(world: World) -> None:
    found = answer(notes.NotesOperations().get_notes(), notes.ResponseWrapper)

    same([one.get_id() for one in found.get_data()], [world["note"]])
    (outcome,) = answer(notes.NotesOperations().delete_note(world["note"]), notes.ActionWrapper).get_data()
    is_a(outcome, notes.SuccessResponse)
    nothing(notes.NotesOperations().get_notes())


def _attachments(world: World) -> attachments.AttachmentsOperations:
    return attachments.AttachmentsOperations("Accounts", world["bell"])


@step
def a_file_is_attached(world: World) -> None:
    file, wanted = Path(world.folder) / "letter.txt", attachments.FileBodyWrapper()
    file.write_bytes(LETTER)
    wanted.set_file(StreamWrapper(file_path=str(file)))
    (outcome,) = answer(_attachments(world).upload_attachment(wanted), attachments.ActionWrapper).get_data()

    world["letter"] = id_of(is_a(outcome, attachments.SuccessResponse))


@step
def attachments_are_listed(world: World) -> None:
    (found,) = answer(_attachments(world).get_attachments(), attachments.ResponseWrapper).get_data()

    same((is_a(found, attachments.Attachment).get_file_name(), found.get_size()), ("letter.txt", len(LETTER)))
    same((found.get_id(), found.get_parent_id().get_id()), (world["letter"], world["bell"]))


@step
def an_attachment_is_downloaded(world: World) -> None:
    response = _attachments(world).download_attachment(world["letter"])
    stream = is_a(answer(response, attachments.FileBodyWrapper).get_file(), StreamWrapper)

    same(stream.get_name(), "letter.txt")
    assert b"".join(stream.get_stream()) == LETTER


@step
def an_attachment_is_deleted(world: World) -> None:
    (outcome,) = answer(_attachments(world).delete_attachment(world["letter"]), attachments.ActionWrapper).get_data()

    same(id_of(is_a(outcome, attachments.SuccessResponse)), world["letter"])
    nothing(_attachments(world).get_attachments())


@step
def a_photo_is_uploaded_and_downloaded(world: World) -> None:
    file, wanted = Path(world.folder) / "ida.png", records.FileBodyWrapper()
    file.write_bytes(PNG)
    wanted.set_file(StreamWrapper(file_path=str(file)))
    operations = records.RecordOperations()
    done = answer(operations.upload_photo(world["ida"], "Contacts", wanted), records.SuccessResponse)
    found = answer(operations.get_photo(world["ida"], "Contacts"), records.FileBodyWrapper)

    same(text(done.get_status()), "success")
    assert b"".join(found.get_file().get_stream()) == PNG
    answer(operations.delete_photo(world["ida"], "Contacts"), records.SuccessResponse)
