"""What gets printed or exported: records in; text, PDF and sheets out. No tables, no screens."""
