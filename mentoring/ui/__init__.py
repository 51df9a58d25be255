"""Components, lists, charts and navigation of the pages."""
