"""The house rules, as tests: a rule that is only prose will be broken."""
