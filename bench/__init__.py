"""The benchmarks, each on the code path that the service runs."""
