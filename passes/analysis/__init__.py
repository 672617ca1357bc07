"""Pure analyses; nothing here changes the IR."""
