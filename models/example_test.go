package models_test

import (
	"fmt"

	"presage"
	"presage/models"
)

// A car that wears 2 % of its front pads per 1,000 km drives 40 km a day.
func ExamplePrognoser_Prognose() {
	catalogue, err := models.LoadCatalogue(nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	h := models.History{Vehicle: presage.Vehicle{VIN: testVIN, Powertrain: presage.Combustion}}
	for day := range 60 {
		h.Rollups = append(h.Rollups, rollup(day, map[string]float64{
			models.FeatureOdometer: 50000 + 40*float64(day), models.FeaturePadFront: 93 + 0.08*float64(day),
		}))
	}
	for _, p := range models.NewPrognoser(catalogue).Prognose(h, evening(60)) {
		if p.Component == presage.BrakePadsFront {
			fmt.Println(p.Component, p.Status, p.Basis)
		}
	}
	// Output: brake_pads_front due measured
}
