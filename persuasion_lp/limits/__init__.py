"""What a whole call may take: seconds and bytes, stated at the door, read by whoever works."""
