package gbt32960

import "math"

// body collects registers, big endian.
type body []byte

// byte1, word and long append a register of 1, 2 or 4 bytes. The value is
// x*mul+offset rounded; beyond 0 to most it is abnormal, and invalid unless ok.
func (b *body) byte1(x float64, ok bool, offset, most float64) {
	*b = append(*b, byte(code(x, ok, 1, offset, most)))
}

func (b *body) word(x float64, ok bool, mul, offset, most float64) {
	raw := code(x, ok, mul, offset, most)
	*b = append(*b, byte(raw>>8), byte(raw))
}

func (b *body) long(x float64, ok bool, mul, most float64) {
	raw := code(x, ok, mul, 0, most)
	*b = append(*b, byte(raw>>24), byte(raw>>16), byte(raw>>8), byte(raw))
}

// code is the register's value; the codes without a value fill every size.
func code(x float64, ok bool, mul, offset, most float64) uint32 {
	raw := math.Round(x*mul + offset)
	switch {
	case !ok:
		return math.MaxUint32
	case !(raw >= 0 && raw <= most):
		return math.MaxUint32 - 1
	}
	return uint32(raw)
}
