"""The Invoice workspace: contacts, items, estimates and invoices, with Invoice's own API behind them."""
