"""Thin views, one module per object of the site map."""
