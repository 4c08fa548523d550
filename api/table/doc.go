// Package table writes what planners and operators take away as CSV.
package table
