package main

import "testing"

// The commands of docs/orders.md, as they stand there, one after the other.
func TestDocumentedOrders(t *testing.T) {
	t.Parallel()
	runDocumented(t, "../../docs/orders.md", []string{
		`"state":"placed"`, `"state":"confirmed"`, `"received":3,"cancelled":0,"open":7`, `"created":0,"updated":1`,
		`"pieces":-1,"on_hand":8`, "D1,BP-F-2041,2,receipt,3,7,",
	})
}

// The commands of docs/records.md, as they stand there, one after the other.
func TestDocumentedRecords(t *testing.T) {
	t.Parallel()
	runDocumented(t, "../../docs/records.md", []string{
		`"dry_run":true,"rows":2,"created":1,"updated":1`, `"created":0,"updated":3,"unchanged":0`, "1 created, 1 updated; 0 unchanged",
		"BP-F-2041,,129.00,CNY,,", "parts.xlsx written",
	})
}
