"""What partners earn on invoice lines that really came: rebates, commissions, statements."""
