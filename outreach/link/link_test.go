package link_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"presage"
	"presage/outreach/link"
)

func TestLink(t *testing.T) {
	t.Parallel()
	signer, err := link.NewSigner("0123456789abcdef", "https://service.example/")
	if err != nil {
		t.Fatal(err)
	}
	other, err := link.NewSigner("fedcba9876543210", "https://service.example")
	if err != nil {
		t.Fatal(err)
	}
	now := time.Date(2026, 11, 21, 9, 0, 0, 0, time.UTC)
	token := signer.Sign("oabcdefghijklmnop", now.Add(time.Hour))
	// 4 + 17 + 16 bytes are 50 characters of base64.
	if len(token) != 50 {
		t.Errorf("token of %d characters, want 50", len(token))
	}
	if got := link.TokenOf(signer.URL(token)); got != token {
		t.Errorf("token of the URL is %q", got)
	}
	if id, err := signer.Read(token, now); err != nil || id != "oabcdefghijklmnop" {
		t.Errorf("read: %q, %v", id, err)
	}
	if _, err := signer.Read(token, now.Add(time.Hour+time.Second)); !errors.Is(err, presage.ErrExpired) {
		t.Errorf("old token: %v, want ErrExpired", err)
	}
	forged := map[string]string{
		"another key": other.Sign("oabcdefghijklmnop", now.Add(time.Hour)), "empty": "", "short": "AAAA",
		"not base64": "!!" + token[2:], "cut": token[:49], "longer": token + "A",
	}
	for i := range token {
		forged["changed at "+token[:i]] = token[:i] + strings.Map(func(r rune) rune { return r ^ 1 }, token[i:i+1]) + token[i+1:]
	}
	for name, bad := range forged {
		if id, err := signer.Read(bad, now); !errors.Is(err, presage.ErrForbidden) {
			t.Errorf("%s: %q, %v, want ErrForbidden", name, id, err)
		}
	}
	if _, err := link.NewSigner("short", ""); !errors.Is(err, presage.ErrInvalid) {
		t.Errorf("short key: %v, want ErrInvalid", err)
	}
}

func FuzzRead(f *testing.F) {
	signer, err := link.NewSigner("0123456789abcdef", "")
	if err != nil {
		f.Fatal(err)
	}
	now := time.Date(2026, 11, 21, 9, 0, 0, 0, time.UTC)
	good := signer.Sign("o", now.Add(time.Hour))
	f.Add(good)
	f.Add("")
	f.Fuzz(func(t *testing.T, token string) {
		if _, err := signer.Read(token, now); err == nil && token != good {
			t.Errorf("accepted %q", token)
		}
	})
}
