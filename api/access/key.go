package access

import (
	"fmt"
	"math"

	"presage"
)

const (
	minKeyLength = 16
	minKeyBits   = 50
)

// KeyFault says how a key can be guessed, "" when it cannot: it must have 16
// characters and 50 bits of variety. The variety is Shannon's entropy of its
// characters times their number, of one repetition when the key is the same
// text again and again.
func KeyFault(key presage.Secret) string {
	text := []rune(key.Reveal())
	switch {
	case len(text) < minKeyLength:
		return fmt.Sprintf("shorter than %d characters: make one with openssl rand -hex 16", minKeyLength)
	case variety(text[:period(text)]) < minKeyBits:
		return "easily guessed, few different characters or the same text again: make one with openssl rand -hex 16"
	}
	return ""
}

// period is the length of the shortest text that, written again and again,
// begins with text.
func period(text []rune) int {
	for n := 1; n < len(text); n++ {
		same := true
		for i := n; i < len(text) && same; i++ {
			same = text[i] == text[i-n]
		}
		if same {
			return n
		}
	}
	return len(text)
}

// variety is Shannon's entropy in bits of the characters of text, all together.
func variety(text []rune) float64 {
	counts := map[rune]float64{}
	for _, c := range text {
		counts[c]++
	}
	n, bits := float64(len(text)), 0.0
	for _, k := range counts {
		bits -= k * math.Log2(k/n)
	}
	return bits
}
