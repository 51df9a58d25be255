"""The only writers of this floor, besides the monitoring pass itself."""
