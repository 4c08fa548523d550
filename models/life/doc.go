// Package life fits distributions of lives: what the lives of a population say about
// parts that have survived so far.
//
// Lives are what workshops really know: exact, right-censored (still alive),
// interval-censored (failed between two visits) and left-truncated (only seen
// because it had survived until then), in any mix, with covariates and counts.
//
//	Fit            one family by maximum likelihood
//	FitInspections one family where only inspections tell, and renew
//	Choose         all families, the best by AIC
//	Distribution   the fitted one: survival, quantiles
//	QuantileRange  likelihood-ratio interval of a quantile
//	GoodnessOfFit  parametric bootstrap of the distance to the product limit
//	ProductLimit   Kaplan-Meier with delayed entry
//	MeanCumulative recurrent events (Nelson), PowerLaw (Crow-AMSAA)
//	Population     a Weibull distribution with an uncertain rate, updated in closed form
//
// Sources: Meeker & Escobar, Statistical Methods for Reliability Data (1998);
// Lawless, Statistical Models and Methods for Lifetime Data (2nd ed., 2003);
// Nelson, Recurrent Events Data Analysis (2003); Prentice (1974) for the
// generalised gamma; Crow (1974) for the power-law process.
package life
