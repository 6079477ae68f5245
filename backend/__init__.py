"""What is so: people, requests, ledgers, events, timers and the audit log, in SQL."""
