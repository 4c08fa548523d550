// Package eval measures how good forecasts of failures are: whether the
// probabilities are calibrated, whether they tell the failing from the living,
// how early the alarms come and how many come for nothing.
//
//	Brier, LogLoss, Skill        proper scores of probabilities
//	Reliability, CalibrationError what was said against what happened
//	Concordance                  order of risks against order of failures (Harrell)
//	IntegratedBrier              over a horizon, censoring weighted (Graf et al. 1999)
//	Coverage, RandomisedPIT      of intervals and whole distributions
//	Alarms                       lead time, hits, alarms per 1,000 vehicle-years
//	Origins                      rolling origins that cannot see the future
//
// Everything is floats in, floats out; inputs that do not fit together are an
// ErrInvalid.
package eval
