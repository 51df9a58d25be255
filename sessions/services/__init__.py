"""The only writers of this floor, one module per noun."""
