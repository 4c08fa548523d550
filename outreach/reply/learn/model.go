package learn

import (
	"encoding/binary"
	"fmt"
	"math"

	"presage"
)

// Buckets is how many hashed features are told apart.
const Buckets = 1 << 16

// Model gives each class a probability.
type Model struct {
	classes int
	scale   float64 // of one step of a weight
	weights []int8
}

func quantized(w []float64, classes int) *Model {
	top := 0.0
	for _, v := range w {
		top = max(top, math.Abs(v))
	}
	m := &Model{classes: classes, scale: float64(float32(top / math.MaxInt8)), weights: make([]int8, len(w))}
	if m.scale == 0 {
		return m
	}
	for i, v := range w {
		m.weights[i] = int8(min(math.MaxInt8, max(-math.MaxInt8, math.Round(v/m.scale))))
	}
	return m
}

// Probabilities of the classes; they add up to 1.
func (m *Model) Probabilities(features []uint32) []float64 {
	p := make([]float64, m.classes)
	for _, f := range features {
		at := int(f%Buckets) * m.classes
		for c := range p {
			p[c] += float64(m.weights[at+c])
		}
	}
	x := m.scale * strength(len(features))
	for c := range p {
		p[c] *= x
	}
	softmax(p)
	return p
}

// headLength is the bytes before the weights: classes and scale.
const headLength = 8

// Bytes is the stored form.
func (m *Model) Bytes() []byte {
	out := make([]byte, headLength, headLength+len(m.weights))
	binary.LittleEndian.PutUint32(out, uint32(m.classes))
	binary.LittleEndian.PutUint32(out[4:], math.Float32bits(float32(m.scale)))
	for _, w := range m.weights {
		out = append(out, byte(w))
	}
	return out
}

// Load reads the stored form; ErrInvalid when it is not one for so many classes.
func Load(b []byte, classes int) (*Model, error) {
	if len(b) != headLength+Buckets*classes || binary.LittleEndian.Uint32(b) != uint32(classes) {
		return nil, fmt.Errorf("%w model of replies: %d bytes for %d meanings", presage.ErrInvalid, len(b), classes)
	}
	m := &Model{
		classes: classes, scale: float64(math.Float32frombits(binary.LittleEndian.Uint32(b[4:]))),
		weights: make([]int8, Buckets*classes),
	}
	for i, x := range b[headLength:] {
		m.weights[i] = int8(x)
	}
	return m, nil
}
