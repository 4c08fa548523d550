package sqlstore

import "presage"

// The filters of tests that do not name the root's yet.
type (
	BookingFilter = presage.BookingFilter
	CaseFilter    = presage.CaseFilter
	MessageFilter = presage.MessageFilter
	StockFilter   = presage.StockFilter
	WatchFilter   = presage.AlertFilter
)
