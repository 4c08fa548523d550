// Package training reads histories of features and failures, keeps learned
// hazards in files and tells how good they are.
//
// A history is a table, a row a unit and period: a time (a number, or a date,
// which counts in days), whether the unit failed, features as numbers (empty:
// missing) and, where the horizon is not zero, which unit it is.
//
// A model file is JSON of at most 64 MiB: the model of package hazard, the
// columns it was trained on and the time from which on rows were held out.
package training
