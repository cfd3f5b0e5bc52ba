"""Clinical forms, declared once: fields, reading, rules, showing; knows no database and no page."""
