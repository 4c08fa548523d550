package ingest

import (
	"slices"

	"presage"
)

const (
	slabReadings = 4096 // in a chunk, some 300 KB
	slabSamples  = 1024
	slabChunks   = 8 // kept for the next batch
)

// slab copies slices into chunks of memory that are used again after reset.
type slab[T any] struct {
	size   int // elements in a chunk; 0 means that every slice has its own
	chunks [][]T
	at     int // the chunk in use
	used   int // of it
}

func (s *slab[T]) clone(from []T) []T {
	for ; s.at < len(s.chunks); s.at, s.used = s.at+1, 0 {
		c := s.chunks[s.at]
		if end := s.used + len(from); end <= len(c) {
			out := c[s.used:end:end]
			s.used = end
			copy(out, from)
			return out
		}
	}
	c := make([]T, max(s.size, len(from)))
	if s.size > 0 {
		s.chunks, s.used = append(s.chunks, c), len(from)
	}
	copy(c, from)
	return c[:len(from):len(from)]
}

// reset forgets all slices. They must not be used from then on.
func (s *slab[T]) reset() {
	for i := range min(s.at, len(s.chunks)) { // pins nothing, and shows who kept what was not theirs
		clear(s.chunks[i])
	}
	if s.at < len(s.chunks) {
		clear(s.chunks[s.at][:s.used])
	}
	s.chunks = slices.DeleteFunc(s.chunks, func(c []T) bool { return len(c) > s.size }) // a hostile sample's
	if len(s.chunks) > slabChunks {
		clear(s.chunks[slabChunks:])
		s.chunks = s.chunks[:slabChunks]
	}
	s.at, s.used = 0, 0
}

// arena is the memory of a batch's samples.
type arena struct {
	samples  slab[presage.Sample]
	readings slab[presage.Reading]
}

func newArena() *arena {
	return &arena{
		samples: slab[presage.Sample]{size: slabSamples}, readings: slab[presage.Reading]{size: slabReadings},
	}
}

func (a *arena) reset() {
	a.samples.reset()
	a.readings.reset()
}
