package models_test

import (
	"fmt"
	"time"

	"presage"
	"presage/models"
)

// A vehicle-day becomes a handful of features; what is outside a signal's range does not go in.
func ExampleRollUp() {
	noon := time.Date(2026, 11, 2, 12, 0, 0, 0, time.UTC)
	rows := func(yield func(presage.Sample, error) bool) {
		for i, km := range []float64{61_000, 61_040} {
			s := presage.Sample{VIN: "LPSAAAAA1AA000001", Time: noon.Add(time.Duration(i) * time.Hour)}
			s.Readings = []presage.Reading{{Signal: presage.SignalOdometer, Value: presage.Number(km * 1000)}}
			if !yield(s, nil) {
				return
			}
		}
	}
	r, err := models.RollUp("LPSAAAAA1AA000001", presage.DayOf(noon), rows)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(r.Day, r.Samples, "samples, odometer", r.Features[models.FeatureOdometer])
	// Output: 2026-11-02 2 samples, odometer 61040
}
