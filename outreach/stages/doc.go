// Package stages tells how long customers waited for a person: from when a text or an
// escalated case came in until it was first read, given to somebody, first answered and
// closed, and how often that took longer than the policy allows.
package stages
