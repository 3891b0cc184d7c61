"""From digest sources to PDFs that look like printed guidelines."""
