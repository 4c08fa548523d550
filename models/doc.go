// Package models turns stored telemetry into prognoses.
//
//	samples --RollUp--> roll-up of a vehicle-day --Track--> Prognoser --> prognosis per component
//	                                                            ^
//	                          labels, the fleet's own slopes ---+ Learn
//
// RollUp condenses the valid readings of one vehicle-day into a few dozen
// numbers. A Track holds a vehicle's days column by column. The Prognoser
// applies the component catalogue to a track: which law judges a component,
// by which limit and with which priors is data (catalogue.yaml).
//
// # How a measured quantity becomes a probability
//
// A quantity that drifts (pad wear against distance; rest voltage, state of
// health, tyre pressure against days) is a Bayesian line with the fleet's slopes
// as prior and heavy-tailed noise (package wear). The probability of failure
// within h days is the posterior mass of lines that have crossed the limit
// after the distance or time of h more days, which is itself uncertain. Days
// of silence count as driven: the usage they hide only widens the answer.
// A jump against the direction of wear is a renewal and restarts the line.
//
// # What the fleet's own history says
//
//	roll-ups, labels --TrainingRows--> a row a week, failures --training--> hazard --WithLearned--> Prognoser
//	                      ^                                                                          |
//	                      +------------------------- ReadTraits -------------------------------------+
//
// A hazard learned from what the service recorded replaces the law of a part
// without a wear sensor and is pooled with that of one with a sensor (Learned).
// Training and the pass read their inputs by the same function, from days that
// were over and nothing that the fleet has taught. Without a hazard nothing changes.
//
// # Params of the laws
//
// Slopes are per 1,000 km for wear and per day otherwise. prior_slope and
// prior_slope_sd describe the fleet before Learn; prior_noise is the standard
// deviation of one day's value; future_cv is how far the coming slope strays
// from the past one, relative; half_life_days discounts old days; window_days
// is the oldest day read; min_days is the number of days below which a status
// is unknown; renewal_step is the jump that means a new part. A component is
// due when the failure probability within 30 or 60 days reaches due_p30 or
// due_p60, watched when the one within 90 days reaches watch_p90.
package models
