// Package casework moves cases from state to state and knows the alerts that
// stand on them. Every room of outreach does so through it.
package casework
