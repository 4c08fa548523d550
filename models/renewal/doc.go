// Package renewal says when the units of a fleet will need a part replaced,
// from the lives of the parts so far and from the use that each unit makes of
// them. A replaced part begins its life anew.
//
//	lives by group --Fit--> draws of the groups' Weibulls --+
//	use a month   --Forecast--> use ahead, with its spread -----+--Ahead--> probability a unit,
//	age of each unit's part ------------------------------------+           replacements a month
//
// The distribution of a group is Weibull. Groups (models, depots) are pooled in part:
// logarithms of scales and of shapes are normal around the fleet's, and how far
// they stray is itself learned, so that a group with three failures borrows from
// one with thirty, and a fleet of one group is not a special case. The posterior is
// drawn by Metropolis steps. Ahead takes one draw at a time for the whole fleet:
// what is unsure of the distribution is shared by all units and widens the fleet's counts
// much more than it moves any one unit.
//
// Where draws of failures would be too coarse, Counter gives the exact distribution of a
// unit's replacements under one draw, month by month, for a convolution over
// the fleet.
//
// Everything is floats in, floats out, and deterministic by the random source.
package renewal
