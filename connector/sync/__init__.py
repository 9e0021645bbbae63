"""The sync engine (sync.md): fetch, plan, apply, recover. Links and ops are its only memory."""
