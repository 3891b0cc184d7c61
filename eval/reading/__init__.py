"""How well guidelines are read: text, order, tables, what is left out, and how fast."""
