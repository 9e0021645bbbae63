"""Entity triggers: a potential won or lost in the CRM makes or voids a document of Invoice (guide: Entity Triggers)."""
