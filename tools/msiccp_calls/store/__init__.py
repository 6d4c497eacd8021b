"""The database: tables, views, migrations, and how a call record becomes rows."""
