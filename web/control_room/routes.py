"""All pages of the control room."""

from web.control_room import clock, faults, journal, outbox, pausing, replay, snapshots, worlds
from web.control_room.blueprint import bp as bp

#: The modules add their routes to the one blueprint.
PARTS = (clock, faults, journal, outbox, pausing, replay, snapshots, worlds)
