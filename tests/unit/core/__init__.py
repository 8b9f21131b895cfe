"""What every family has: exact answers, orders, instance files."""
