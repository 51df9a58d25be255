"""Pages of the coordinator: board, lists, flags, rules, messages."""
