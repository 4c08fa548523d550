// Package rules holds what an operator decides about outreach, for all its rooms.
package rules
