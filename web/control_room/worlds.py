"""Worlds: make-believe companies that know nothing of each other; make, name, enter, reset, delete (X3)."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask import session as cookie
from flask.typing import ResponseReturnValue

from simulator.hub import HubError, new_world_id
from simulator.scenarios.pages import page_names, page_of
from web import session
from web.control_room.blueprint import acted, bp, hub, replaced, steered
from web.i18n import _


@bp.get("")
def start() -> ResponseReturnValue:
    return redirect(url_for("control_room.worlds"))


@bp.get("/worlds")
def worlds() -> ResponseReturnValue:
    return render_template(
        "control_room/worlds.html",
        worlds=hub().worlds(),
        scenarios=[page_of(name) for name in page_names()],
        is_shared=session.sessions().config.shared,
    )


@bp.post("/worlds")
def worlds_make() -> ResponseReturnValue:
    world, name = new_world_id(), request.form.get("name", "").strip()
    try:
        hub().create_world(world, request.form.get("scenario", ""), name)
    except HubError as error:
        flash(str(error), "bad")
        return redirect(url_for("control_room.worlds"), 303)
    flash(_("The world %(name)s is made. Enter it to work in it.", name=name or world), "good")
    return redirect(url_for("control_room.worlds_one", world=world), 303)


@bp.get("/worlds/<key:world>")
def worlds_one(world: str) -> ResponseReturnValue:
    return render_template(
        "control_room/world.html",
        world=find_world(world),
        snapshots=[row["name"] for row in hub().snapshots(world)],
        clock=hub().clock(world),
        may_steer=not session.sessions().config.shared or world == session.world(),
    )


@bp.post("/worlds/<key:world>/enter")
def worlds_enter(world: str) -> ResponseReturnValue:
    """As the same person, where he lives in that world too and needs no password; else by the door."""
    email, place = session.person().email, url_for("control_room.worlds_one", world=world)
    store = session.sessions()
    if store.config.shared or not store.sign_in(world, email):
        return redirect(url_for("signin.show", world=world, next=place), 303)
    cookie.clear()
    cookie["world"], cookie["email"] = world, email
    return redirect(place, 303)


@bp.post("/worlds/<key:world>/name")
def worlds_name(world: str) -> ResponseReturnValue:
    name = request.form.get("name", "").strip()
    return acted(lambda: hub().rename(steered(world), name), _("Named."), "worlds_one", world=world)


@bp.post("/worlds/<key:world>/reset")
def worlds_reset(world: str) -> ResponseReturnValue:
    done = _("The world is as it was made; clients and tokens stay good.")
    steered(world)
    return acted(replaced(world, lambda: hub().reset(world)), done, "worlds_one", world=world)


@bp.post("/worlds/<key:world>/delete")
def worlds_delete(world: str) -> ResponseReturnValue:
    steered(world)
    if len(hub().worlds()) == 1:
        flash(_("This is the last world; make another one before you delete it."), "bad")
        return redirect(url_for("control_room.worlds_one", world=world), 303)
    done = _("The world is deleted, its snapshots with it.")
    return acted(replaced(world, lambda: hub().delete_world(world)), done, "worlds")


def find_world(world: str) -> dict[str, Any]:
    """A world as the list has it.

    Raises:
        HubError: when there is none of this id.
    """
    found = next((row for row in hub().worlds() if row["id"] == world), None)
    if found is None:
        raise HubError(_("There is no world %(world)s.", world=world), 404)
    return found
