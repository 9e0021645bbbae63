"""What estimates and invoices share: lines, totals, numbers, status rules, mail."""
