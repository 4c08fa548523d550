// Package booking searches appointments: pure functions over a workshop's
// hours, its bays and technicians and what is already taken. It sells nothing;
// the store does that under database constraints, and a slot found here may be
// gone by then.
//
// Hours are wall-clock hours in the workshop's zone, so that a workshop opens
// at 08:00 on both sides of a clock change. Inside, times are UTC and sit on a
// grid of 15 minutes.
package booking
