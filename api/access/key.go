package access

import (
	"context"
	"crypto/rand"
	"fmt"
	"math"
	"strings"

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

// A person's own key begins so; what follows are 26 characters of 5 random bits each.
const (
	ownKeyPrefix = "pk_"
	ownKeyLength = len(ownKeyPrefix) + 26
)

// HashKey is what the store keeps of a person's key: 130 random bits need no salt.
func HashKey(key presage.Secret) string { return digest(key.Reveal()) }

// isOwnKey tells whether a key looks like a person's own, so that a guess at the admin
// key asks no store.
func isOwnKey(key presage.Secret) bool {
	return len(key.Reveal()) == ownKeyLength && strings.HasPrefix(key.Reveal(), ownKeyPrefix)
}

// KeyStore gives an account another key by its hash, and ends its logins.
type KeyStore interface {
	SetAccountKey(ctx context.Context, id, hash string) error
}

// GiveKey gives a person a new key of their own; ErrConflict for a disabled account.
func GiveKey(ctx context.Context, store KeyStore, a presage.Account) (presage.Secret, error) {
	if a.Disabled() {
		return "", fmt.Errorf("account %s: %w: it is disabled: enable it first", a.ID, presage.ErrConflict)
	}
	key := presage.Secret(ownKeyPrefix + rand.Text())
	return key, store.SetAccountKey(ctx, a.ID, HashKey(key))
}
