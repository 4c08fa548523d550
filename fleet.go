package presage

// Fleet is what an operator registers at once: who and what there is. Rows with
// a known key are replaced, those that are left out stay.
type Fleet struct {
	Depots    []Depot
	Workshops []Workshop
	Customers []Customer
	Vehicles  []Vehicle
	Stock     []Stock
}
