"""What readers' pages cost: `make bench`. How it measures stands in docs/performance.md."""
