"""`make contract`: schemathesis tries the JSON endpoints against what they say of themselves."""
