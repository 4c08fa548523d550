// Package eval measures how good forecasts of failures are: whether the
// probabilities are calibrated and whether they tell the failing from the living.
//
//	Brier, LogLoss               proper scores of probabilities
//	Reliability, CalibrationError what was said against what happened
//	Concordance                  order of risks against order of failures (Harrell)
//	Coverage, RandomisedPIT      of intervals and whole distributions
//	Origins                      rolling origins that cannot see the future
//
// Everything is floats in, floats out; inputs that do not fit together are an
// ErrInvalid.
package eval
