package sqlstore

// dealerTables are what is kept about customers for the systems of dealers.
func dealerTables() []personal {
	return []personal{
		{
			name: "outbox_events", mine: `customer_id = $1`,
			erase: `DELETE FROM outbox_events WHERE customer_id = $1`,
		},
	}
}
