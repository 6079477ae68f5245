"""The backend by itself: ledgers, calendars, events, timers, delivery, jobs."""
