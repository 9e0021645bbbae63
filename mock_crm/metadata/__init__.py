"""The schema of the CRM as data: modules, fields, layouts, views, stages and related lists."""
