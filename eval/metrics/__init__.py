"""One measure a file: each takes one question's outcome and returns a number, higher for better."""
