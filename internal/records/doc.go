// Package records reads what other systems send: tables as CSV and lists as JSON. Each field
// keeps its place, so that all that is wrong can be told at once, by line and column or by
// JSON pointer.
package records
