// Package storetest holds what every telemetry store must do, as tests that
// each store runs against itself:
//
//	func TestStore(t *testing.T) {
//		storetest.Run(t, func(t *testing.T) storetest.Store { ... })
//	}
package storetest
