"""The control room: the simulator as a tool, for anybody signed in to the world."""
