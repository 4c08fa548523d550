package models_test

import (
	"fmt"
	"testing"

	"presage/models"
)

func BenchmarkPrognose200Vehicles(b *testing.B) {
	for _, days := range []int{120, 400} {
		b.Run(fmt.Sprintf("%d days", days), func(b *testing.B) {
			p := models.NewPrognoser(catalogue())
			var tracks []*models.Track
			for seed := range uint64(200) {
				tracks = append(tracks, models.TrackOf(newCar(seed).history(days)))
			}
			b.ReportAllocs()
			for b.Loop() {
				for _, t := range tracks {
					p.PrognoseTrack(t, evening(days))
				}
			}
		})
	}
}

func BenchmarkLearn200Vehicles(b *testing.B) {
	p := models.NewPrognoser(catalogue())
	var tracks []*models.Track
	for seed := range uint64(200) {
		tracks = append(tracks, models.TrackOf(newCar(seed).history(120)))
	}
	for b.Loop() {
		p.LearnTracks(func(yield func(*models.Track) bool) {
			for _, t := range tracks {
				if !yield(t) {
					return
				}
			}
		})
	}
}
