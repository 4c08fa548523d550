package models

import (
	"presage"
	"presage/models/life"
	"presage/models/wear"
)

// fleet is what is known of all vehicles together.
type fleet struct {
	perDay float64  // km, mean
	priors []priors // in the catalogue's order
	byDay  wear.Ahead
	byKm   wear.Ahead // of kmPerDay a day, in units of 1,000 km
}

// priors are one component's params and what the fleet has taught of them.
type priors struct {
	line       wear.Prior
	crank      wear.Prior
	window     float64 // days
	halfLife   float64 // days
	step       float64
	population life.Population
}

// typicalPerDay is 40 km a day, about 14,600 km a year.
const typicalPerDay = 40.

func newFleet(cat *presage.Catalogue) *fleet {
	f := &fleet{perDay: typicalPerDay, priors: make([]priors, len(cat.Components))}
	f.byDay.Look(wear.Usage{PerDay: 1})
	f.byKm.Look(wear.Usage{PerDay: kmPerDay / 1000})
	for i, c := range cat.Components {
		p := c.Params
		f.priors[i] = priors{
			line:   wear.Prior{Slope: p["prior_slope"], SlopeSD: p["prior_slope_sd"], Noise: p["prior_noise"]},
			crank:  wear.Prior{Slope: p["crank_prior_slope"], SlopeSD: p["crank_prior_slope_sd"], Noise: p["crank_prior_noise"]},
			window: p["window_days"], halfLife: p["half_life_days"], step: p["renewal_step"],
			population: life.Population{
				Weibull: life.Weibull{Shape: p["life_shape"], Scale: p["life_scale"]}, Events: p["prior_events"],
			},
		}
	}
	return f
}
