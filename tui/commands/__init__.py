"""One function for each command that prints an answer and ends; ``cli`` holds the table that names them."""
