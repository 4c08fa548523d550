package presage

import "time"

// HeldTime is a time that open offers keep for their customers.
type HeldTime struct {
	Start, End time.Time
	Offers     int // how many offers have a slot that covers it
	Vans       int // of them, slots of vans, with their way there and back
}

// HeldTimeFilter selects what offers hold at a workshop.
type HeldTimeFilter struct {
	WorkshopID  string
	From, To    time.Time // slots that touch [From, To)
	Now         time.Time // offers whose HeldUntil is after it
	ExceptOffer string    // the offer whose customer asks, "" for none
}
