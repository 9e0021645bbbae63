"""The CRM's workspace: records of its modules and the Setup pages, with the CRM's own API behind them."""
