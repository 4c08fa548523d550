// Package port holds what a customer's page shows of an offer.
package port
