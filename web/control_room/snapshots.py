"""Snapshots of a world: keep its state under a name, and bring it back, its time too (X3)."""

from collections import Counter

from flask import render_template, request
from flask.typing import ResponseReturnValue

from web.control_room.blueprint import acted, bp, hub, replaced, steered
from web.control_room.journal import PARTS
from web.control_room.worlds import find_world
from web.i18n import _

#: No more differences than these are listed.
LISTED = 200


@bp.post("/worlds/<key:world>/snapshots")
def worlds_snapshot(world: str) -> ResponseReturnValue:
    name = request.form.get("name", "").strip()
    done = _("Kept as %(name)s.", name=name)
    steered(world)
    return acted(lambda: hub().snapshot(world, name), done, "worlds_one", world=world)


@bp.post("/worlds/<key:world>/snapshots/<key:name>/restore")
def worlds_restore(world: str, name: str) -> ResponseReturnValue:
    done = _("The world is as kept in %(name)s, its time too.", name=name)
    steered(world)
    return acted(replaced(world, lambda: hub().restore(world, name)), done, "worlds_one", world=world)


@bp.get("/worlds/<key:world>/snapshots/<key:name>")
def worlds_compare(world: str, name: str) -> ResponseReturnValue:
    """What differs between a snapshot and another one, or the world as it is now, record by record."""
    steered(world)
    other = request.args.get("with") or None
    found = hub().differences(world, name, other)
    return render_template(
        "control_room/compare.html",
        world=find_world(world),
        name=name,
        other=other,
        others=[row["name"] for row in hub().snapshots(world) if row["name"] != name],
        found=found[:LISTED],
        more=len(found) - LISTED,
        counts=Counter(row["what"] for row in found),
        parts=PARTS,
    )
