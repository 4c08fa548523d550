package sqlstore

// dealerTables are what is kept about customers for the systems of dealers.
func dealerTables() []personal {
	return []personal{
		{
			name: "dealer_visits", mine: `customer_id = $1`, why: keptForWork,
			erase: `UPDATE dealer_visits SET customer_id = $2 WHERE customer_id = $1`,
		},
		{
			name: "merges", mine: `customer_id = $1`, secret: []string{"body"},
			erase: `DELETE FROM merges WHERE customer_id = $1`,
		},
		{
			name: "external_ids", mine: `kind = 'customer' AND id = $1`,
			erase: `DELETE FROM external_ids WHERE kind = 'customer' AND id = $1`,
		},
		{
			name: "outbox_events", mine: `customer_id = $1`,
			erase: `DELETE FROM outbox_events WHERE customer_id = $1`,
		},
	}
}
