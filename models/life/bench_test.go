package life_test

import (
	"testing"

	"presage/models/life"
)

func BenchmarkFit(b *testing.B) {
	lives := brakePads(b)
	for _, family := range life.Families() {
		b.Run(family.String(), func(b *testing.B) {
			for b.Loop() {
				if _, err := life.Fit(lives, family); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkQuantileRange(b *testing.B) {
	for _, family := range life.Families() {
		f, err := life.Fit(brakePads(b), family)
		if err != nil {
			b.Fatal(err)
		}
		b.Run(family.String(), func(b *testing.B) {
			for b.Loop() {
				if _, err := f.QuantileRange(0.1, 0.95, nil); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
