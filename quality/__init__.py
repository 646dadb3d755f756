"""Is it good enough to keep: rules as data, suites, verdicts, the balance sheet, the report."""
