"""The tests. A package, so that tests in one folder can use the helpers of another."""
