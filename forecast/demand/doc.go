// Package demand forecasts how many pieces of each part will be asked for from
// the history of the demand alone: whole distributions, for every period ahead
// or for the sum of the periods, of one series or of a hundred thousand.
//
//	history --> rolling origins --> scores of each method by class --> weights
//	   |                                                                  |
//	   +--> methods fitted on all of it --> distributions --> weighted mean of the CDFs
//
// Every method answers with cumulative probabilities on one support, so that
// the ensemble is the mean of numbers that stand side by side. The ranked
// probability score of such a mean is a quadratic form in the weights, whose
// coefficients rolling origins give; the best weights are found exactly
// (weights.go), for each class of Syntetos, Boylan and Croston (2005) by
// itself, and shrunk towards equal ones of those that learn most from the
// assortment.
//
//	croston, sba, tsb, adida, imapa   points, with a negative binomial about them
//	empirical, bootstrap              what happened before (WSS 2004)
//	filter                            discounted gamma-Poisson, pooled over the assortment
//	dynamic                           damped dynamic negative binomial (Snyder, Ord and Beaumont 2012)
//	pooled, analogue                  one distribution for the assortment: state of a series -> what came next
//	seasonal                          pooled, with the assortment's months; has to earn its place
//	born                              pooled, on what came since the first demand: zeros before it are no history
//	boosted                           born, its means moved by gradient-boosted trees over windows, age and silence
//
// A part that is called off in equal numbers every period is told by its run
// (constant.go), and one that is hardly known by what the others' demands swing
// (young.go); both are mixed into the ensemble's law. Means of running sums are
// the sums of the means of single periods, and their distributions follow them
// (follow.go), unless they are asked for apart.
//
// The demand of a lead time is the sum of its periods as a distribution of its
// own, by simulated paths, by a distribution closed under addition, or by a distribution fitted
// to sums; quantiles are never added.
//
// Everything is a pure function of its arguments; draws come from generators
// seeded by the options and the series' id, so that the same history gives the
// same forecast on any number of cores.
package demand
