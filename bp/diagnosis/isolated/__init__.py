"""The other process: what runs in it, and what goes to and fro. Nothing here imports bp."""
