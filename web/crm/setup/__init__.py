"""Setup of the CRM: its modules' layouts, its people and what they may do, its key for other products."""
