package main

import "testing"

// The commands of docs/orders.md, as they stand there, one after the other.
func TestDocumentedOrders(t *testing.T) {
	t.Parallel()
	runDocumented(t, "../../docs/orders.md", []string{
		`"state":"placed"`, `"state":"confirmed"`, `"received":3,"cancelled":0,"open":7`, `"refused":["line 3: `,
		`"pieces":-1,"on_hand":8`, "D1,BP-F-2041,2,receipt,3,7,",
	})
}
