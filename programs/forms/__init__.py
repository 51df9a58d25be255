"""What people type, checked. Forms never save: the services do."""
