"""Running the product: one command for all processes, and a doctor for them."""
