"""The typed design: what a file may say, checked, frozen, and free of any formula."""
