// Package backtest lives through a real fleet's past: forecasts of replacements
// as they would have been made at a cut, against what came.
//
//	odometer_monthly.csv  group, bus_id, year_month, odometer_mi
//	engine_spells.csv     bus_id, start_odometer_mi, end_odometer_mi, event (1 replaced, 0 still in)
//
// What is known at the end of the cut's month is what lies before it: odometer
// readings until then, and the replacements whose odometer a unit had reached by
// then. A spell that ends later is a part alive at the unit's odometer. Units
// come from the odometer file; one without a reading in the cut's month or the
// two before it has left the fleet: its lives teach, but it gets no forecast. A
// unit silent for a month or two is taken to have gone on as usual. Rows after the cut
// change nothing but the score.
//
// A replacement's month is that in which the unit's odometer first reaches it.
// Parts are taken as watched since new: a spell tells the part's whole life.
// Where the spells file has a column entry_mi, the part is taken as watched
// from that age on (left truncation).
//
// Demand is the same outlook as exact distributions of the parts asked for, by group and
// for the fleet; History what a forecast from past demand alone would know.
package backtest
