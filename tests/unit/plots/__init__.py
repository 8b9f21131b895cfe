"""Pictures: what their frames hold."""
