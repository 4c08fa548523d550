// Package forecast says how many pieces of each part each depot will need, as
// a whole distribution, where the need comes from, and what to order.
//
//	prognoses --+
//	cases ------+--> claims of vehicles --> fleet: exact convolution --+
//	bookings ---+    (booked | predicted)                              +--> demand --> stock --> order
//	parts used -----> what nobody predicted: gamma-Poisson ------------+
//
// A vehicle claims the parts of a component's job once, by the first that holds:
//
//	booked visit within the horizon   its parts x show-up probability
//	open or offered case              accepts, or declines and fails all the same
//	anything else                     the prognosis' failure probability
//
// so known demand is netted out of the predicted one, never added to it. Plan
// is a pure function; Service reads the stores, plans, orders and keeps the plan.
package forecast
