"""Pages: fetch, require, one service or query, render."""
